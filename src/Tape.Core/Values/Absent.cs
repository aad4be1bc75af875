namespace Tape.Core.Values;

/// <summary>How an event says "the frame does not carry this value". It becomes NULL in tables, never 0.</summary>
public static class Absent
{
    /// <summary>An absent integer (id, time in nanoseconds).</summary>
    public const long Integer = long.MinValue;

    /// <summary>An absent number. No wire value is NaN: JSON cannot write it.</summary>
    public const double Number = double.NaN;
}
