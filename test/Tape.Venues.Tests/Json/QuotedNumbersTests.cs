using System.Globalization;
using System.Text;
using Tape.Venues.Json;

namespace Tape.Venues.Tests.Json;

public sealed class QuotedNumbersTests
{
    private const int Tries = 300_000;
    private const int Before = 16;

    private static readonly string[] Alphabet = ["0", "1", "5", "9", ".", "-", "e", "+", " ", "/", ":", "\"", "\0", "\u00e9"];

    [Fact]
    public void What_is_read_is_a_JSON_number_rounded_as_double_Parse_rounds_it()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var read = 0;
        for (var count = 0; count < Tries; count++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(0, 19))
                .Select(_ => random.Next(3) == 0 ? Alphabet[random.Next(Alphabet.Length)] : random.Next(10).ToString(CultureInfo.InvariantCulture)));
            if (!TryRead(text, out var value)) continue;
            read++;
            Assert.True(WireNumber.TryParse(Encoding.UTF8.GetBytes(text), out var expected, out _), $"seed {seed}: '{text}' is no number");
            Assert.True(BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(expected),
                $"seed {seed}: '{text}' gave {value:R}, expected {expected:R}");
        }

        Assert.True(read > Tries / 100, $"seed {seed}: only {read} numbers were read");
    }

    [Theory]
    [InlineData("84551.10")]
    [InlineData("0.00000189")]
    [InlineData("0.00000000000001")]
    [InlineData("99999999999999.9")]
    [InlineData("999999999999999")]
    [InlineData("0")]
    [InlineData("0.000")]
    public void Usual_numbers_are_read(string text)
    {
        Assert.True(TryRead(text, out var value));
        Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("00.5")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("-1")]
    [InlineData("1e5")]
    [InlineData("1234567890123456")]
    [InlineData("1234567890.12345678")]
    public void Others_are_left_to_the_slower_way(string text) => Assert.False(TryRead(text, out _));

    [Fact]
    public void One_that_is_not_read_stays_noticed()
    {
        var bytes = Encoding.ASCII.GetBytes("0123456789012345x\"1\"");
        var numbers = new QuotedNumbers(ref bytes[0]);
        numbers.Read(Before, Before + 1);
        numbers.Read(Before + 2, Before + 3);
        Assert.False(numbers.AreRead);
    }

    [Fact]
    public void An_index_finds_every_quote_and_nothing_else()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var index = new QuoteIndex();
        for (var count = 0; count < 3000; count++)
        {
            var text = Enumerable.Range(0, random.Next(0, 2000)).Select(_ => random.Next(random.Next(1, 9)) == 0 ? (byte)'"' : (byte)random.Next(256))
                .ToArray();
            var from = random.Next(text.Length + 1);
            byte[] padded = [.. text, .. new byte[QuoteIndex.PaddingBytes]];
            index.Find(ref padded[0], from, text.Length);
            var expected = Enumerable.Range(from, text.Length - from).Where(at => text[at] == '"').ToArray();
            Assert.True(index.Places[..index.Count].SequenceEqual(expected), $"seed {seed}, text {count}");
        }
    }

    private static bool TryRead(string text, out double value)
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)'7', Before), .. Encoding.UTF8.GetBytes(text), (byte)'"'];
        var numbers = new QuotedNumbers(ref bytes[0]);
        value = numbers.Read(Before, bytes.Length - 1);
        return numbers.AreRead;
    }
}
