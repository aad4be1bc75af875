using Tape.Core.Time;
using Tape.Core.Values;

namespace Tape.Core.Tests.Time;

public sealed class TimeTextTests
{
    private static readonly UnixNanos Now = new(1_795_240_801_500_000_000);

    [Theory]
    [InlineData("2026-11-21", "2026-11-21T00:00:00.000000000Z")]
    [InlineData("2026-11-21T07:05", "2026-11-21T07:05:00.000000000Z")]
    [InlineData("2026-11-21 07:05:09", "2026-11-21T07:05:09.000000000Z")]
    [InlineData("2026-11-21T07:05:09Z", "2026-11-21T07:05:09.000000000Z")]
    [InlineData("2026-11-21t07:05:09.123456789z", "2026-11-21T07:05:09.123456789Z")]
    [InlineData("2026-11-21T07:05:09.5+02:00", "2026-11-21T05:05:09.500000000Z")]
    [InlineData("2026-11-21T00:05-0330", "2026-11-21T03:35:00.000000000Z")]
    [InlineData("now", "2026-11-21T06:00:01.500000000Z")]
    [InlineData("today", "2026-11-21T00:00:00.000000000Z")]
    [InlineData(" Yesterday", "2026-11-20T00:00:00.000000000Z")]
    [InlineData("-1h", "2026-11-21T05:00:01.500000000Z")]
    [InlineData("-90s", "2026-11-21T05:58:31.500000000Z")]
    [InlineData("-15m", "2026-11-21T05:45:01.500000000Z")]
    [InlineData("-7d", "2026-11-14T06:00:01.500000000Z")]
    public void A_time_is_read_to_the_nanosecond(string text, string time)
    {
        Assert.True(TimeText.TryRead(text, Now, out var read));
        Assert.Equal(time, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("19:20")]
    [InlineData("11-21-2026")]
    [InlineData("21.11.2026")]
    [InlineData("2026-11-31")]
    [InlineData("2026-11-21T24:30")]
    [InlineData("2026-11-21T07:05:09.1234567890Z")]
    [InlineData("2026-11-21T07:05 PM")]
    [InlineData("1500-01-01")]
    [InlineData("2300-01-01")]
    [InlineData("1795240801")]
    [InlineData("noon")]
    [InlineData("1h")]
    [InlineData("-1")]
    [InlineData("-1y")]
    [InlineData("-999999999d")]
    public void Nothing_else_is_guessed_at(string text) => Assert.False(TimeText.TryRead(text, Now, out _));
}
