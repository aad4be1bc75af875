using Tape.Core.Values;

namespace Tape.Core.Tests;

public sealed class PathTextTests
{
    [Theory]
    [InlineData("binance", "binance")]
    [InlineData("BTC-USDT_1.5", "BTC-USDT_1.5")]
    [InlineData("BTC/USD", "BTC%2FUSD")]
    [InlineData("..", ".%2E")]
    [InlineData(".", "%2E")]
    [InlineData("a.", "a%2E")]
    [InlineData("a ", "a%20")]
    [InlineData("", "%")]
    [InlineData("100%", "100%25")]
    [InlineData("币", "%E5%B8%81")]
    [InlineData("CON", "%43ON")]
    [InlineData("con.txt", "%63on.txt")]
    [InlineData("com1", "%63om1")]
    [InlineData("LPT9.a.b", "%4CPT9.a.b")]
    [InlineData("COMP", "COMP")]
    [InlineData("CONE", "CONE")]
    [InlineData("a\\b:c*?\"<>|\0", "a%5Cb%3Ac%2A%3F%22%3C%3E%7C%00")]
    public void A_text_becomes_a_name_that_every_platform_takes(string text, string part)
    {
        Assert.Equal(part, PathText.Encode(text));
        Assert.Equal(text, PathText.Decode(part));
    }

    [Fact]
    public void Different_texts_give_different_parts()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 5000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "aZ0. -_/%CONcom1币é\n"[random.Next(19)]));
            var part = PathText.Encode(text);
            Assert.True(PathText.Decode(part) == text, $"seed {seed}: '{text}' became '{part}', which is '{PathText.Decode(part)}'");
            Assert.True(part.All(c => char.IsAsciiLetterOrDigit(c) || "._-%".Contains(c)) && part[^1] != '.', $"seed {seed}: '{part}'");
        }
    }

    [Theory]
    [InlineData("a%")]
    [InlineData("%G0")]
    [InlineData("%4")]
    public void What_is_no_encoded_text_is_refused(string part) => Assert.Throws<FormatException>(() => PathText.Decode(part));
}
