using System.Globalization;

namespace Tape.Core.Values;

/// <summary>A point in time: nanoseconds since 1970-01-01T00:00:00Z, in UTC. The type says the unit, the name of a member says whose clock.</summary>
/// <param name="Value">Nanoseconds; <see cref="Absent.Integer"/> stands for "not given".</param>
public readonly record struct UnixNanos(long Value) : IComparable<UnixNanos>
{
    /// <summary>Nanoseconds in one second.</summary>
    public const long PerSecond = 1_000_000_000;

    /// <summary>Nanoseconds in one millisecond.</summary>
    public const long PerMillisecond = 1_000_000;

    /// <summary>Nanoseconds in one UTC day (leap seconds do not exist in Unix time).</summary>
    public const long PerDay = 86_400 * PerSecond;

    /// <summary>Converts a wall-clock time; sub-tick digits do not exist, so the result is a multiple of 100.</summary>
    public static UnixNanos From(DateTimeOffset time) => new((time.UtcTicks - DateTime.UnixEpoch.Ticks) * 100);

    /// <summary>Converts milliseconds since the epoch.</summary>
    /// <exception cref="OverflowException">The time does not fit in 64-bit nanoseconds (years 1677 to 2262).</exception>
    public static UnixNanos FromMilliseconds(long milliseconds) => new(checked(milliseconds * PerMillisecond));

    /// <summary>The UTC day of this time.</summary>
    public DateOnly Day => DateOnly.FromDayNumber((int)(719_162 + Math.DivRem(Value, PerDay, out var rest) - (rest < 0 ? 1 : 0)));

    /// <summary>The same time with 100 ns precision, rounded down.</summary>
    public DateTimeOffset ToDateTimeOffset() => new(DateTime.UnixEpoch.AddTicks(Value / 100), TimeSpan.Zero);

    /// <summary>This time moved by a span (100 ns precision), at most to the end of the range.</summary>
    public UnixNanos Add(TimeSpan span) => new(Saturating.Add(Value, Math.Clamp(span.Ticks, -long.MaxValue / 100, long.MaxValue / 100) * 100));

    /// <summary>How far this time lies after another, with 100 ns precision.</summary>
    public TimeSpan Since(UnixNanos earlier) => TimeSpan.FromTicks(Saturating.Subtract(Value, earlier.Value) / 100);

    public int CompareTo(UnixNanos other) => Value.CompareTo(other.Value);

    public static bool operator <(UnixNanos left, UnixNanos right) => left.Value < right.Value;

    public static bool operator >(UnixNanos left, UnixNanos right) => left.Value > right.Value;

    public static bool operator <=(UnixNanos left, UnixNanos right) => left.Value <= right.Value;

    public static bool operator >=(UnixNanos left, UnixNanos right) => left.Value >= right.Value;

    /// <summary>ISO 8601 with nanoseconds, for example <c>2026-11-21T07:00:00.123456789Z</c>.</summary>
    public override string ToString()
    {
        var seconds = Math.DivRem(Value, PerSecond, out var nanos);
        if (nanos < 0) (seconds, nanos) = (seconds - 1, nanos + PerSecond);
        return string.Create(CultureInfo.InvariantCulture, $"{DateTime.UnixEpoch.AddSeconds(seconds):yyyy-MM-ddTHH:mm:ss}.{nanos:D9}Z");
    }
}
