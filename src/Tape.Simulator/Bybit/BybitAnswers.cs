using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Bybit;

/// <summary>Writes the results of REST answers from the synthetic market, newest rows first as the venue does. Under the hub's lock.</summary>
internal static class BybitAnswers
{
    /// <summary>Rows by open time, newest first; the first one may be open.</summary>
    public static JsonBuilder Candles(SymbolMarket symbol, RestQuery query, long nowMs)
    {
        symbol.RollTo(nowMs);
        var (spec, from, to) = (symbol.Spec, query.Integer("start") ?? 0, query.Integer("end") ?? long.MaxValue);
        var text = new JsonBuilder().Raw("{\"symbol\":\""u8).Raw(spec.Utf8).Raw("\",\"category\":\"linear\",\"list\":["u8);
        var isFirst = true;
        foreach (var candle in symbol.Candles(from, to).Reverse().Take(query.Limit(200)))
        {
            text.Raw(isFirst ? "[\""u8 : ",[\""u8).Integer(candle.OpenTimeMs).Raw("\",\""u8).Trimmed(candle.Open, spec.PriceDecimals).Raw("\",\""u8)
                .Trimmed(candle.High, spec.PriceDecimals);
            text.Raw("\",\""u8).Trimmed(candle.Low, spec.PriceDecimals).Raw("\",\""u8).Trimmed(candle.Close, spec.PriceDecimals).Raw("\",\""u8)
                .Trimmed(candle.Volume, spec.QuantityDecimals);
            text.Raw("\",\""u8).Trimmed(candle.Turnover, spec.PriceDecimals + spec.QuantityDecimals).Raw("\"]"u8);
            isFirst = false;
        }

        return text.Raw("]}"u8);
    }

    /// <summary>Fills, newest first; those of the orders that are still kept.</summary>
    public static JsonBuilder Trades(SymbolMarket symbol, int limit)
    {
        var spec = symbol.Spec;
        var text = new JsonBuilder().Raw("{\"category\":\"linear\",\"list\":["u8);
        var fills = symbol.Trades.Reverse().SelectMany(trade => Enumerable.Range(0, trade.Fills).Reverse().Select(i => (Trade: trade, Index: i))).Take(limit);
        var isFirst = true;
        foreach (var (trade, index) in fills)
        {
            text.Raw(isFirst ? "{\"execId\":\""u8 : ",{\"execId\":\""u8)
                .Raw(System.Text.Encoding.ASCII.GetBytes(BybitFrames.TradeId(spec, trade.FirstId + index).ToString()));
            text.Raw("\",\"symbol\":\""u8).Raw(spec.Utf8).Raw("\",\"price\":\""u8).Decimal(trade.Price, spec.PriceDecimals).Raw("\",\"size\":\""u8)
                .Decimal(trade.FillQuantity(index), spec.QuantityDecimals);
            text.Raw(trade.BuyerIsMaker ? "\",\"side\":\"Sell\",\"time\":\""u8 : "\",\"side\":\"Buy\",\"time\":\""u8).Integer(trade.TimeMs)
                .Raw("\",\"isBlockTrade\":"u8).Boolean(BybitFrames.IsBlock(trade.FirstId + index)).Raw(",\"isRPITrade\":"u8)
                .Boolean(BybitFrames.IsRpi(trade.FirstId + index)).Raw("}"u8);
            isFirst = false;
        }

        return text.Raw("]}"u8);
    }

    public static JsonBuilder Book(BybitMarket market, SymbolMarket symbol, int limit, long nowMs)
    {
        var view = new BookView(limit);
        view.Take(symbol.Ladder(market.Random));
        var text = new JsonBuilder().Raw("{\"s\":\""u8).Raw(symbol.Spec.Utf8).Raw("\",\"b\":["u8);
        BybitFrames.Levels(text, symbol, view.Bids);
        BybitFrames.Levels(text.Raw("],\"a\":["u8), symbol, view.Asks);
        return text.Raw("],\"ts\":"u8).Integer(nowMs).Raw(",\"u\":"u8).Integer(symbol.UpdateId).Raw(",\"seq\":"u8).Integer(symbol.Sequence).Raw(",\"cts\":"u8)
            .Integer(nowMs - 2).Raw("}"u8);
    }

    public static JsonBuilder Tickers(BybitMarket market, IReadOnlyList<SymbolMarket> symbols, long nowMs)
    {
        var text = new JsonBuilder().Raw("{\"category\":\"linear\",\"list\":["u8);
        var values = new long[BybitTicker.Count];
        for (var i = 0; i < symbols.Count; i++)
        {
            symbols[i].RollTo(nowMs);
            BybitTicker.Take(values, symbols[i], market.StateOf(symbols[i]), market.Random, nowMs);
            text.Raw(i == 0 ? "{\"symbol\":\""u8 : ",{\"symbol\":\""u8).Raw(symbols[i].Spec.Utf8).Raw("\""u8);
            BybitTicker.Write(text, symbols[i].Spec, values, null);
            text.Raw("}"u8);
        }

        return text.Raw("]}"u8);
    }
}
