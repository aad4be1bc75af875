using Tape.Candles.Pipeline;
using Tape.Api;
using Tape.Collect;
using Tape.Derive.Sealing;
using Tape.Host.Alerts;
using Tape.Storage.Retention;

namespace Tape.Host.Configuration;

/// <summary>A configuration file, read and checked.</summary>
/// <param name="Recorder">What to record and how.</param>
/// <param name="Seal">When to seal.</param>
/// <param name="Keep">How long to keep the tape; without a size in the file, <see cref="ExpiryRules.KeepBytes"/> is null and the session takes 20 % of the
/// disk.</param>
public sealed record TapeConfig(RecorderOptions Recorder, SealLimits Seal, ExpiryRules Keep)
{
    /// <summary>What is asked of each venue, as written. <see cref="RecorderOptions.Venues"/> has the symbols that it means, once they are known.</summary>
    public required IReadOnlyList<VenueSettings> Venues { get; init; }

    /// <summary>How candles are made.</summary>
    public CandleOptions Candles { get; init; } = new();

    /// <summary>Whether missing minutes of candles are asked for by themselves.</summary>
    public GapDetection GapDetection { get; init; } = new();

    /// <summary>Where and how the server answers.</summary>
    public ApiOptions Api { get; init; } = new();

    /// <summary>Whether the server says which books can be trusted, and asks the venues for what it needs for that.</summary>
    public bool AlignBooks { get; init; } = true;

    /// <summary>Where alerts about changes of the state go.</summary>
    public AlertSettings Alerts { get; init; } = new();
}
