using System.Globalization;
using Tape.Host.Configuration;
using Xunit.Abstractions;

namespace Tape.Host.Tests.Configuration;

public sealed class UnitsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("10ms", 10)]
    [InlineData("0ms", 0)]
    [InlineData("1.5s", 1500)]
    [InlineData("5m", 300_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("7d", 604_800_000)]
    public void Times_are_read_by_their_unit(string text, double milliseconds)
    {
        Assert.True(Units.TryDuration(text, out var value));
        Assert.Equal(milliseconds, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("64MiB", 64L << 20)]
    [InlineData("64 MiB", 64L << 20)]
    [InlineData("64mib", 64L << 20)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("1GB", 1_000_000_000)]
    public void Sizes_are_read_by_their_unit(string text, long bytes)
    {
        Assert.True(Units.TrySize(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("10")]
    [InlineData("10 parsecs")]
    [InlineData("-1s")]
    [InlineData("1e3s")]
    [InlineData("1,5s")]
    [InlineData("NaNs")]
    [InlineData("99999999999999999999d")]
    public void A_text_that_is_no_time_is_refused(string text) => Assert.False(Units.TryDuration(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1TiBs")]
    [InlineData("9999999999999999999999GiB")]
    public void A_text_that_is_no_size_is_refused(string text) => Assert.False(Units.TrySize(text, out _));

    [Fact]
    public void Any_text_is_read_or_refused_and_what_is_shown_can_be_read_again()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        const string signs = "0123456789.,-+eE smhdkKMGiB∞\u0660";
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, chance.Next(12)).Select(_ => signs[chance.Next(signs.Length)]));
            if (Units.TryDuration(text, out var time)) Assert.True(time >= TimeSpan.Zero, text);
            if (Units.TrySize(text, out var size)) Assert.True(size >= 0, text);
            var bytes = (long)Math.Pow(2, chance.NextDouble() * 50);
            var shown = Units.Show(bytes);
            Assert.True(Units.TrySize(shown, out var again), shown);
            Assert.InRange(again, bytes * 0.94, bytes * 1.06 + 1);
            var span = TimeSpan.FromMilliseconds(Math.Round(Math.Pow(10, chance.NextDouble() * 8), 3));
            Assert.True(Units.TryDuration(Units.Show(span), out var spanAgain), span.ToString(null, CultureInfo.InvariantCulture));
            Assert.InRange(spanAgain / span, 0.94, 1.06);
        }
    }
}
