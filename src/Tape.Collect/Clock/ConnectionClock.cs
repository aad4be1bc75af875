namespace Tape.Collect.Clock;

/// <summary>
/// The clock of one connection. It follows the keeper's new anchors, except one that lies behind what it has already given out: within a
/// connection times never fall, so after a backward step it keeps its anchor until it ends; the note on the tape tells the difference. Thread-safe.
/// </summary>
internal sealed class ConnectionClock(ClockMonitor keeper)
{
    private readonly Lock _gate = new();
    private RecordingClock _clock = keeper.Current;
    private UnixNanos _last;

    /// <summary>The time now; never below what it gave before.</summary>
    public UnixNanos Now()
    {
        lock (_gate)
        {
            var newest = keeper.Current;
            if (!ReferenceEquals(newest, _clock) && newest.Now >= _last) _clock = newest;
            return _last = _clock.Now;
        }
    }
}
