namespace Tape.Core.Values;

/// <summary>
/// Sums and distances of numbers that others gave (ids, times, counts): what does not fit stops at the end of the range instead of turning its sign or
/// throwing. No result is <see cref="Absent.Integer"/>.
/// </summary>
public static class Saturating
{
    /// <summary>The smallest result.</summary>
    public const long Min = -long.MaxValue;

    /// <summary><paramref name="left"/> + <paramref name="right"/>.</summary>
    public static long Add(long left, long right)
    {
        var sum = unchecked(left + right);
        return ((left ^ sum) & (right ^ sum)) < 0 ? left < 0 ? Min : long.MaxValue : Math.Max(sum, Min);
    }

    /// <summary><paramref name="left"/> - <paramref name="right"/>.</summary>
    public static long Subtract(long left, long right)
    {
        var difference = unchecked(left - right);
        return ((left ^ right) & (left ^ difference)) < 0 ? left < 0 ? Min : long.MaxValue : Math.Max(difference, Min);
    }

    /// <summary>How many whole numbers there are from the first to the last; 0 when the last lies before the first.</summary>
    public static long Count(long first, long last) => last < first ? 0 : Add(Subtract(last, first), 1);

    /// <summary>The sum of a number of each element.</summary>
    public static long SaturatingSum<T>(this IEnumerable<T> items, Func<T, long> number)
    {
        var sum = 0L;
        foreach (var item in items) sum = Add(sum, number(item));
        return sum;
    }
}
