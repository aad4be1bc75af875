using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tape.Venues.Json;

/// <summary>Numbers as venues write them: exactly the digits of JSON, correctly rounded to a double, or refused.</summary>
internal static class WireNumber
{
    /// <summary>Up to this many significant digits a double always gives the wire's digits back.</summary>
    public const int ExactDigits = 15;

    private const ulong ExactBelow = 1_000_000_000_000_000;

    /// <summary>The powers that are exact doubles.</summary>
    public static ReadOnlySpan<double> PowersOfTen =>
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>Reads text that must be one JSON number from its first byte to its last, and finite.</summary>
    /// <param name="text">The digits, without quotes.</param>
    /// <param name="value">The double nearest to the digits.</param>
    /// <param name="isExact">Whether the shortest form of <paramref name="value"/> has the wire's digits (trailing zeros left out).</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value, out bool isExact)
    {
        isExact = true;
        var at = 0;
        return (TryParsePlain(text, ref at, out value) && at == text.Length) || TryParseAny(text, out value, out isExact);
    }

    /// <summary>The same for text that lies in a frame: most numbers are then read at once.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="token">Where the number lies in it; without escapes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(ReadOnlySpan<byte> frame, in JsonToken token, out double value, out bool isExact)
    {
        var toExcl = token.Start + token.Length;
        if (toExcl >= QuotedNumbers.BytesMax)
        {
            var numbers = new QuotedNumbers(ref MemoryMarshal.GetReference(frame));
            (value, isExact) = (numbers.Read(token.Start, toExcl), true);
            if (numbers.AreRead) return true;
        }

        return TryParse(token.In(frame), out value, out isExact);
    }

    /// <summary>
    /// Reads digits with an optional point, at most 15 significant and 22 after the point: the integer and the power of ten are then exact
    /// doubles, so that one division rounds correctly. Stops at the first other byte. Anything else is left to <see cref="TryParse"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParsePlain(ReadOnlySpan<byte> text, ref int at, out double value)
    {
        value = 0;
        ulong digits = 0;
        var from = at;
        var decimals = 0;
        uint next = 0;
        while ((uint)at < (uint)text.Length && (next = (uint)(text[at] - '0')) < 10)
        {
            digits = (digits * 10) + next;
            at++;
        }

        var whole = at - from;
        if (whole == 0 || (whole > 1 && text[from] == '0')) return false;
        if ((uint)at < (uint)text.Length && text[at] == '.')
        {
            var pointAt = at++;
            while ((uint)at < (uint)text.Length && (next = (uint)(text[at] - '0')) < 10)
            {
                digits = (digits * 10) + next;
                at++;
            }

            decimals = at - pointAt - 1;
            if (decimals == 0) return false;
        }

        // 19 digits cannot overflow 64 bits; more than that is decided elsewhere.
        if (digits >= ExactBelow || whole + decimals > 19) return false;
        value = (long)digits / PowersOfTen[decimals];
        return true;
    }

    /// <summary>Reads an integer that lies in a frame: most are read at once. As <see cref="TryParseInteger(ReadOnlySpan{byte}, out long)"/>.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="token">Where the integer lies in it; without escapes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParseInteger(ReadOnlySpan<byte> frame, in JsonToken token, out long value)
        => QuotedNumbers.TryReadInteger(frame, token.Start, token.Length, out value) || TryParseInteger(token.In(frame), out value);

    /// <summary>Reads text that must be a JSON integer and fit in 64 bits. The lowest value is refused: events use it for "absent".</summary>
    public static bool TryParseInteger(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var isNegative = text.Length > 0 && text[0] == '-';
        var at = isNegative ? 1 : 0;
        if (text.Length == at || text.Length - at > 19 || (text[at] == '0' && text.Length - at > 1)) return false;
        ulong digits = 0;
        for (; at < text.Length; at++)
        {
            var next = (uint)(text[at] - '0');
            if (next > 9) return false;
            digits = (digits * 10) + next;
        }

        if (digits > long.MaxValue) return false;
        value = isNegative ? -(long)digits : (long)digits;
        return true;
    }

    private static bool TryParseAny(ReadOnlySpan<byte> text, out double value, out bool isExact)
    {
        value = 0;
        isExact = true;
        if (!IsNumber(text)) return false;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || !double.IsFinite(value)) return false;
        Span<byte> shortest = stackalloc byte[32];
        isExact = value.TryFormat(shortest, out var length, default, CultureInfo.InvariantCulture) && HasDigitsOf(text, shortest[..length]);
        return true;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !(text[0] == '-' || char.IsAsciiDigit((char)text[0]))) return false;
        var scanner = new JsonScanner(text);
        return scanner.ReadNumber(out _) && scanner.Position == text.Length;
    }

    /// <summary>Whether two numbers have the same significant digits. Their sizes are known to agree to a few parts in 10^16.</summary>
    private static bool HasDigitsOf(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var (atLeft, atRight) = (0, 0);
        var started = false;
        while (true)
        {
            var fromLeft = NextDigit(left, ref atLeft, started);
            var fromRight = NextDigit(right, ref atRight, started);
            if (fromLeft == -1 && fromRight == -1) return true;
            if (Math.Max(fromLeft, 0) != Math.Max(fromRight, 0)) return false;
            started = true;
        }
    }

    /// <summary>The next significant digit, or -1 past the last one.</summary>
    private static int NextDigit(ReadOnlySpan<byte> text, ref int at, bool started)
    {
        for (; at < text.Length && text[at] is not ((byte)'e' or (byte)'E'); at++)
        {
            var digit = text[at] - '0';
            if ((uint)digit > 9 || (digit == 0 && !started)) continue;
            at++;
            return digit;
        }

        return -1;
    }
}
