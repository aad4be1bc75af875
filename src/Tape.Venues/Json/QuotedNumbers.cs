using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tape.Venues.Json;

/// <summary>
/// Reads numbers whose ends are known, one after another, and tells afterwards whether all of them were numbers that can be read this way: so no number
/// waits for the one before it. Takes JSON numbers without sign and exponent of at most 15 digits; one division of exact doubles rounds them correctly.
/// </summary>
internal ref struct QuotedNumbers(ref byte start)
{
    /// <summary>A number may have this many bytes, and as many must be readable before its end.</summary>
    public const int BytesMax = 16;

    private const int NoPoint = BytesMax;

    private static readonly byte[] KeepLast = [.. new byte[BytesMax], .. Enumerable.Repeat((byte)0xFF, BytesMax)];
    private static readonly Vector128<byte>[] WithoutPoint = [.. Enumerable.Range(0, BytesMax + 1).Select(Closing)];
    private static readonly double[] Divisors = [.. Enumerable.Range(0, BytesMax).Select(point => WireNumber.PowersOfTen[BytesMax - 1 - point]), 1];

    private readonly ref byte _start = ref start;
    private Vector128<byte> _noDigits;
    private int _odd;

    /// <summary>Whether each number so far was read; if not, none of them counts.</summary>
    public readonly bool AreRead => _odd >= 0 && _noDigits == Vector128<byte>.Zero;

    /// <summary>Reads the number between two offsets; 16 bytes must be readable before <paramref name="toExcl"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Read(int from, int toExcl)
    {
        var length = toExcl - from;
        if (length > BytesMax)
        {
            _odd = -1;
            return 0;
        }

        var bytes = Vector128.LoadUnsafe(ref _start, (nuint)(toExcl - BytesMax));
        var points = Vector128.Equals(bytes, Vector128.Create((byte)'.')).ExtractMostSignificantBits();
        var point = BitOperations.TrailingZeroCount((points & (0xFFFFu << (BytesMax - length))) | (1u << NoPoint));
        var whole = point - BytesMax + length;

        // Each term is below zero when there is something wrong: no digit before the point, a zero before other digits, none behind the point, 16 digits.
        _odd |= (whole - 1) | ((Unsafe.Add(ref _start, from) - '1') & (1 - whole)) | ((point ^ (BytesMax - 1)) - 1) | (BytesMax + NoPoint - 1 - length - point);

        var last = Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(KeepLast), (nuint)length);
        var digits = Vector128.ShuffleNative((bytes ^ Vector128.Create((byte)'0')) & last,
            Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(WithoutPoint), point));
        _noDigits |= Vector128.SubtractSaturate(digits, Vector128.Create((byte)9));
        return (long)PaddedDigits.ValueOfSixteen(digits) / Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Divisors), point);
    }

    /// <summary>Reads an integer without sign of at most 16 digits, which ends at byte 16 of the frame or later.</summary>
    /// <returns>False when it must be read another way.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadInteger(ReadOnlySpan<byte> frame, int from, int length, out long value)
    {
        value = 0;
        var toExcl = from + length;
        if (length is < 1 or > BytesMax || toExcl < BytesMax || (length > 1 && frame[from] == '0')) return false;
        var bytes = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(frame), (nuint)(toExcl - BytesMax));
        var digits = (bytes ^ Vector128.Create((byte)'0')) & Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(KeepLast), (nuint)length);
        if (Vector128.SubtractSaturate(digits, Vector128.Create((byte)9)) != Vector128<byte>.Zero) return false;
        value = (long)PaddedDigits.ValueOfSixteen(digits);
        return true;
    }

    /// <summary>Where each byte comes from when the one at the point is taken out and those before it move up; all stay when there is none.</summary>
    private static Vector128<byte> Closing(int point)
        => Vector128.Create([.. Enumerable.Range(0, BytesMax).Select(at => (byte)(point == NoPoint || at > point ? at : at - 1))]);
}
