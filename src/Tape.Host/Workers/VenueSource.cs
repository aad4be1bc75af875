using Tape.Host.Configuration;
using Tape.Sources.Clock;
using Tape.Sources.Instruments;
using Tape.Sources.Rest;
using Tape.Storage.Answers;

namespace Tape.Host.Workers;

/// <summary>The REST side of one venue in a recording.</summary>
public sealed class VenueSource : IDisposable
{
    private readonly RestEngine _engine;

    /// <param name="settings">Has a REST address.</param>
    /// <param name="handler">Owned by the caller.</param>
    public VenueSource(VenueSettings settings, string vault, HttpMessageHandler handler, AnswersAppender log, IFiles files, TimeProvider time, Random chance)
    {
        var (venue, rest) = (settings.Venue, settings.Venue.Rest!);
        Settings = settings;
        _engine = new RestEngine(venue.Name, settings.RestAddress!, rest, handler, new RestEngineOptions(), time, new Random(chance.Next()));
        Instruments = new InstrumentSource(venue, rest, _engine, files, vault, log);
        Watch = new InstrumentPoller(Instruments, time, new Random(chance.Next()));
        Clock = new ClockPoller(new ClockProbe(venue.Name, rest, _engine, time), time);
    }

    public VenueSettings Settings { get; }

    public InstrumentSource Instruments { get; }

    public InstrumentPoller Watch { get; }

    public ClockPoller Clock { get; }

    /// <summary>The list that patterns were resolved with; null when they needed none.</summary>
    public InstrumentListing? Resolved { get; set; }

    /// <summary>How long the first refresh may wait: at once when no list was asked for yet, soon when the list that was used is an old one.</summary>
    public TimeSpan RefreshWithin { get; set; } = TimeSpan.Zero;

    public void Dispose() => _engine.Dispose();
}
