using Tape.Venues.Frames;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>Depth frames to book rows.</summary>
public sealed partial class BinanceDecoder
{
    private protected override LevelList ListOf(int field) => field == Field.BidPrice ? Bids : Asks;

    private bool AddBook(ReadOnlySpan<byte> frame, FrameFields fields)
    {
        if (!Head(frame, fields, out var head) || !Integer(frame, fields, Field.UpdateId, out var updateId)) return false;
        if (!OptionalInteger(frame, fields, Field.FirstUpdateId, out var firstId)
            || !OptionalInteger(frame, fields, BinanceField.PreviousUpdate, out var previousId))
            return false;
        if (!Levels(frame, fields, Field.BidPrice, Field.AskPrice)) return false;
        var stream = _stream.Kind == JsonKind.String && TextOf(frame, _stream, out var name) ? name : default;
        // A book of its own, with retail price improvement orders: its levels among those of depth would be wrong.
        if (!BinanceStream.IsRpiDepth(stream)) EmitBook(head, KindOn(stream), firstId, updateId, previousId, Absent.Integer);
        return true;
    }

    private static BookKind KindOn(ReadOnlySpan<byte> stream) => BinanceStream.IsPartialDepth(stream) ? BookKind.Snapshot : BookKind.Delta;
}
