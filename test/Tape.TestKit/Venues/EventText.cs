using System.Globalization;
using System.Text;
using Tape.Core.Events;
using Tape.Core.Values;

namespace Tape.TestKit.Venues;

/// <summary>
/// Events as lines of text, one an event, by rising index: what an oracle and a decoder are compared by. Doubles are written with all their bits.
/// </summary>
public static class EventText
{
    /// <summary>All events of a buffer.</summary>
    public static IReadOnlyList<string> Describe(EventBuffer events)
    {
        var rows = new List<(int Index, string Text)>();
        foreach (var e in events.Trades.Items)
            rows.Add(Row(events, "trades", e.Head, e.Price, e.Quantity, e.Side, Text(events, e.TradeId), e.FirstId, e.LastId, Text(events, e.Flags),
                e.QuantityExRpi, e.IsNoTrade));
        foreach (var e in events.Quotes.Items) rows.Add(Row(events, "bbo", e.Head, e.BidPrice, e.BidQuantity, e.AskPrice, e.AskQuantity, e.UpdateId));
        foreach (var e in events.MarkPrices.Items) rows.Add(Row(events, "mark_price", e.Head, e.MarkPrice, e.IndexPrice));
        foreach (var e in events.Fundings.Items) rows.Add(Row(events, "funding", e.Head, e.Rate, e.NextFundingTime, e.IntervalSeconds,
            e.SettledRate));
        foreach (var e in events.OpenInterests.Items) rows.Add(Row(events, "open_interest", e.Head, e.OpenInterest, e.OpenInterestValue));
        foreach (var e in events.Liquidations.Items) rows.Add(Row(events, "liquidations", e.Head, e.Price, e.Quantity, e.Side,
            e.AveragePrice));
        foreach (var e in events.Book.Items)
            rows.Add(Row(events, "book", e.Head, e.Side, e.Price, e.Quantity, e.Kind, e.FirstUpdateId, e.UpdateId, e.PreviousUpdateId, e.Sequence));
        foreach (var e in events.Candles.Items)
            rows.Add(Row(events, "candles", e.Head, Text(events, e.Timeframe), e.OpenTimeMs, e.CloseTimeMs, e.Open, e.High, e.Low, e.Close, e.Volume,
                e.QuoteVolume, e.Vwap, e.TradesCount, e.IsClosed));
        return [.. rows.OrderBy(row => row.Index).Select(row => row.Text)];
    }

    /// <summary>One event, for oracles: the table, the head, then the columns in the order of the event's fields.</summary>
    public static string Line(string table, int index, string symbol, long eventTime, long sentTime, params object?[] columns)
        => string.Join(' ', columns.Select(Value).Prepend(Value(sentTime)).Prepend(Value(eventTime)).Prepend(symbol).Prepend(table)
            .Prepend(index.ToString(CultureInfo.InvariantCulture)));

    private static (int Index, string Text) Row(EventBuffer events, string table, EventHead head, params object?[] columns)
        => (head.Index, Line(table, head.Index, Text(events, head.Symbol) ?? "?", head.EventTime, head.SentTime, columns));

    private static string? Text(EventBuffer events, TextRef text) => text.IsAbsent ? null : Encoding.UTF8.GetString(events.Text(text));

    private static string Value(object? value) => value switch
    {
        null => "null",
        double.NaN => "null",
        Absent.Integer => "null",
        double number => $"{number.ToString("R", CultureInfo.InvariantCulture)}/{BitConverter.DoubleToInt64Bits(number):x}",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
