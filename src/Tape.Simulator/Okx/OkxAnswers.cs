using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Okx;

/// <summary>Writes the rows of REST answers from the synthetic market, newest first as the venue does. Under the hub's lock.</summary>
internal static class OkxAnswers
{
    public static JsonBuilder Book(OkxMarket market, SymbolMarket symbol, int limit, long nowMs)
    {
        var view = new BookView(limit);
        view.Take(symbol.Ladder(market.Random));
        var text = new JsonBuilder().Raw("{\"asks\":["u8);
        OkxFrames.Levels(text, symbol, view.Asks);
        OkxFrames.Levels(text.Raw("],\"bids\":["u8), symbol, view.Bids);
        return text.Raw("],\"ts\":\""u8).Integer(nowMs).Raw("\",\"seqId\":"u8).Integer(market.SequenceOf(symbol)).Raw("}"u8);
    }

    /// <summary>Fills, as this endpoint has them.</summary>
    public static JsonBuilder Trades(SymbolMarket symbol, int limit)
    {
        var (text, spec) = (new JsonBuilder(), symbol.Spec);
        foreach (var (trade, index) in symbol.Trades.Reverse().SelectMany(trade => Enumerable.Range(0, trade.Fills).Reverse().Select(index => (trade, index)))
            .Take(limit))
        {
            text.Raw(text.Length == 0 ? "{\"instId\":\""u8 : ",{\"instId\":\""u8).Raw(spec.Utf8)
                .Raw(trade.BuyerIsMaker ? "\",\"side\":\"sell\",\"sz\":\""u8 : "\",\"side\":\"buy\",\"sz\":\""u8);
            text.Trimmed(trade.FillQuantity(index), spec.QuantityDecimals).Raw("\",\"source\":\"0\",\"px\":\""u8).Trimmed(trade.Price, spec.PriceDecimals);
            text.Raw("\",\"tradeId\":\""u8).Integer(trade.FirstId + index).Raw("\",\"ts\":\""u8).Integer(trade.TimeMs).Raw("\"}"u8);
        }

        return text;
    }

    /// <summary>Rows strictly older than <c>after</c> and strictly newer than <c>before</c>; the newest of them when there are too many.</summary>
    /// <param name="isHistory">All but the running one; else the last 1440.</param>
    public static JsonBuilder Candles(SymbolMarket symbol, RestQuery query, int limit, long nowMs, bool isHistory)
    {
        symbol.RollTo(nowMs);
        var (text, older, newer) = (new JsonBuilder(), query.Integer("after") ?? long.MaxValue, query.Integer("before") ?? 0);
        var open = symbol.OpenCandle.OpenTimeMs;
        var (from, to) = isHistory ? (newer + 1, Math.Min(older, open) - 1) : (Math.Max(newer + 1, open - 1439 * Candle.MinuteMs), older - 1);
        foreach (var candle in symbol.Candles(from, to).Reverse().Take(limit))
        {
            if (text.Length > 0) text.Raw(","u8);
            OkxFrames.Candle(text, symbol.Spec, candle, candle.OpenTimeMs < open);
        }

        return text;
    }
}
