using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tape.Venues.Frames;

/// <summary>
/// Bytes of a fixed number, each of which is a known one or out of a known range (a digit, a letter of a symbol), so that 64 are checked at a time. Immutable.
/// </summary>
internal sealed class BytePattern
{
    /// <summary>The least number of bytes.</summary>
    public const int BytesMin = BlockBytes;

    /// <summary>The greatest number of bytes.</summary>
    public const int BytesMax = 8 * BlockBytes;

    private const int BlockBytes = 64;

    // The least byte and the range above it, by turns. The last block ends with the last byte and may overlap the one before.
    private readonly Vector512<byte>[] _bounds;
    private readonly int _length;

    /// <param name="least">The least byte that may stand at each offset.</param>
    /// <param name="range">How far above it the byte may be.</param>
    public BytePattern(byte[] least, byte[] range)
    {
        _length = least.Length;
        var blocks = (_length + BlockBytes - 1) / BlockBytes;
        _bounds = [.. Enumerable.Range(0, blocks).Select(block => Math.Min(block * BlockBytes, _length - BlockBytes))
            .SelectMany(at => new[] { Vector512.Create(least, at), Vector512.Create(range, at) })];
    }

    /// <summary>A number that tells patterns apart, out of the places of punctuation and the length. Patterns may share one, but hardly ever do.</summary>
    /// <param name="start">First of the bytes.</param>
    /// <param name="length">How many, <see cref="BytesMin"/> or more.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Fingerprint(ref byte start, int length)
    {
        var last = length - BlockBytes;
        var print = (ulong)length;
        for (var at = 0; ; at += BlockBytes)
        {
            var here = Vector512.LoadUnsafe(ref start, (nuint)Math.Min(at, last));
            print = (print ^ Vector512.LessThan(here, Vector512.Create((byte)'0')).ExtractMostSignificantBits()) * 0x9E37_79B9_7F4A_7C15;
            if (at >= last) return print ^ (print >> 32);
        }
    }

    /// <summary>Whether bytes have this pattern.</summary>
    /// <param name="start">First of the bytes.</param>
    /// <param name="length">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(ref byte start, int length)
    {
        if (length != _length) return false;
        var last = length - BlockBytes;
        var excess = Vector512<byte>.Zero;
        ref var bounds = ref MemoryMarshal.GetArrayDataReference(_bounds);
        for (var at = 0; ; at += BlockBytes)
        {
            // Zero where a byte may stand.
            excess |= Vector512.SubtractSaturate(Vector512.LoadUnsafe(ref start, (nuint)Math.Min(at, last)) - bounds, Unsafe.Add(ref bounds, 1));
            if (at >= last) return excess == Vector512<byte>.Zero;
            bounds = ref Unsafe.Add(ref bounds, 2);
        }
    }
}
