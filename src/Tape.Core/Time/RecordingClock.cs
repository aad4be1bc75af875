using Tape.Core.Values;

namespace Tape.Core.Time;

/// <summary>
/// A wall-clock anchor plus monotonic ticks: readings never fall, whatever happens to the wall clock. A new anchor is a new instance.
/// Thread-safe: it never changes.
/// </summary>
public sealed class RecordingClock
{
    private readonly TimeProvider _time;
    private readonly long _anchorTicks;
    private readonly long _anchorNanos;

    /// <summary>Anchors at the present reading of both clocks.</summary>
    public RecordingClock(TimeProvider time)
    {
        _time = time;
        _anchorNanos = UnixNanos.From(time.GetUtcNow()).Value;
        _anchorTicks = time.GetTimestamp();
    }

    /// <summary>The anchored time now.</summary>
    public UnixNanos Now => new(_anchorNanos + Monotonic);

    /// <summary>Nanoseconds since the anchor on the monotonic clock.</summary>
    public long Monotonic
    {
        get
        {
            var ticks = _time.GetTimestamp() - _anchorTicks;
            return _time.TimestampFrequency == UnixNanos.PerSecond
                ? ticks
                : (long)((Int128)ticks * UnixNanos.PerSecond / _time.TimestampFrequency);
        }
    }

    /// <summary>How far the wall clock is ahead of the anchored time: a step or a drift since the anchor.</summary>
    public TimeSpan WallAhead => UnixNanos.From(_time.GetUtcNow()).Since(Now);
}
