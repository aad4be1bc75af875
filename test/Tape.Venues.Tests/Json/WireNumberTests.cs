using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text;
using Tape.Venues.Json;

namespace Tape.Venues.Tests.Json;

public sealed class WireNumberTests
{
    private const int Tries = 300_000;

    [Fact]
    public void Every_number_is_rounded_as_double_Parse_rounds_it()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var count = 0; count < Tries; count++)
        {
            var text = AnyNumber(random);
            var expected = double.Parse(text, CultureInfo.InvariantCulture);
            var isRead = WireNumber.TryParse(Encoding.ASCII.GetBytes(text), out var value, out _);
            Assert.True(isRead == double.IsFinite(expected), $"seed {seed}: '{text}' read: {isRead}");
            Assert.True(!isRead || BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(expected),
                $"seed {seed}: '{text}' gave {value:R}, expected {expected:R}");
        }
    }

    [Fact]
    public void Digits_read_eight_at_a_time_are_the_same_numbers()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var count = 0; count < Tries; count++)
        {
            var text = AnyNumber(random);
            var padded = Encoding.ASCII.GetBytes(text + "\"" + new string('\0', PaddedDigits.PaddingBytes));
            var length = PaddedDigits.ReadNumber(ref padded[0], out var value);
            if (length == text.Length) Assert.True(value.Equals(double.Parse(text, CultureInfo.InvariantCulture)), $"seed {seed}: '{text}' gave {value:R}");
            var integerLength = PaddedDigits.ReadInteger(ref padded[0], out var integer);
            if (integerLength == text.Length) Assert.True(integer == long.Parse(text, CultureInfo.InvariantCulture), $"seed {seed}: '{text}' gave {integer}");
        }
    }

    [Fact]
    public void Sixteen_digits_at_once_are_the_same_number_on_every_processor()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var count = 0; count < Tries; count++)
        {
            var number = random.NextInt64((long)Math.Pow(10, random.Next(17)));
            var digits = Vector128.Create(Encoding.ASCII.GetBytes(number.ToString("D16", CultureInfo.InvariantCulture))) ^ Vector128.Create((byte)'0');
            Assert.True((long)PaddedDigits.ValueOfSixteen(digits) == number, $"seed {seed}: {number}");
            Assert.True((long)PaddedDigits.ValueOfSixteenByEights(digits) == number, $"seed {seed}: {number} by eights");
        }
    }

    [Theory]
    [InlineData("84551.10")]
    [InlineData("0.00000189")]
    [InlineData("83259.61836957")]
    [InlineData("0")]
    [InlineData("12345678")]
    public void Usual_numbers_are_read_the_short_way(string text)
    {
        var padded = Encoding.ASCII.GetBytes(text + "\"" + new string('\0', PaddedDigits.PaddingBytes));
        Assert.Equal(text.Length, PaddedDigits.ReadNumber(ref padded[0], out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1,5")]
    [InlineData("1e400")]
    [InlineData("1\0")]
    public void What_is_no_finite_JSON_number_is_refused(string text)
        => Assert.False(WireNumber.TryParse(Encoding.ASCII.GetBytes(text), out _, out _));

    [Theory]
    [InlineData("0.1", true)]
    [InlineData("1000.000000000000000000", true)]
    [InlineData("0.30000000000000004", true)]
    [InlineData("0.10000000000000001", false)]
    [InlineData("12345678901234567890", false)]
    [InlineData("9007199254740993", false)]
    public void A_value_that_a_double_cannot_give_back_is_noticed(string text, bool isExact)
    {
        Assert.True(WireNumber.TryParse(Encoding.ASCII.GetBytes(text), out _, out var found));
        Assert.Equal(isExact, found);
    }

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775807", -long.MaxValue)]
    [InlineData("-0", 0)]
    public void Integers_reach_to_the_ends_of_64_bits(string text, long expected)
    {
        Assert.True(WireNumber.TryParseInteger(Encoding.ASCII.GetBytes(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775808")]
    [InlineData("18446744073709551617")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("")]
    public void Integers_beyond_64_bits_are_refused(string text)
        => Assert.False(WireNumber.TryParseInteger(Encoding.ASCII.GetBytes(text), out _));

    /// <summary>Mostly what venues send; now and then long, tiny, huge or awkwardly near the middle between two doubles.</summary>
    private static string AnyNumber(Random random)
    {
        var sign = random.Next(8) == 0 ? "-" : "";
        return random.Next(6) switch
        {
            0 => sign + Digits(random, random.Next(1, 25)),
            1 => sign + BitConverter.Int64BitsToDouble(random.NextInt64() & 0x7FEF_FFFF_FFFF_FFFF)
                .ToString("E" + random.Next(14, 20), CultureInfo.InvariantCulture).Replace("E+", "e", StringComparison.Ordinal),
            2 => $"{sign}{Digits(random, random.Next(1, 20))}.{Fraction(random, random.Next(1, 30))}e{random.Next(-330, 310)}",
            _ => $"{sign}{Digits(random, random.Next(1, 9))}.{Fraction(random, random.Next(1, 18))}",
        };
    }

    private static string Digits(Random random, int count)
        => random.Next(5) == 0 ? "0" : (char)('1' + random.Next(9)) + Fraction(random, count - 1);

    private static string Fraction(Random random, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? '0' : (char)('0' + random.Next(10))));
}
