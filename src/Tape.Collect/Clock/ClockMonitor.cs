using Tape.Storage.Tapes.Notes;

namespace Tape.Collect.Clock;

/// <summary>
/// Holds the recorder's clock anchor. When the wall clock has left the monotonic one by more than 100 ms (a step, or waking from a sleep in which the monotonic
/// one stood), or when both went on while nobody looked for long (waking from a sleep in which it did not stand, or a machine that was held up), a new anchor
/// is made and a note tells it. Nothing is clamped. <see cref="Check"/> belongs to one thread.
/// </summary>
public sealed class ClockMonitor(TimeProvider time)
{
    /// <summary>A difference up to this is drift that an anchor may have.</summary>
    public static readonly TimeSpan StepOver = TimeSpan.FromMilliseconds(100);

    /// <summary>A measured offset older than this is not believed any more.</summary>
    public static readonly TimeSpan OffsetLasts = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Looks come each second. When none came for longer than this the machine slept or was held up; a step forward by more than this may be a sleep too.
    /// </summary>
    public static readonly TimeSpan StillOver = TimeSpan.FromSeconds(10);

    private volatile RecordingClock _current = new(time);
    private volatile Measured? _measured;
    private long _checkedAt = time.GetTimestamp();

    /// <summary>The clock for new readings.</summary>
    public RecordingClock Current => _current;

    /// <summary>Nanoseconds on the machine's monotonic clock.</summary>
    public long Monotonic => (long)((Int128)time.GetTimestamp() * UnixNanos.PerSecond / time.TimestampFrequency);

    /// <summary>How far the wall clock is from a venue's; null when that was not measured since it last stepped, or too long ago.</summary>
    public ClockOffset? Offset => _measured is { } measured && time.GetElapsedTime(measured.At) < OffsetLasts ? measured.Offset : null;

    /// <summary>Takes a new measurement.</summary>
    public void Take(ClockOffset offset) => _measured = new Measured(offset, time.GetTimestamp());

    /// <summary>Compares both clocks; on a step takes a new anchor and returns the note to be written.</summary>
    public ClockStepNote? Check()
    {
        var now = time.GetTimestamp();
        var still = time.GetElapsedTime(_checkedAt, now);
        _checkedAt = now;
        // Both clocks are read one after the other; a second look tells a step from a thread that had to wait between the two.
        var ahead = _current.WallAhead;
        if (ahead.Duration() > StepOver) ahead = _current.WallAhead;
        if (ahead.Duration() <= StepOver && still <= StillOver) return null;
        _current = new RecordingClock(time);
        _measured = null;
        return new ClockStepNote(ahead.Ticks * 100, _current.Now.Value) { StillNanos = still > StillOver ? still.Ticks * 100 : null };
    }

    /// <summary>
    /// Whether the machine may have slept before this note: then its sockets may be dead without anybody having said so, and nothing that was not seen counts
    /// as silence.
    /// </summary>
    public static bool MayHaveSlept(ClockStepNote note) => note.StillNanos is not null || note.StepNanos > StillOver.Ticks * 100;

    private sealed record Measured(ClockOffset Offset, long At);
}
