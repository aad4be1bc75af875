using Tape.Core.Values;

namespace Tape.Core.Tests.Values;

public sealed class UnixNanosTests
{
    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000000000Z")]
    [InlineData(1, "1970-01-01T00:00:00.000000001Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999999999Z")]
    [InlineData(-1_000_000_000, "1969-12-31T23:59:59.000000000Z")]
    [InlineData(1_795_244_400_123_456_789, "2026-11-21T07:00:00.123456789Z")]
    [InlineData(long.MaxValue, "2262-04-11T23:47:16.854775807Z")]
    [InlineData(long.MinValue, "1677-09-21T00:12:43.145224192Z")]
    public void It_is_written_as_ISO_8601_with_nanoseconds(long nanos, string text) => Assert.Equal(text, new UnixNanos(nanos).ToString());

    [Theory]
    [InlineData(0, "1970-01-01")]
    [InlineData(-1, "1969-12-31")]
    [InlineData(UnixNanos.PerDay - 1, "1970-01-01")]
    [InlineData(UnixNanos.PerDay, "1970-01-02")]
    [InlineData(-UnixNanos.PerDay, "1969-12-31")]
    [InlineData(-UnixNanos.PerDay - 1, "1969-12-30")]
    [InlineData(951_782_400_000_000_000, "2000-02-29")]
    public void Its_day_is_the_UTC_day(long nanos, string day) => Assert.Equal(DateOnly.Parse(day), new UnixNanos(nanos).Day);

    [Fact]
    public void Wall_clock_times_convert_back_and_forth_to_100_ns()
    {
        var time = new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.FromHours(2)).AddTicks(1_234_567);
        var nanos = UnixNanos.From(time);
        Assert.Equal("2026-11-21T07:00:00.123456700Z", nanos.ToString());
        Assert.Equal((time, TimeSpan.Zero), (nanos.ToDateTimeOffset(), nanos.ToDateTimeOffset().Offset));
        Assert.Equal(TimeSpan.FromSeconds(2), nanos.Add(TimeSpan.FromSeconds(2)).Since(nanos));
    }

    [Fact]
    public void Milliseconds_beyond_64_bit_nanoseconds_are_refused()
    {
        Assert.Equal(5_000_000, UnixNanos.FromMilliseconds(5).Value);
        Assert.Throws<OverflowException>(() => UnixNanos.FromMilliseconds(long.MaxValue / 1_000));
    }

    [Fact]
    public void Times_are_ordered()
    {
        var (early, late) = (new UnixNanos(-1), new UnixNanos(1));
        Assert.True(early < late && late > early && early <= late && late >= early && early.CompareTo(late) < 0);
    }
}
