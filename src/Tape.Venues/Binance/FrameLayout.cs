using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>
/// A shape whose values have fixed lengths: each byte of a frame is then either a known byte or out of a known range (a digit, a letter of a
/// symbol), so that 64 bytes are checked at a time and every value lies at a known place. Learnt from a frame that matched the shape; whatever it
/// accepts, the shape accepts too. Immutable.
/// </summary>
internal sealed class FrameLayout
{
    /// <summary>Frames have at least this many bytes.</summary>
    public const int BytesMin = 2 * BlockBytes;

    /// <summary>Frames have at most this many bytes.</summary>
    public const int BytesMax = 4 * BlockBytes;

    private const int BlockBytes = 64;

    // Two blocks count from the start and two from the end, so that their places are constants; they may overlap.
    private readonly Block _first;
    private readonly Block _second;
    private readonly Block _third;
    private readonly Block _fourth;
    private readonly DigitRun[] _integers;
    private readonly DigitRun[] _numbers;

    private FrameLayout(LayoutBuilder builder, FrameShape shape)
    {
        (Shape, Length) = (shape, builder.Least.Length);
        (_first, _second) = (new Block(builder, 0), new Block(builder, BlockBytes));
        (_third, _fourth) = (new Block(builder, Length - (2 * BlockBytes)), new Block(builder, Length - BlockBytes));
        (_integers, _numbers) = ([.. builder.Integers], [.. builder.Numbers]);
        (SymbolFrom, SymbolLength) = builder.Symbol;
        (IdFrom, IdLength) = builder.Id;
        IsBuyerMaker = builder.IsTrue;
    }

    public FrameShape Shape { get; }

    /// <summary>Bytes of each frame.</summary>
    public int Length { get; }

    /// <summary>Integers that rows need.</summary>
    public ReadOnlySpan<DigitRun> Integers => _integers;

    /// <summary>Numbers that rows need.</summary>
    public ReadOnlySpan<DigitRun> Numbers => _numbers;

    /// <summary>Byte offset of the symbol; 16 bytes may be read there.</summary>
    public int SymbolFrom { get; }

    /// <summary>Bytes of the symbol, 1 to 16.</summary>
    public int SymbolLength { get; }

    /// <summary>Byte offset of the trade's id; 16 bytes may be read there.</summary>
    public int IdFrom { get; }

    /// <summary>Bytes of the trade's id, at most 16; 0 in events without one.</summary>
    public int IdLength { get; }

    /// <summary>The one boolean of trades: true and false differ in length, so that each has a layout of its own.</summary>
    public bool IsBuyerMaker { get; }

    /// <summary>Takes the layout of a frame. Null where it has a value too long or too close to the end to be read in one piece.</summary>
    /// <param name="frame">A frame of 128 to 256 bytes that matches the shape.</param>
    /// <param name="stream">Its stream's name.</param>
    /// <param name="typeStart">Offset of the event type, where the shape begins.</param>
    /// <param name="shape">The shape.</param>
    public static FrameLayout? Learn(ReadOnlySpan<byte> frame, JsonToken stream, int typeStart, FrameShape shape)
    {
        var builder = new LayoutBuilder(frame);
        builder.AllowText(stream.Start, stream.Length);
        return builder.TryTake(shape, typeStart) ? new FrameLayout(builder, shape) : null;
    }

    /// <summary>A number that tells layouts apart, out of the places of punctuation and the length. Layouts may share one, but hardly ever do.</summary>
    /// <param name="start">First byte of a frame.</param>
    /// <param name="length">Bytes of the frame, <see cref="BytesMin"/> to <see cref="BytesMax"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Fingerprint(ref byte start, int length)
    {
        ref var end = ref Unsafe.Add(ref start, length - BytesMin);
        return (Punctuation(ref start) * 0x9E37_79B9_7F4A_7C15)
            + (Punctuation(ref Unsafe.Add(ref start, BlockBytes)) * 0xC2B2_AE3D_27D4_EB4F)
            + (Punctuation(ref end) * 0x1656_67B1_9E37_79F9)
            + (Punctuation(ref Unsafe.Add(ref end, BlockBytes)) * 0x2722_0A95_FE4D_7D2D)
            + ((ulong)length * 0xD6E8_FEB8_6659_FD93);
    }

    /// <summary>Whether a frame has this layout.</summary>
    /// <param name="start">First byte of the frame.</param>
    /// <param name="length">Its bytes, of which the fingerprint was taken.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(ref byte start, int length)
    {
        ref var end = ref Unsafe.Add(ref start, length - BytesMin);
        var excess = _first.Excess(ref start) | _second.Excess(ref Unsafe.Add(ref start, BlockBytes))
            | _third.Excess(ref end) | _fourth.Excess(ref Unsafe.Add(ref end, BlockBytes));
        return length == Length && excess == Vector512<byte>.Zero;
    }

    /// <summary>Which of 64 bytes are quotes, commas, points, signs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Punctuation(ref byte at)
        => Vector512.LessThan(Vector512.LoadUnsafe(ref at), Vector512.Create((byte)'0')).ExtractMostSignificantBits();

    /// <summary>What 64 bytes may be: each the least one or up to a range above it.</summary>
    private readonly struct Block(LayoutBuilder builder, int at)
    {
        private readonly Vector512<byte> _least = Vector512.Create(builder.Least, at);
        private readonly Vector512<byte> _range = Vector512.Create(builder.Range, at);

        /// <summary>Zero where a byte may stand.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<byte> Excess(ref byte at) => Vector512.SubtractSaturate(Vector512.LoadUnsafe(ref at) - _least, _range);
    }
}
