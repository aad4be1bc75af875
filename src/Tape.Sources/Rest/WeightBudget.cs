namespace Tape.Sources.Rest;

/// <summary>
/// Weight used in the present UTC clock minute, by our count and by what the venue says, which includes other programs behind our address. Not thread-safe.
/// </summary>
internal sealed class WeightBudget(int perMinute, TimeProvider time)
{
    private const long MinuteNanos = 60 * UnixNanos.PerSecond;

    /// <summary>The venue's minute ends when its own clock says so.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private long _minute;
    private long _used;

    /// <summary>Takes weight when there is room, or when a whole minute would not have it either.</summary>
    /// <returns>Zero when taken, else how long until the next minute.</returns>
    public TimeSpan Take(int weight)
    {
        var now = UnixNanos.From(time.GetUtcNow()).Value;
        Roll(now);
        if (_used > 0 && _used + weight > perMinute) return TimeSpan.FromTicks((MinuteNanos - now % MinuteNanos) / 100) + Margin;
        _used += weight;
        return TimeSpan.Zero;
    }

    /// <summary>The venue says how much is used.</summary>
    public void Learn(long used)
    {
        Roll(UnixNanos.From(time.GetUtcNow()).Value);
        _used = used;
    }

    private void Roll(long now)
    {
        if (now / MinuteNanos == _minute) return;
        (_minute, _used) = (now / MinuteNanos, 0);
    }
}
