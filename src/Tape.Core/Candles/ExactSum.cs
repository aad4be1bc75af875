using System.Globalization;
using System.Numerics;

namespace Tape.Core.Candles;

/// <summary>
/// An exact decimal sum of doubles, each taken as its <see cref="ShortDecimal"/>, and of products of two. It keeps 38 digits: one that needs more, or a term
/// that is not finite, makes it overflow, and then it stays so. The order of the terms does not matter unless it overflows.
/// </summary>
public struct ExactSum
{
    private Int128 _mantissa;
    private int _exponent;

    /// <param name="mantissa">The sum is this × 10^<paramref name="exponent"/>.</param>
    public ExactSum(Int128 mantissa, int exponent, bool hasOverflowed = false) => (_mantissa, _exponent, HasOverflowed) = (mantissa, exponent, hasOverflowed);

    /// <summary>Whether the sum is not known.</summary>
    public bool HasOverflowed { get; private set; }

    public readonly Int128 Mantissa => _mantissa;

    public readonly int Exponent => _exponent;

    /// <summary>Adds a number.</summary>
    public void Add(double term)
    {
        if (!double.IsFinite(term))
        {
            Overflow();
            return;
        }

        var value = ShortDecimal.Of(term);
        Add(value.Mantissa, value.Exponent);
    }

    /// <summary>Adds a product, exactly.</summary>
    public void AddProduct(double left, double right)
    {
        if (!double.IsFinite(left) || !double.IsFinite(right))
        {
            Overflow();
            return;
        }

        AddProduct(ShortDecimal.Of(left), ShortDecimal.Of(right));
    }

    /// <summary>Adds a product, exactly.</summary>
    public void AddProduct(ShortDecimal left, ShortDecimal right) => Add((Int128)left.Mantissa * right.Mantissa, left.Exponent + right.Exponent);

    /// <summary>Adds a decimal.</summary>
    public void Add(Int128 mantissa, int exponent)
    {
        if (mantissa == 0 || HasOverflowed) return;
        if (_mantissa == 0) (_mantissa, _exponent) = (mantissa, exponent);
        else if (exponent >= _exponent) AddAligned(Raise(mantissa, exponent - _exponent));
        else
        {
            var raised = Raise(_mantissa, _exponent - exponent);
            if (HasOverflowed) return;
            (_mantissa, _exponent) = (raised, exponent);
            AddAligned(mantissa);
        }
    }

    /// <summary>The sum times a number, exactly.</summary>
    public readonly ExactSum Times(double factor)
    {
        if (HasOverflowed || !double.IsFinite(factor)) return new(0, 0, hasOverflowed: true);
        var by = ShortDecimal.Of(factor);
        var product = (BigInteger)_mantissa * by.Mantissa;
        return product > Int128.MaxValue || product < Int128.MinValue ? new(0, 0, hasOverflowed: true) : new((Int128)product, _exponent + by.Exponent);
    }

    /// <summary>The double nearest to the sum.</summary>
    /// <returns>False when it overflowed, or no finite double is near.</returns>
    public readonly bool TryRound(out double rounded)
    {
        rounded = double.Parse(string.Create(CultureInfo.InvariantCulture, $"{_mantissa}E{_exponent}"), CultureInfo.InvariantCulture);
        return !HasOverflowed && double.IsFinite(rounded);
    }

    /// <summary>The double nearest to this sum divided by another, both not negative.</summary>
    /// <returns>False when one overflowed, the other is 0, or no finite double is near.</returns>
    public readonly bool TryDivide(in ExactSum by, out double quotient)
    {
        quotient = double.NaN;
        if (HasOverflowed || by.HasOverflowed || by._mantissa <= 0 || _mantissa < 0) return false;
        // So many digits that the rest only decides ties; a digit 1 behind them stands for it.
        const int Digits = 60;
        var whole = BigInteger.DivRem((BigInteger)_mantissa * BigInteger.Pow(10, Digits), (BigInteger)by._mantissa, out var rest);
        var sticky = rest.IsZero ? 0 : 1;
        quotient = double.Parse(string.Create(CultureInfo.InvariantCulture, $"{whole}{sticky}E{_exponent - by._exponent - Digits - 1}"),
            CultureInfo.InvariantCulture);
        return double.IsFinite(quotient);
    }

    private void AddAligned(Int128 mantissa)
    {
        var sum = unchecked(_mantissa + mantissa);
        if (HasOverflowed || ((_mantissa ^ sum) & (mantissa ^ sum)) < 0) Overflow();
        else _mantissa = sum;
    }

    private Int128 Raise(Int128 mantissa, int digits)
    {
        for (; digits > 0 && !HasOverflowed; digits--)
        {
            if (mantissa > Int128.MaxValue / 10 || mantissa < Int128.MinValue / 10) Overflow();
            else mantissa *= 10;
        }

        return mantissa;
    }

    private void Overflow() => this = new(0, 0, hasOverflowed: true);
}
