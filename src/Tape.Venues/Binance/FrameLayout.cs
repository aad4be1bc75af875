using System.Runtime.CompilerServices;
using Tape.Venues.Frames;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>
/// A shape whose values have fixed lengths: each byte of a frame is then either a known byte or out of a known range (a digit, a letter of a
/// symbol), so that 64 bytes are checked at a time and every value lies at a known place. Learnt from a frame that matched the shape; whatever it
/// accepts, the shape accepts too. Immutable.
/// </summary>
internal sealed class FrameLayout
{
    /// <summary>Frames have at most this many bytes.</summary>
    public const int BytesMax = 256;

    private readonly BytePattern _pattern;
    private readonly DigitRun[] _integers;
    private readonly DigitRun[] _numbers;

    private FrameLayout(LayoutBuilder builder, FrameShape shape)
    {
        (Shape, _pattern) = (shape, builder.Pattern);
        (_integers, _numbers) = ([.. builder.Integers], [.. builder.Numbers]);
        (SymbolFrom, SymbolLength) = builder.Symbol;
        (IdFrom, IdLength) = builder.Id;
        IsBuyerMaker = builder.IsTrue;
    }

    public FrameShape Shape { get; }

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
    /// <param name="frame">A frame of 64 to 256 bytes that matches the shape.</param>
    /// <param name="stream">Its stream's name.</param>
    /// <param name="typeStart">Offset of the event type, where the shape begins.</param>
    /// <param name="shape">The shape.</param>
    public static FrameLayout? Learn(ReadOnlySpan<byte> frame, JsonToken stream, int typeStart, FrameShape shape)
    {
        var builder = new LayoutBuilder(frame);
        builder.AllowText(stream.Start, stream.Length);
        return builder.TryTake(shape, typeStart) ? new FrameLayout(builder, shape) : null;
    }

    /// <summary>Whether a frame has this layout.</summary>
    /// <param name="start">First byte of the frame.</param>
    /// <param name="length">Its bytes, of which the fingerprint was taken.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(ref byte start, int length) => _pattern.Matches(ref start, length);
}
