using System.Globalization;
using System.Numerics;
using Tape.Core.Candles;
using Xunit.Abstractions;

namespace Tape.Core.Tests.Candles;

public sealed class ExactSumTests(ITestOutputHelper output)
{
    [Fact]
    public void A_double_is_taken_as_the_shortest_decimal_that_reads_back()
    {
        Assert.Equal(new ShortDecimal(1, -1), ShortDecimal.Of(0.1));
        Assert.Equal(new ShortDecimal(-12345, -2), ShortDecimal.Of(-123.45));
        Assert.Equal(new ShortDecimal(5, -324), ShortDecimal.Of(double.Epsilon));
        Assert.Equal(new ShortDecimal(17976931348623157, 292), ShortDecimal.Of(double.MaxValue));
        Assert.Equal(new ShortDecimal(3, 0), ShortDecimal.Of(3));
        Assert.Equal(default, ShortDecimal.Of(-0.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShortDecimal.Of(double.NaN));
    }

    [Fact]
    public void Any_double_has_the_decimal_of_its_shortest_text()
    {
        var seed = Seed();
        var random = new Random(seed);
        for (var i = 0; i < 200_000; i++)
        {
            var value = i % 2 == 0 ? BitConverter.Int64BitsToDouble(random.NextInt64()) : Math.Round(random.NextDouble() * 1e6, random.Next(0, 12));
            if (!double.IsFinite(value)) continue;
            var found = ShortDecimal.Of(value);
            Assert.Equal(value, double.Parse($"{found.Mantissa}E{found.Exponent}", CultureInfo.InvariantCulture));
            var digits = value.ToString("R", CultureInfo.InvariantCulture).Split('E')[0].Replace(".", "").Replace("-", "").Trim('0');
            Assert.Equal(digits, Math.Abs(found.Mantissa).ToString(CultureInfo.InvariantCulture).Trim('0').Replace("-", ""));
        }
    }

    [Fact]
    public void Sums_and_quotients_are_those_of_exact_arithmetic_rounded_once()
    {
        var random = new Random(Seed());
        for (var round = 0; round < 2_000; round++)
        {
            var (sum, products) = (new ExactSum(), new ExactSum());
            var (exact, exactProducts) = (new Oracle(), new Oracle());
            var digits = random.Next(0, 9);
            for (var term = random.Next(1, 200); term > 0; term--)
            {
                var (price, size) = (Math.Round(random.NextDouble() * 100_000, random.Next(0, 6)), Math.Round(random.NextDouble() * 100, digits));
                sum.Add(size);
                products.AddProduct(price, size);
                exact.Add(size, 1);
                exactProducts.Add(price, size);
            }

            Assert.True(sum.TryRound(out var rounded));
            Assert.Equal(exact.Rounded, rounded);
            Assert.True(products.TryRound(out rounded));
            Assert.Equal(exactProducts.Rounded, rounded);
            if (sum.Mantissa == 0) continue;
            Assert.True(products.TryDivide(sum, out var quotient));
            Assert.Equal(exactProducts.DividedBy(exact), quotient);
        }
    }

    [Fact]
    public void What_needs_more_digits_than_are_kept_or_is_no_number_overflows_and_stays_so()
    {
        var sum = new ExactSum();
        sum.Add(1e30);
        sum.Add(1e-30);
        Assert.True(sum.HasOverflowed);
        sum.Add(1);
        Assert.False(sum.TryRound(out _));
        var backwards = new ExactSum();
        backwards.Add(1e-30);
        backwards.Add(1e30);
        Assert.True(backwards.HasOverflowed);
        var infinite = new ExactSum();
        infinite.Add(double.PositiveInfinity);
        Assert.False(infinite.TryRound(out _));
        Assert.False(new ExactSum().TryDivide(new ExactSum(), out _));
        Assert.True(new ExactSum().TryRound(out var none));
        Assert.Equal(0, none);
    }

    private int Seed()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return seed;
    }

    /// <summary>Exact sums on whole numbers of any size.</summary>
    private sealed class Oracle
    {
        private const int Digits = 40;
        private BigInteger _sum;

        public double Rounded => Parse(_sum, BigInteger.One);

        public void Add(double left, double right) => _sum += Whole(left) * Whole(right);

        public double DividedBy(Oracle other) => Parse(_sum, other._sum);

        private static BigInteger Whole(double value)
        {
            var text = decimal.Parse(value.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture)
                .ToString(CultureInfo.InvariantCulture).Split('.');
            var fraction = text.Length > 1 ? text[1] : "";
            return BigInteger.Parse(text[0] + fraction.PadRight(Digits, '0'), CultureInfo.InvariantCulture);
        }

        private static double Parse(BigInteger sum, BigInteger by)
        {
            // By is a sum of products too where it is one, so that the scale of both cancels out.
            var isQuotient = by != BigInteger.One;
            var scaled = sum * BigInteger.Pow(10, 80) / by;
            return double.Parse($"{scaled}1E{-81 - (isQuotient ? 0 : 2 * Digits)}", CultureInfo.InvariantCulture);
        }
    }
}
