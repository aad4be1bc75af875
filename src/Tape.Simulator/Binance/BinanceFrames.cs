using Tape.Simulator.Market;

namespace Tape.Simulator.Binance;

/// <summary>Writes the venue's data frames of 2026 (bare, as in one-stream mode). All times are milliseconds since the epoch.</summary>
internal static class BinanceFrames
{
    public static void AggTrade(JsonBuilder text, SymbolSpec spec, in AggregateTrade trade, long sentMs)
    {
        text.Raw("""{"e":"aggTrade","E":"""u8).Integer(sentMs).Raw(",\"a\":"u8).Integer(trade.Id).Raw(",\"s\":\""u8).Raw(spec.Utf8);
        text.Raw("\",\"p\":\""u8).Decimal(trade.Price, spec.PriceDecimals).Raw("\",\"q\":\""u8).Decimal(trade.Quantity, spec.QuantityDecimals);
        text.Raw("\",\"nq\":\""u8).Decimal(trade.Quantity, spec.QuantityDecimals).Raw("\",\"f\":"u8).Integer(trade.FirstId).Raw(",\"l\":"u8)
            .Integer(trade.LastId);
        text.Raw(",\"T\":"u8).Integer(trade.TimeMs).Raw(",\"m\":"u8).Boolean(trade.BuyerIsMaker).Raw(",\"st\":1}"u8);
    }

    public static void Trade(JsonBuilder text, SymbolSpec spec, in AggregateTrade trade, long id, long quantity, long sentMs)
    {
        text.Raw("""{"e":"trade","E":"""u8).Integer(sentMs).Raw(",\"T\":"u8).Integer(trade.TimeMs).Raw(",\"s\":\""u8).Raw(spec.Utf8).Raw("\",\"t\":"u8).Integer(id);
        text.Raw(",\"p\":\""u8).Decimal(trade.Price, spec.PriceDecimals).Raw("\",\"q\":\""u8).Decimal(quantity, spec.QuantityDecimals);
        text.Raw("\",\"X\":\"MARKET\",\"m\":"u8).Boolean(trade.BuyerIsMaker).Raw(",\"st\":1}"u8);
    }

    public static void BookTicker(JsonBuilder text, SymbolMarket market, Random random, long sentMs)
    {
        var spec = market.Spec;
        text.Raw("""{"e":"bookTicker","u":"""u8).Integer(market.UpdateId).Raw(",\"s\":\""u8).Raw(spec.Utf8).Raw("\",\"ps\":\""u8).Raw(spec.Utf8);
        text.Raw("\",\"b\":\""u8).Decimal(market.Price(market.BidTicks), spec.PriceDecimals).Raw("\",\"B\":\""u8)
            .Decimal(random.Next(1, 20_000), spec.QuantityDecimals);
        text.Raw("\",\"a\":\""u8).Decimal(market.Price(market.BidTicks + market.SpreadTicks), spec.PriceDecimals).Raw("\",\"A\":\""u8)
            .Decimal(random.Next(1, 20_000), spec.QuantityDecimals);
        text.Raw("\",\"T\":"u8).Integer(sentMs - 1).Raw(",\"E\":"u8).Integer(sentMs).Raw(",\"st\":1}"u8);
    }

    /// <summary>Mark, index, settle price and funding. The next funding time is this very moment when it is one.</summary>
    public static void MarkPrice(JsonBuilder text, SymbolMarket market, Random random, long sentMs)
    {
        var spec = market.Spec;
        var decimals = Math.Max(8, spec.PriceDecimals);
        var mid = (market.Price(market.BidTicks)
            + market.Price(market.BidTicks + market.SpreadTicks)) * JsonBuilder.PowerOf10(decimals - spec.PriceDecimals) / 2;
        var grain = Math.Max(1, mid / 100_000);
        text.Raw("""{"e":"markPriceUpdate","E":"""u8).Integer(sentMs).Raw(",\"s\":\""u8).Raw(spec.Utf8).Raw("\",\"p\":\""u8).Decimal(mid + random.NextInt64(grain), decimals);
        text.Raw("\",\"ap\":\""u8).Decimal(mid + random.NextInt64(grain), decimals).Raw("\",\"P\":\""u8).Decimal(mid + 3 * grain, decimals);
        text.Raw("\",\"i\":\""u8).Decimal(mid - random.NextInt64(grain), decimals).Raw("\",\"r\":\""u8).Decimal(random.Next(-5000, 10_001), 8);
        text.Raw("\",\"T\":"u8).Integer(PerpetualState.NextFunding(sentMs)).Raw(",\"st\":1}"u8);
    }

