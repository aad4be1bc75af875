using Tape.Core.Candles;

namespace Tape.Candles.Pipeline;

/// <summary>How candles are made and kept.</summary>
public sealed record CandleOptions
{
    /// <summary>Whether coarser candles are made of minutes.</summary>
    public bool Aggregates { get; init; } = true;

    /// <summary>Which of two candles that differ is shown.</summary>
    public CandlePreference Preference { get; init; } = new();

    /// <summary>Day files are written again at most so often, with up to <see cref="FewSymbols"/> symbols changed.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>With more symbols changed, so often.</summary>
    public TimeSpan FlushManyEvery { get; init; } = TimeSpan.FromMinutes(5);

    public int FewSymbols { get; init; } = 50;

    /// <summary>Changes that wait for a flush, or to be tried again: with more, following the tape waits.</summary>
    public int PendingMax { get; init; } = 200_000;
}
