using Tape.Core.Values;

namespace Tape.Core.Tests.Values;

public sealed class SaturatingTests
{
    private static readonly long[] Numbers = [0, 1, -1, 2, -2, 1L << 62, -(1L << 62), long.MaxValue - 1, long.MaxValue, long.MinValue, long.MinValue + 1];

    [Fact]
    public void Each_result_is_the_true_one_or_the_end_of_the_range_and_never_the_absent_number()
    {
        foreach (var left in Numbers)
            foreach (var right in Numbers)
            {
                Assert.Equal(Clamp((Int128)left + right), Saturating.Add(left, right));
                Assert.Equal(Clamp((Int128)left - right), Saturating.Subtract(left, right));
                Assert.Equal(right < left ? 0 : Clamp((Int128)right - left + 1), Saturating.Count(left, right));
                Assert.NotEqual(Absent.Integer, Saturating.Add(left, right));
            }
    }

    [Fact]
    public void A_sum_of_many_stops_at_the_end()
    {
        Assert.Equal(long.MaxValue, new[] { long.MaxValue, 5L, long.MaxValue }.SaturatingSum(number => number));
        Assert.Equal(6, new[] { 1L, 2L, 3L }.SaturatingSum(number => number));
        Assert.Equal(0, Array.Empty<long>().SaturatingSum(number => number));
    }

    [Fact]
    public void Times_at_the_ends_of_the_range_move_and_compare_without_turning_around()
    {
        var (first, last) = (new UnixNanos(long.MinValue), new UnixNanos(long.MaxValue));
        Assert.Equal(long.MaxValue, last.Add(TimeSpan.FromDays(1)).Value);
        Assert.Equal(Saturating.Min, first.Add(TimeSpan.FromDays(-1)).Value);
        Assert.Equal(Saturating.Min, first.Add(TimeSpan.MinValue).Value);
        Assert.True(last.Since(first) > TimeSpan.FromDays(36_500));
        Assert.True(first.Since(last) < TimeSpan.Zero);
    }

    private static long Clamp(Int128 value) => (long)Int128.Clamp(value, -long.MaxValue, long.MaxValue);
}
