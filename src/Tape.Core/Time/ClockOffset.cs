using Tape.Core.Values;

namespace Tape.Core.Time;

/// <summary>How far our wall clock was from a venue's when they were compared.</summary>
/// <param name="Venue">Whose clock: <c>binance</c>.</param>
/// <param name="MeasuredAt">When, by our wall clock.</param>
/// <param name="Nanos">Our wall clock minus the venue's: above 0 when ours is ahead.</param>
/// <param name="UncertaintyNanos">The true difference lies within so much of <paramref name="Nanos"/>: half the round trip and half the step of the venue's
/// clock.</param>
public sealed record ClockOffset(string Venue, UnixNanos MeasuredAt, long Nanos, long UncertaintyNanos)
{
    /// <summary>Beyond this, times of events and of receipt can no longer be compared sensibly; venues refuse signed requests at a second or a few.</summary>
    public static readonly TimeSpan WarnFrom = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether it is certain that the clocks differ by more than <see cref="WarnFrom"/>.</summary>
    public bool IsFar => Math.Abs((double)Nanos) - UncertaintyNanos > WarnFrom.Ticks * 100;
}
