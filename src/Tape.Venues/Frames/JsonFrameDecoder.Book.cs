using System.Runtime.CompilerServices;
using Tape.Venues.Json;

namespace Tape.Venues.Frames;

/// <summary>Book levels, <c>[["price","quantity"],…]</c>, to rows in the order of the frame.</summary>
public abstract partial class JsonFrameDecoder
{
    private protected LevelList Bids { get; } = new();

    private protected LevelList Asks { get; } = new();

    /// <summary>The list that a field's levels go into.</summary>
    private protected abstract LevelList ListOf(int field);

    /// <summary>Whether more values may follow price and quantity in a level.</summary>
    private protected virtual bool MayLevelsBeLonger => false;

    /// <summary>Adds the best bid and offer; an absent side is <see cref="Absent.Number"/> twice.</summary>
    private protected void EmitQuote(in EventHead head, (double Price, double Quantity) bid, (double Price, double Quantity) ask, long updateId)
    {
        ref var quote = ref Events.Quotes.Add();
        quote.Head = Next(head);
        (quote.BidPrice, quote.BidQuantity) = bid;
        (quote.AskPrice, quote.AskQuantity) = ask;
        quote.UpdateId = updateId;
    }

    /// <summary>Adds a row a level; one without a side when there is none.</summary>
    private protected void EmitBook(in EventHead head, BookKind kind, long firstId, long updateId, long previousId, long sequence)
    {
        var row = new BookEvent
        {
            Head = head,
            Price = Absent.Number,
            Quantity = Absent.Number,
            Kind = kind,
            FirstUpdateId = firstId,
            UpdateId = updateId,
            PreviousUpdateId = previousId,
            Sequence = sequence,
        };
        var areBidsFirst = Bids.Start < Asks.Start;
        AddSide(row, areBidsFirst ? Bids : Asks, areBidsFirst ? Side.Buy : Side.Sell);
        AddSide(row, areBidsFirst ? Asks : Bids, areBidsFirst ? Side.Sell : Side.Buy);
        if (Bids.Count + Asks.Count == 0) Events.Book.Add() = row with { Head = Next(head) };
    }

    /// <summary>Makes sure that the lists hold the levels of the fields: another object of the frame may have used them since.</summary>
    private protected bool Levels(ReadOnlySpan<byte> frame, FrameFields fields, int bids, int asks) =>
        Levels(frame, fields, bids, Bids) && Levels(frame, fields, asks, Asks);

    private bool Levels(ReadOnlySpan<byte> frame, FrameFields fields, int field, LevelList levels)
    {
        if (!Is(fields, field, JsonKind.Array, "an array of levels")) return false;
        if (levels.Start != fields[field].Start)
        {
            var json = new JsonScanner(frame, fields[field].Start);
            ReadLevels(ref json, levels, 1, out _);
        }

        return levels.FaultAt < 0 || Wrong(fields, field, $"is no list of [price, quantity] strings at byte {levels.FaultAt}");
    }

    private void AddSide(in BookEvent row, LevelList levels, Side side)
    {
        var items = levels.Items;
        var rows = Events.Book.Add(items.Length);
        for (var level = 0; level < items.Length && level < rows.Length; level++)
        {
            ref var added = ref rows[level];
            added.Head = new EventHead(Index + level, row.Head.Symbol, row.Head.EventTime, row.Head.SentTime);
            added.Side = side;
            (added.Price, added.Quantity) = items[level];
            added.Kind = row.Kind;
            (added.FirstUpdateId, added.UpdateId, added.PreviousUpdateId) = (row.FirstUpdateId, row.UpdateId, row.PreviousUpdateId);
            added.Sequence = row.Sequence;
        }

        Index += items.Length;
    }

    /// <summary>Reads an array as book levels. When it is none, notes why and checks it as any other value.</summary>
    private bool ReadLevels(ref JsonScanner json, LevelList levels, int depth, out JsonToken token)
    {
        var start = json.Position;
        levels.Reset(start);
        if (TakeLevels(ref json, levels, depth))
        {
            token = new JsonToken(start, json.Position - start, JsonKind.Array);
            return true;
        }

        levels.FaultAt = json.Position;
        json.Position = start;
        json.Fault = null;
        return json.ReadValue(depth, out token);
    }

    private bool TakeLevels(ref JsonScanner json, LevelList levels, int depth)
    {
        json.Position++;
        if (json.Peek() == ']') return json.Read((byte)']', "");
        while (true)
        {
            if (!json.Read((byte)'[', "") || !TakeNumber(ref json, out var price) || !json.Read((byte)',', "") || !TakeNumber(ref json, out var quantity))
                return false;
            if ((MayLevelsBeLonger && !SkipRest(ref json, depth + 2)) || !json.Read((byte)']', "")) return false;
            levels.Add(price, quantity);
            if (json.Peek() != ',') return json.Read((byte)']', "");
            json.Position++;
        }
    }

    /// <summary>Passes over what follows price and quantity.</summary>
    private static bool SkipRest(ref JsonScanner json, int depth)
    {
        while (json.Peek() == ',')
        {
            json.Position++;
            if (!json.ReadValue(depth, out _)) return false;
        }

        return true;
    }

    /// <summary>Takes a number in quotes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TakeNumber(ref JsonScanner json, out double value)
    {
        value = 0;
        if (json.Peek() != '"') return false;
        var at = json.Position + 1;
        var text = json.Json;
        if (WireNumber.TryParsePlain(text, ref at, out value) && (uint)at < (uint)text.Length && text[at] == '"')
        {
            json.Position = at + 1;
            return true;
        }

        return TakeAnyNumber(ref json, out value);
    }

    private bool TakeAnyNumber(ref JsonScanner json, out double value)
    {
        value = 0;
        return json.ReadString(out var token) && TextOf(json.Json, token, out var text) && Parse(text, out value);
    }
}
