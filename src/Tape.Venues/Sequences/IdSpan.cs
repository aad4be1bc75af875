using System.Runtime.CompilerServices;
using Tape.Venues.Json;

namespace Tape.Venues.Sequences;

/// <summary>
/// The ids that an event stands for, both ends included. An empty one (<see cref="First"/> behind <see cref="Last"/>) is a sign of life, or a venue that
/// numbers anew.
/// </summary>
/// <param name="First">The first id, right behind what came before.</param>
/// <param name="Last">The last id.</param>
/// <param name="IsSnapshot">A full snapshot as of <paramref name="Last"/>: what comes behind is counted from here.</param>
public readonly record struct IdSpan(long First, long Last, bool IsSnapshot)
{
    /// <summary>When the trade happened, on the venue's clock; absent for other events.</summary>
    public long EventTime { get; init; } = Absent.Integer;

    /// <summary>Events of a decoded frame that have ids under a rule. All rows of a book frame are one event.</summary>
    public static int Count(SequenceKind kind, EventBuffer events) => kind switch
    {
        SequenceKind.TradeIds or SequenceKind.TradeRanges => events.Trades.Count,
        SequenceKind.BookChain or SequenceKind.BookUpdates => Math.Min(1, events.Book.Count),
        SequenceKind.RisingQuotes => events.Quotes.Count,
        _ => 0,
    };

    /// <summary>The ids of one of them; false when it carries none (frames of earlier years, ids that are no numbers).</summary>
    public static bool TryRead(SequenceKind kind, EventBuffer events, int index, out IdSpan span)
    {
        switch (kind)
        {
            case SequenceKind.TradeIds: return TryTrade(events, in events.Trades.Items[index], out span);
            case SequenceKind.TradeRanges: return TryFills(events, in events.Trades.Items[index], out span);
            case SequenceKind.BookChain or SequenceKind.BookUpdates: return TryBook(kind, in events.Book.Items[index], out span);
            default:
                var id = kind == SequenceKind.RisingQuotes ? events.Quotes.Items[index].UpdateId : Absent.Integer;
                span = new IdSpan(id, id, false);
                return id != Absent.Integer;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTrade(EventBuffer events, in TradeEvent trade, out IdSpan span)
    {
        var isNumber = WireNumber.TryParseInteger(events.Text(trade.TradeId), out var id);
        span = new IdSpan(id, id, false) { EventTime = trade.Head.EventTime };
        return isNumber;
    }

    private static bool TryFills(EventBuffer events, in TradeEvent trade, out IdSpan span)
    {
        // Before venues joined fills, a trade was one fill and named no first id.
        if (trade.FirstId == Absent.Integer || trade.LastId == Absent.Integer) return TryTrade(events, trade, out span);
        span = new IdSpan(trade.FirstId, trade.LastId, false) { EventTime = trade.Head.EventTime };
        return true;
    }

    private static bool TryBook(SequenceKind kind, in BookEvent book, out IdSpan span)
    {
        var isSnapshot = book.Kind == BookKind.Snapshot;
        var first = kind == SequenceKind.BookUpdates || isSnapshot ? book.UpdateId : book.PreviousUpdateId + 1;
        span = new IdSpan(first, book.UpdateId, isSnapshot);
        return book.UpdateId != Absent.Integer && (kind == SequenceKind.BookUpdates || isSnapshot || book.PreviousUpdateId != Absent.Integer);
    }
}
