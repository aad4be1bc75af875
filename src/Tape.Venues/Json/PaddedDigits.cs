using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tape.Venues.Json;

/// <summary>
/// Reads digits eight at a time. The caller sees to it that <see cref="PaddingBytes"/> bytes may be read from each position. Numbers that
/// these methods do not take (signs, exponents, many digits) give length 0, and the caller goes the slower way.
/// </summary>
internal static class PaddedDigits
{
    /// <summary>Bytes that must be readable from where a number starts.</summary>
    public const int PaddingBytes = 40;

    private const ulong Zeros = 0x3030_3030_3030_3030;
    private const ulong HighBits = 0x8080_8080_8080_8080;
    private const ulong NineToHighBit = 0x7676_7676_7676_7676;

    private static ReadOnlySpan<ulong> Powers => [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>Reads a JSON integer of at most 16 digits without a sign.</summary>
    /// <returns>Its length, or 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadInteger(ref byte from, out long value)
    {
        var chunk = Chunk(ref from);
        var length = Digits(chunk);
        value = 0;
        if (length == 0 || (length > 1 && (byte)chunk == 0)) return 0;
        var digits = Value(chunk, length);
        if (length == 8)
        {
            chunk = Chunk(ref Unsafe.Add(ref from, 8));
            var more = Digits(chunk);
            if (more > 0) digits = (digits * Powers[more]) + Value(chunk, more);
            length += more;
        }

        value = (long)digits;
        return length;
    }

    /// <summary>
    /// Reads a JSON number without sign and exponent: at most 8 digits before the point and 15 in all, so that one division of exact doubles rounds it
    /// correctly.
    /// </summary>
    /// <returns>Its length, or 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadNumber(ref byte from, out double value)
    {
        var chunk = Chunk(ref from);
        var whole = Digits(chunk);
        value = 0;
        if (whole == 0 || (whole > 1 && (byte)chunk == 0)) return 0;
        var digits = Value(chunk, whole);
        if (Unsafe.Add(ref from, whole) != '.')
        {
            value = digits;
            return whole;
        }

        chunk = Chunk(ref Unsafe.Add(ref from, whole + 1));
        var decimals = Digits(chunk);
        if (decimals == 0) return 0;
        digits = (digits * Powers[decimals]) + Value(chunk, decimals);
        if (decimals == 8)
        {
            chunk = Chunk(ref Unsafe.Add(ref from, whole + 9));
            var more = Digits(chunk);
            if (whole + decimals + more > WireNumber.ExactDigits) return 0;
            if (more > 0) digits = (digits * Powers[more]) + Value(chunk, more);
            decimals += more;
        }

        if (whole + decimals > WireNumber.ExactDigits) return 0;
        value = (long)digits / WireNumber.PowersOfTen[decimals];
        return whole + 1 + decimals;
    }

    /// <summary>Eight bytes, the first one lowest, digits turned into their values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Chunk(ref byte from)
    {
        var bytes = Unsafe.ReadUnaligned<ulong>(ref from);
        return (BitConverter.IsLittleEndian ? bytes : BinaryPrimitives.ReverseEndianness(bytes)) ^ Zeros;
    }

    /// <summary>How many of the first bytes are digits. A carry out of a byte that is none touches only bytes after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digits(ulong chunk)
        => BitOperations.TrailingZeroCount(((chunk + NineToHighBit) | chunk) & HighBits) >> 3;

    /// <summary>The number that the first 1 to 8 bytes write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Value(ulong chunk, int length)
    {
        return ValueOfEight(chunk << (64 - (length << 3)));
    }

    /// <summary>The number that eight digit values write, the first one in the lowest byte: by pairs, fours and eights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ValueOfEight(ulong chunk)
    {
        chunk = (chunk * 10) + (chunk >> 8);
        return (((chunk & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064) + (((chunk >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
    }

    /// <summary>The number that 16 digit values write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ValueOfSixteen(Vector128<byte> digits)
    {
        if (!Sse41.IsSupported) return ValueOfSixteenByEights(digits);
        var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create((ushort)0x010A).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x0001_0064).AsInt16());
        var eights = Sse2.MultiplyAddAdjacent(Sse41.PackUnsignedSaturate(fours, fours).AsInt16(), Vector128.Create(0x0001_2710).AsInt16());
        var both = eights.AsUInt64().ToScalar();
        return ((both & uint.MaxValue) * 100_000_000) + (both >> 32);
    }

    /// <summary>The same on processors without multiplication of neighbours.</summary>
    public static ulong ValueOfSixteenByEights(Vector128<byte> digits)
    {
        var (first, second) = (digits.AsUInt64().GetElement(0), digits.AsUInt64().GetElement(1));
        if (!BitConverter.IsLittleEndian) (first, second) = (BinaryPrimitives.ReverseEndianness(first), BinaryPrimitives.ReverseEndianness(second));
        return (ValueOfEight(first) * 100_000_000) + ValueOfEight(second);
    }
}
