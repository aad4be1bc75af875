using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>Depth frames to book rows, a row a level, in the order of the frame.</summary>
public sealed partial class BinanceDecoder
{
    private bool AddBook(ReadOnlySpan<byte> frame, BinanceFields fields)
    {
        if (!Head(frame, fields, out var head) || !Integer(frame, fields, Field.UpdateId, out var updateId)) return false;
        if (!OptionalInteger(frame, fields, Field.FirstUpdateId, out var firstId) || !OptionalInteger(frame, fields, BinanceField.PreviousUpdate, out var previousId)) return false;
        if (!Levels(frame, fields, Field.BidPrice, _bids) || !Levels(frame, fields, Field.AskPrice, _asks)) return false;
        var stream = _stream.Kind == JsonKind.String && TextOf(frame, _stream, out var name) ? name : default;
        EmitBook(head, stream, firstId, updateId, previousId);
        return true;
    }

    private void EmitBook(in EventHead head, ReadOnlySpan<byte> stream, long firstId, long updateId, long previousId)
    {
        var row = new BookEvent
        {
            Head = head,
            Price = Absent.Number,
            Quantity = Absent.Number,
            Kind = BinanceStream.IsPartialDepth(stream) ? BookKind.Snapshot : BookKind.Delta,
            FirstUpdateId = firstId,
            UpdateId = updateId,
            PreviousUpdateId = previousId,
        };
        var areBidsFirst = _bids.Start < _asks.Start;
        AddSide(row, areBidsFirst ? _bids : _asks, areBidsFirst ? Side.Buy : Side.Sell);
        AddSide(row, areBidsFirst ? _asks : _bids, areBidsFirst ? Side.Sell : Side.Buy);
        if (_bids.Count + _asks.Count == 0) _events.Book.Add() = row with { Head = Next(head) };
    }

    private void AddSide(in BookEvent row, LevelList levels, Side side)
    {
        var items = levels.Items;
        var rows = _events.Book.Add(items.Length);
        for (var level = 0; level < items.Length && level < rows.Length; level++)
        {
            ref var added = ref rows[level];
            added.Head = new EventHead(_index + level, row.Head.Symbol, row.Head.EventTime, row.Head.SentTime);
            added.Side = side;
            (added.Price, added.Quantity) = items[level];
            added.Kind = row.Kind;
            (added.FirstUpdateId, added.UpdateId, added.PreviousUpdateId) = (row.FirstUpdateId, row.UpdateId, row.PreviousUpdateId);
        }

        _index += items.Length;
    }

    /// <summary>Makes sure that a list holds the levels of the field: another object of the frame may have used the list since.</summary>
    private bool Levels(ReadOnlySpan<byte> frame, BinanceFields fields, int field, LevelList levels)
    {
        if (!Is(fields, field, JsonKind.Array, "an array of levels")) return false;
        if (levels.Start != fields[field].Start)
        {
            var json = new JsonScanner(frame, fields[field].Start);
            ReadLevels(ref json, levels, 1, out _);
        }

        return levels.FaultAt < 0 || Wrong(fields, field, $"is no list of [price, quantity] strings at byte {levels.FaultAt}");
    }
}