    public static void ForceOrder(JsonBuilder text, SymbolMarket market, Random random, long sentMs)
    {
        var spec = market.Spec;
        var sell = random.Next(2) == 0;
        var (quantity, last) = (random.Next(10, 5000), random.Next(1, 10));
        var average = market.Price(sell ? market.BidTicks : market.BidTicks + market.SpreadTicks);
        var limit = market.Price(market.BidTicks + (sell ? -1 : 1) * Math.Max(1, market.BidTicks / 100));
        text.Raw("""{"e":"forceOrder","E":"""u8).Integer(sentMs).Raw(",\"o\":{\"s\":\""u8).Raw(spec.Utf8).Raw("\",\"S\":\""u8).Raw(sell ? "SELL"u8 : "BUY"u8);
        text.Raw("\",\"o\":\"LIMIT\",\"f\":\"IOC\",\"q\":\""u8).Decimal(quantity, spec.QuantityDecimals).Raw("\",\"p\":\""u8)
            .Decimal(limit, spec.PriceDecimals);
        text.Raw("\",\"ap\":\""u8).Decimal(average, spec.PriceDecimals).Raw("\",\"X\":\"FILLED\",\"l\":\""u8).Decimal(last, spec.QuantityDecimals);
        text.Raw("\",\"z\":\""u8).Decimal(quantity, spec.QuantityDecimals).Raw("\",\"T\":"u8).Integer(sentMs - 1000 - random.Next(60));
        text.Raw(",\"ps\":\""u8).Raw(spec.Utf8).Raw("\",\"st\":1}}"u8);
    }

    /// <summary>A change of the book; <paramref name="previous"/> is the last update id that this stream told.</summary>
    public static void Depth(JsonBuilder text, SymbolMarket market, BookLadder ladder, long first, long previous, List<int> bids, List<int> asks, long sentMs)
    {
        var spec = market.Spec;
        text.Raw("""{"e":"depthUpdate","E":"""u8).Integer(sentMs).Raw(",\"T\":"u8).Integer(sentMs - 3).Raw(",\"s\":\""u8).Raw(spec.Utf8).Raw("\",\"ps\":\""u8).Raw(spec.Utf8);
        text.Raw("\",\"U\":"u8).Integer(first).Raw(",\"u\":"u8).Integer(market.UpdateId).Raw(",\"pu\":"u8).Integer(previous);
        Levels(text.Raw(",\"b\":["u8), market, ladder, bids, areBids: true);
        Levels(text.Raw("],\"a\":["u8), market, ladder, asks, areBids: false);
        text.Raw("],\"st\":1}"u8);
    }

    public static void Levels(JsonBuilder text, SymbolMarket market, BookLadder ladder, List<int> ticks, bool areBids)
    {
        for (var i = 0; i < ticks.Count; i++)
        {
            text.Raw(i == 0 ? "[\""u8 : ",[\""u8).Decimal(market.Price(ticks[i]), market.Spec.PriceDecimals);
            text.Raw("\",\""u8).Decimal(areBids ? ladder.Bid(ticks[i]) : ladder.Ask(ticks[i]), market.Spec.QuantityDecimals).Raw("\"]"u8);
        }
    }

