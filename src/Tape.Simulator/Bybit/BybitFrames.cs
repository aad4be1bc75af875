using System.IO.Hashing;
using Tape.Simulator.Journal;
using Tape.Simulator.Market;

namespace Tape.Simulator.Bybit;

/// <summary>Writes Bybit's data frames of 2026. All times are milliseconds since the epoch.</summary>
internal static class BybitFrames
{
    /// <summary>Fills of a taker order from one place to another, oldest first.</summary>
    public static void Trades(JsonBuilder text, SymbolMarket market, in AggregateTrade trade, int from, int toExcl, long sentMs)
    {
        Head(text, "publicTrade"u8, market.Spec).Raw("\",\"type\":\"snapshot\",\"ts\":"u8).Integer(sentMs).Raw(",\"data\":["u8);
        for (var i = from; i < toExcl; i++) Trade(text.Raw(i == from ? default : ","u8), market, trade, i);
        text.Raw("]}"u8);
    }

    /// <summary>One level. The order of the first keys is not the same for all symbols, as on the venue.</summary>
    public static void Quote(JsonBuilder text, SymbolMarket market, QuoteStream stream, long sentMs)
    {
        var (spec, told) = (market.Spec, stream.Told);
        Head(text, "orderbook.1"u8, spec);
        if (stream.Symbol % 2 == 0) text.Raw("\",\"type\":\"snapshot\",\"ts\":"u8).Integer(sentMs);
        else text.Raw("\",\"ts\":"u8).Integer(sentMs).Raw(",\"type\":\"snapshot\""u8);
        text.Raw(",\"data\":{\"s\":\""u8).Raw(spec.Utf8).Raw("\",\"b\":[[\""u8).Decimal(told.Bid, spec.PriceDecimals).Raw("\",\""u8)
            .Decimal(told.BidQuantity, spec.QuantityDecimals);
        text.Raw("\"]],\"a\":[[\""u8).Decimal(told.Ask, spec.PriceDecimals).Raw("\",\""u8).Decimal(told.AskQuantity, spec.QuantityDecimals);
        text.Raw("\"]],\"u\":"u8).Integer(stream.LastTold).Raw(",\"seq\":"u8).Integer(told.Sequence).Raw("},\"cts\":"u8).Integer(told.MatchedMs).Raw("}"u8);
    }

    /// <summary>A book's state or its changes.</summary>
    public static void Book(JsonBuilder text, SymbolMarket market, BookStream stream, bool isSnapshot, long sentMs)
    {
        var (spec, view) = (market.Spec, stream.View);
        text.Raw("{\"topic\":\""u8).Raw(stream.Utf8).Raw(isSnapshot ? "\",\"type\":\"snapshot\",\"ts\":"u8 : "\",\"type\":\"delta\",\"ts\":"u8).Integer(sentMs);
        Levels(text.Raw(",\"data\":{\"s\":\""u8).Raw(spec.Utf8).Raw("\",\"b\":["u8), market, isSnapshot ? view.Bids : view.BidChanges);
        Levels(text.Raw("],\"a\":["u8), market, isSnapshot ? view.Asks : view.AskChanges);
        text.Raw("],\"u\":"u8).Integer(stream.LastTold).Raw(",\"seq\":"u8).Integer(market.Sequence).Raw("},\"cts\":"u8).Integer(sentMs - 2).Raw("}"u8);
    }

    /// <summary>What has changed of a ticker, or all of it.</summary>
    /// <returns>False when nothing has changed: then the text is no frame.</returns>
    public static bool Ticker(JsonBuilder text, SymbolMarket market, TickerStream stream, bool isSnapshot, long sentMs)
    {
        Head(text, "tickers"u8, market.Spec)
            .Raw(isSnapshot ? "\",\"type\":\"snapshot\",\"data\":{\"symbol\":\""u8 : "\",\"type\":\"delta\",\"data\":{\"symbol\":\""u8).Raw(market.Spec.Utf8)
            .Raw("\""u8);
        if (BybitTicker.Write(text, market.Spec, isSnapshot ? stream.Told : stream.Next, isSnapshot ? null : stream.Told) == 0) return false;
        text.Raw("},\"cs\":"u8).Integer(stream.Sequence).Raw(",\"ts\":"u8).Integer(sentMs).Raw("}"u8);
        return true;
    }

    /// <summary>A liquidation; <c>S</c> names the position that was closed.</summary>
    public static void Liquidation(JsonBuilder text, SymbolMarket market, Random random, long sentMs)
    {
        var (spec, isLong) = (market.Spec, random.Next(2) == 0);
        Head(text, "allLiquidation"u8, spec).Raw("\",\"type\":\"snapshot\",\"ts\":"u8).Integer(sentMs).Raw(",\"data\":[{\"T\":"u8)
            .Integer(sentMs - random.Next(1, 500)).Raw(",\"s\":\""u8).Raw(spec.Utf8);
        text.Raw(isLong ? "\",\"S\":\"Buy\",\"v\":\""u8 : "\",\"S\":\"Sell\",\"v\":\""u8).Decimal(random.Next(10, 5000), spec.QuantityDecimals);
        text.Raw("\",\"p\":\""u8).Decimal(market.Price(market.BidTicks + (isLong ? -1 : 1) * Math.Max(1, market.BidTicks / 100)), spec.PriceDecimals)
            .Raw("\"}]}"u8);
    }

