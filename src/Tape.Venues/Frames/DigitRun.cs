using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tape.Venues.Json;

namespace Tape.Venues.Frames;

/// <summary>Where the digits of a number lie in every frame of a layout. Reading takes them all at once: no search, no loop.</summary>
internal readonly struct DigitRun
{
    /// <summary>Digits and point may take this many bytes together.</summary>
    public const int BytesMax = 16;

    private readonly Vector128<byte> _gather;
    private readonly int _from;

    /// <param name="toExcl">Offset in the frame behind the last digit, at least 16.</param>
    /// <param name="whole">Digits before the point, at least 1.</param>
    /// <param name="decimals">Digits behind the point; 0 when there is none. With the whole ones and the point at most 16 bytes.</param>
    /// <param name="isNegative">Whether a minus stands before them.</param>
    /// <param name="field">The number of the field that it is.</param>
    public DigitRun(int toExcl, int whole, int decimals, bool isNegative, int field)
    {
        Span<byte> gather = stackalloc byte[BytesMax];
        gather.Fill(0xFF);
        for (var digit = 0; digit < whole + decimals; digit++)
            gather[BytesMax - 1 - digit] = (byte)(BytesMax - 1 - digit - (decimals > 0 && digit >= decimals ? 1 : 0));
        _gather = Vector128.Create((ReadOnlySpan<byte>)gather);
        _from = toExcl - BytesMax;
        (Field, Divisor) = (field, isNegative ? -WireNumber.PowersOfTen[decimals] : WireNumber.PowersOfTen[decimals]);
    }

    public int Field { get; }

    /// <summary>What the digits must be divided by to give the number; below zero for a negative one.</summary>
    public double Divisor { get; }

    /// <summary>The digits as an integer.</summary>
    /// <param name="start">First byte of a frame that has the layout.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Read(ref byte start)
    {
        var bytes = Vector128.LoadUnsafe(ref start, (nuint)_from) ^ Vector128.Create((byte)'0');
        return (long)PaddedDigits.ValueOfSixteen(Vector128.ShuffleNative(bytes, _gather));
    }
}
