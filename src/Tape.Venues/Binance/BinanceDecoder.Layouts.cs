using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tape.Venues.Frames;

namespace Tape.Venues.Binance;

/// <summary>
/// The shortest way, for small frames whose values are as long as those of an earlier frame: nearly all of them. It checks the whole frame against the
/// layout at once and takes the values from their places. Like the way by shapes it gives the events of the full pass or gives up.
/// </summary>
public sealed partial class BinanceDecoder
{
    private readonly LayoutTable<FrameLayout> _layouts = new();

    /// <summary>Frames so far that were decoded by their layout.</summary>
    internal long LayoutCount { get; private set; }

    private bool TryLayouts(ReadOnlySpan<byte> frame)
    {
        if (frame.Length is < BytePattern.BytesMin or > FrameLayout.BytesMax) return false;
        ref var start = ref MemoryMarshal.GetReference(frame);
        if (_layouts.Find(BytePattern.Fingerprint(ref start, frame.Length)) is not { } layout || !layout.Matches(ref start, frame.Length)) return false;
        foreach (ref readonly var run in layout.Integers) _integers[run.Field & 63] = run.Read(ref start);
        foreach (ref readonly var run in layout.Numbers) _numbers[run.Field & 63] = run.Read(ref start) / run.Divisor;
        _integers[Field.IsBuyerMaker] = layout.IsBuyerMaker ? 1 : 0;
        if (!TryTimes(layout.Shape, out var time, out var sent)) return false;
        Emit(layout.Shape, time, sent, ShortText(ref start, layout.SymbolFrom, layout.SymbolLength),
            layout.IdLength == 0 ? default : ShortText(ref start, layout.IdFrom, layout.IdLength));
        LayoutCount++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TextRef ShortText(ref byte start, int from, int length) => Events.AddText(Vector128.LoadUnsafe(ref start, (nuint)from), length);

    /// <summary>Remembers the layout of a frame that matched a shape. Books hardly ever come with the same lengths again.</summary>
    private void LearnLayout(ReadOnlySpan<byte> frame, FrameShape shape)
    {
        if (shape.Kind == EventKind.Depth || frame.Length is < BytePattern.BytesMin or > FrameLayout.BytesMax) return;
        var fingerprint = BytePattern.Fingerprint(ref MemoryMarshal.GetReference(frame), frame.Length);
        if (_layouts.IsWorthLearning(fingerprint)) _layouts.Add(fingerprint, FrameLayout.Learn(frame, _stream, _typeStart, shape));
    }
}