    /// <summary>One candle of those in a frame.</summary>
    public static void Candle(JsonBuilder text, SymbolSpec spec, in Candle candle, bool isClosed, long lastTradeMs)
    {
        var (price, quantity) = (spec.PriceDecimals, spec.QuantityDecimals);
        text.Raw("{\"start\":"u8).Integer(candle.OpenTimeMs).Raw(",\"end\":"u8).Integer(candle.OpenTimeMs + Market.Candle.MinuteMs - 1)
            .Raw(",\"interval\":\"1\",\"open\":\""u8).Trimmed(candle.Open, price);
        text.Raw("\",\"close\":\""u8).Trimmed(candle.Close, price).Raw("\",\"high\":\""u8).Trimmed(candle.High, price).Raw("\",\"low\":\""u8)
            .Trimmed(candle.Low, price);
        text.Raw("\",\"volume\":\""u8).Trimmed(candle.Volume, quantity).Raw("\",\"turnover\":\""u8).Trimmed(candle.Turnover, price + quantity);
        text.Raw("\",\"confirm\":"u8).Boolean(isClosed).Raw(",\"timestamp\":"u8).Integer(lastTradeMs).Raw("}"u8);
    }

    public static void Levels(JsonBuilder text, SymbolMarket market, IReadOnlyList<BookLevel> levels)
    {
        for (var i = 0; i < levels.Count; i++)
        {
            text.Raw(i == 0 ? "[\""u8 : ",[\""u8).Decimal(market.Price(levels[i].Ticks), market.Spec.PriceDecimals).Raw("\",\""u8);
            if (levels[i].Quantity == 0) text.Raw("0\"]"u8);
            else text.Decimal(levels[i].Quantity, market.Spec.QuantityDecimals).Raw("\"]"u8);
        }
    }

    /// <summary>A fill's id: a UUID that is the same however often it is asked for.</summary>
    public static Guid TradeId(SymbolSpec spec, long fill)
    {
        Span<byte> seed = stackalloc byte[16];
        var name = XxHash64.HashToUInt64(spec.Utf8);
        BitConverter.TryWriteBytes(seed, unchecked((long)name + fill));
        BitConverter.TryWriteBytes(seed[8..], fill);
        var (first, second) = (XxHash64.HashToUInt64(seed), XxHash64.HashToUInt64(seed[..8]));
        BitConverter.TryWriteBytes(seed, first);
        BitConverter.TryWriteBytes(seed[8..], second);
        (seed[6], seed[8]) = ((byte)(seed[6] & 0x0F | 0x50), (byte)(seed[8] & 0x3F | 0x80));
        return new Guid(seed, bigEndian: true);
    }

    /// <summary>Whether a fill is one of a block trade.</summary>
    public static bool IsBlock(long fill) => fill % 997 == 0;

    /// <summary>Whether a fill met a retail price improvement order.</summary>
    public static bool IsRpi(long fill) => fill % 53 == 0;

    private static JsonBuilder Head(JsonBuilder text, ReadOnlySpan<byte> channel, SymbolSpec spec) =>
        text.Raw("{\"topic\":\""u8).Raw(channel).Raw("."u8).Raw(spec.Utf8);

    private static void Trade(JsonBuilder text, SymbolMarket market, in AggregateTrade trade, int index)
    {
        var (spec, fill) = (market.Spec, trade.FirstId + index);
        Span<byte> id = stackalloc byte[36];
        TradeId(spec, fill).TryFormat(id, out _);
        text.Raw("{\"T\":"u8).Integer(trade.TimeMs).Raw(",\"s\":\""u8).Raw(spec.Utf8)
            .Raw(trade.BuyerIsMaker ? "\",\"S\":\"Sell\",\"v\":\""u8 : "\",\"S\":\"Buy\",\"v\":\""u8);
        text.Decimal(trade.FillQuantity(index), spec.QuantityDecimals).Raw("\",\"p\":\""u8).Decimal(trade.Price, spec.PriceDecimals);
        text.Raw("\",\"L\":\""u8).Raw(index == 0 ? ""u8 : "Zero"u8).Raw(trade.BuyerIsMaker ? "MinusTick\",\"i\":\""u8 : "PlusTick\",\"i\":\""u8).Raw(id);
        text.Raw("\",\"BT\":"u8).Boolean(IsBlock(fill)).Raw(",\"RPI\":"u8).Boolean(IsRpi(fill)).Raw(",\"seq\":"u8).Integer(market.Sequence).Raw("}"u8);
    }
}
