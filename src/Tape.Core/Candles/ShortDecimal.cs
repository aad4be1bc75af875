using System.Globalization;

namespace Tape.Core.Candles;

/// <summary>The shortest decimal that rounds to a double: <c>Mantissa</c> × 10^<c>Exponent</c>, without zeros at its end. It is what was written.</summary>
public readonly record struct ShortDecimal(long Mantissa, int Exponent)
{
    private const double Scale = 1e8;
    private const int ScaleDigits = 8;

    /// <summary>Decimals of fewer digits differ as doubles, so one that rounds to the double is its shortest.</summary>
    private const double FewDigits = 1e15;

    /// <summary>The decimal of a finite double.</summary>
    public static ShortDecimal Of(double value)
    {
        var scaled = Math.Round(value * Scale);
        return Math.Abs(scaled) < FewDigits && scaled / Scale == value ? Trim((long)scaled, -ScaleDigits) : Parse(value);
    }

    private static ShortDecimal Parse(double value)
    {
        Span<char> text = stackalloc char[32];
        // The plain form is the shortest that reads back; its digits and exponent are taken apart here.
        if (!double.IsFinite(value) || !value.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture))
            throw new ArgumentOutOfRangeException(nameof(value), value, "only a finite number has a decimal");
        var (mantissa, exponent, isFraction, isNegative) = (0L, 0, false, false);
        for (var at = 0; at < length; at++)
        {
            var letter = text[at];
            if (letter == '-') isNegative = true;
            else if (letter == '.') isFraction = true;
            else if (letter == 'E')
            {
                exponent += int.Parse(text[(at + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }
            else
            {
                mantissa = (mantissa * 10) + (letter - '0');
                if (isFraction) exponent--;
            }
        }

        return Trim(isNegative ? -mantissa : mantissa, exponent);
    }

    private static ShortDecimal Trim(long mantissa, int exponent)
    {
        if (mantissa == 0) return default;
        while (mantissa % 10 == 0) (mantissa, exponent) = (mantissa / 10, exponent + 1);
        return new(mantissa, exponent);
    }
}