    /// <summary>Statistics of the last 24 hours, of which the market knows what happened since its start.</summary>
    public static void Ticker(JsonBuilder text, SymbolSpec spec, in DayStatistics day, long sentMs)
    {
        var (price, quantity) = (spec.PriceDecimals, spec.QuantityDecimals);
        text.Raw("""{"e":"24hrTicker","E":"""u8).Integer(sentMs).Raw(",\"s\":\""u8).Raw(spec.Utf8).Raw("\",\"p\":\""u8).Decimal(day.Change, price);
        text.Raw("\",\"P\":\""u8).Decimal(day.ChangeThousandthsOfPercent, 3).Raw("\",\"w\":\""u8).Decimal(day.AveragePrice, price).Raw("\",\"c\":\""u8)
            .Decimal(day.Last, price);
        text.Raw("\",\"Q\":\""u8).Decimal(day.LastQuantity, quantity).Raw("\",\"o\":\""u8).Decimal(day.Open, price).Raw("\",\"h\":\""u8)
            .Decimal(day.High, price)
            .Raw("\",\"l\":\""u8).Decimal(day.Low, price);
        text.Raw("\",\"v\":\""u8).Decimal(day.Volume, quantity).Raw("\",\"q\":\""u8).Decimal(day.Turnover, price + quantity).Raw("\",\"O\":"u8)
            .Integer(sentMs - DayStatistics.DayMs).Raw(",\"C\":"u8).Integer(sentMs);
        text.Raw(",\"F\":"u8).Integer(day.FirstTradeId).Raw(",\"L\":"u8).Integer(day.LastTradeId).Raw(",\"n\":"u8).Integer(day.Trades).Raw(",\"st\":1}"u8);
    }

    public static void MiniTicker(JsonBuilder text, SymbolSpec spec, in DayStatistics day, long sentMs)
    {
        var (price, quantity) = (spec.PriceDecimals, spec.QuantityDecimals);
        text.Raw("""{"e":"24hrMiniTicker","E":"""u8).Integer(sentMs).Raw(",\"s\":\""u8).Raw(spec.Utf8).Raw("\",\"c\":\""u8).Decimal(day.Last, price).Raw("\",\"o\":\""u8).Decimal(day.Open, price);
        text.Raw("\",\"h\":\""u8).Decimal(day.High, price).Raw("\",\"l\":\""u8).Decimal(day.Low, price).Raw("\",\"v\":\""u8).Decimal(day.Volume, quantity)
            .Raw("\",\"q\":\""u8).Decimal(day.Turnover, price + quantity).Raw("\",\"st\":1}"u8);
    }

    public static void Kline(JsonBuilder text, SymbolSpec spec, in Candle candle, bool isClosed, long sentMs)
    {
        var (price, quantity) = (spec.PriceDecimals, spec.QuantityDecimals);
        text.Raw("""{"e":"kline","E":"""u8).Integer(sentMs).Raw(",\"s\":\""u8).Raw(spec.Utf8).Raw("\",\"k\":{\"t\":"u8).Integer(candle.OpenTimeMs);
        text.Raw(", \"T\":"u8).Integer(candle.OpenTimeMs + Candle.MinuteMs - 1).Raw(", \"s\":\""u8).Raw(spec.Utf8).Raw("\", \"i\":\"1m\", \"f\":"u8)
            .Integer(candle.FirstTradeId);
        text.Raw(", \"L\":"u8).Integer(candle.LastTradeId).Raw(", \"o\":\""u8).Decimal(candle.Open, price).Raw("\", \"c\":\""u8).Decimal(candle.Close, price);
        text.Raw("\", \"h\":\""u8).Decimal(candle.High, price).Raw("\", \"l\":\""u8).Decimal(candle.Low, price).Raw("\", \"v\":\""u8)
            .Decimal(candle.Volume, quantity);
        text.Raw("\", \"n\":"u8).Integer(candle.Trades).Raw(", \"x\":"u8).Boolean(isClosed).Raw(", \"q\":\""u8).Decimal(candle.Turnover, price + quantity);
        text.Raw("\", \"V\":\""u8).Decimal(candle.TakerBuyVolume, quantity).Raw("\", \"Q\":\""u8).Decimal(candle.TakerBuyTurnover, price + quantity)
            .Raw("\", \"B\":\"0\"},\"st\":1}"u8);
    }
}
