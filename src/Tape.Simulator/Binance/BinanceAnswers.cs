using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Binance;

/// <summary>Writes the bodies of REST answers from the synthetic market. Under the hub's lock. Each member returns the text it filled.</summary>
internal sealed class BinanceAnswers(SyntheticMarket market, JsonBuilder text)
{
    /// <summary>2028-12-29T08:00Z.</summary>
    private const long DatedDelivery = 1_861_689_600_000;

    /// <summary>Listed beside the symbols that are served, as the venue lists what is no perpetual or not traded.</summary>
    private static readonly SymbolSpec _dated = new("BTCUSDT_281229", 1, 1, 3, 845_511);
    private static readonly SymbolSpec _settling = new("SIMOLDUSDT", 4, 1, 0, 20_000);

    public JsonBuilder ExchangeInfo(long nowMs, int weightPerMinute)
    {
        text.Raw("{\"timezone\":\"UTC\",\"serverTime\":"u8).Integer(nowMs)
            .Raw(",\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":"u8).Integer(weightPerMinute);
        text.Raw("}],\"exchangeFilters\":[],\"symbols\":["u8);
        foreach (var symbol in market.Markets) Symbol(symbol.Spec, "PERPETUAL"u8, 4_133_404_800_000, "TRADING"u8);
        Symbol(_dated, "CURRENT_QUARTER"u8, DatedDelivery, "TRADING"u8, "BTC"u8);
        Symbol(_settling, "PERPETUAL"u8, DatedDelivery, "SETTLING"u8, "SIMOLD"u8);
        return text.Raw("]}"u8);
    }

    public JsonBuilder Depth(SymbolMarket symbol, int limit, long nowMs)
    {
        var ladder = symbol.Ladder(market.Random);
        text.Raw("{\"lastUpdateId\":"u8).Integer(symbol.UpdateId).Raw(",\"E\":"u8).Integer(nowMs).Raw(",\"T\":"u8).Integer(nowMs - 3).Raw(",\"bids\":["u8);
        BinanceFrames.Levels(text, symbol, ladder, Levels(ladder.Bid, ladder.BestBid, -1, limit), areBids: true);
        BinanceFrames.Levels(text.Raw("],\"asks\":["u8), symbol, ladder, Levels(ladder.Ask, ladder.BestBid + 1, 1, limit), areBids: false);
        return text.Raw("]}"u8);
    }

    /// <summary>Rows by open time, ascending; the last one may be the open candle.</summary>
    public JsonBuilder Klines(SymbolMarket symbol, RestQuery query, long nowMs)
    {
        symbol.RollTo(nowMs);
        var (from, to, limit) = (query.Integer("startTime") ?? 0, query.Integer("endTime") ?? long.MaxValue, query.Limit(500));
        var rows = symbol.Candles(from, to);
        rows = query.Has("startTime") ? rows.Take(limit) : rows.TakeLast(limit);
        text.Raw("["u8);
        var isFirst = true;
        foreach (var candle in rows)
        {
            if (!isFirst) text.Raw(","u8);
            isFirst = false;
            Row(symbol.Spec, candle);
        }
        return text.Raw("]"u8);
    }

    /// <returns>False when the trades asked for are no longer kept.</returns>
    public bool AggTrades(SymbolMarket symbol, RestQuery query)
    {
        var (fromId, limit) = (query.Integer("fromId"), query.Limit(500));
        if (fromId is { } id && id <= symbol.AggregateId && (symbol.Trades.Count == 0 || symbol.Trades.First().Id > id)) return false;
        var (from, to) = (query.Integer("startTime") ?? 0, query.Integer("endTime") ?? long.MaxValue);
        var rows = symbol.Trades.Where(trade => fromId is { } first ? trade.Id >= first : trade.TimeMs >= from && trade.TimeMs <= to);
        rows = fromId is not null || query.Has("startTime") ? rows.Take(limit) : rows.TakeLast(limit);
        text.Raw("["u8);
        var isFirst = true;
        foreach (var trade in rows)
        {
            text.Raw(isFirst ? "{\"a\":"u8 : ",{\"a\":"u8).Integer(trade.Id).Raw(",\"p\":\""u8).Decimal(trade.Price, symbol.Spec.PriceDecimals);
            text.Raw("\",\"q\":\""u8).Decimal(trade.Quantity, symbol.Spec.QuantityDecimals).Raw("\",\"nq\":\""u8)
                .Decimal(trade.Quantity, symbol.Spec.QuantityDecimals);
            text.Raw("\",\"f\":"u8).Integer(trade.FirstId).Raw(",\"l\":"u8).Integer(trade.LastId).Raw(",\"T\":"u8).Integer(trade.TimeMs).Raw(",\"m\":"u8)
                .Boolean(trade.BuyerIsMaker).Raw("}"u8);
            isFirst = false;
        }
        text.Raw("]"u8);
        return true;
    }

    public JsonBuilder OpenInterest(SymbolMarket symbol, long nowMs) =>
        text.Raw("{\"openInterest\":\""u8).Decimal(50_000_000 + symbol.TradeId % 1_000_000, symbol.Spec.QuantityDecimals).Raw("\",\"symbol\":\""u8)
            .Raw(symbol.Spec.Utf8).Raw("\",\"time\":"u8).Integer(nowMs).Raw("}"u8);

    public JsonBuilder PremiumIndex(SymbolMarket symbol, long nowMs)
    {
        var price = symbol.Price(symbol.BidTicks);
        text.Raw("{\"symbol\":\""u8).Raw(symbol.Spec.Utf8).Raw("\",\"markPrice\":\""u8).Decimal(price, symbol.Spec.PriceDecimals).Raw("\",\"indexPrice\":\""u8)
            .Decimal(price, symbol.Spec.PriceDecimals);
        text.Raw("\",\"estimatedSettlePrice\":\""u8).Decimal(price, symbol.Spec.PriceDecimals)
            .Raw("\",\"lastFundingRate\":\"0.00010000\",\"interestRate\":\"0.00010000\",\"nextFundingTime\":"u8);
        return text.Integer(PerpetualState.NextFunding(nowMs)).Raw(",\"time\":"u8).Integer(nowMs).Raw("}"u8);
    }

    public JsonBuilder AllPremiumIndexes(long nowMs)
    {
        text.Raw("["u8);
        foreach (var symbol in market.Markets) PremiumIndex(symbol, nowMs).Raw(","u8);
        return text.DropLast().Raw("]"u8);
    }

    private static List<int> Levels(Func<int, long> quantity, int from, int step, int limit)
    {
        var levels = new List<int>();
        for (var (ticks, seen) = (from, 0); levels.Count < limit && seen < 2 * BookLadder.HalfWindow; ticks += step, seen++)
            if (quantity(ticks) > 0) levels.Add(ticks);
        return levels;
    }

    private void Row(SymbolSpec spec, in Candle candle)
    {
        var (price, quantity) = (spec.PriceDecimals, spec.QuantityDecimals);
        text.Raw("["u8).Integer(candle.OpenTimeMs).Raw(",\""u8).Decimal(candle.Open, price).Raw("\",\""u8).Decimal(candle.High, price).Raw("\",\""u8)
            .Decimal(candle.Low, price);
        text.Raw("\",\""u8).Decimal(candle.Close, price).Raw("\",\""u8).Decimal(candle.Volume, quantity).Raw("\","u8)
            .Integer(candle.OpenTimeMs + Candle.MinuteMs - 1);
        text.Raw(",\""u8).Decimal(candle.Turnover, price + quantity).Raw("\","u8).Integer(candle.Trades).Raw(",\""u8).Decimal(candle.TakerBuyVolume, quantity);
        text.Raw("\",\""u8).Decimal(candle.TakerBuyTurnover, price + quantity).Raw("\",\"0\"]"u8);
    }

    private void Symbol(SymbolSpec spec, ReadOnlySpan<byte> type, long deliveryMs, ReadOnlySpan<byte> status, ReadOnlySpan<byte> baseAsset = default)
    {
        if (text.Bytes[^1] == '}') text.Raw(","u8);
        var quote = spec.Name.EndsWith("USDC", StringComparison.Ordinal) ? "USDC"u8 : "USDT"u8;
        text.Raw("{\"symbol\":\""u8).Raw(spec.Utf8).Raw("\",\"pair\":\""u8).Raw(spec.Utf8).Raw("\",\"contractType\":\""u8).Raw(type)
            .Raw("\",\"deliveryDate\":"u8).Integer(deliveryMs).Raw(",\"onboardDate\":1569398400000,\"status\":\""u8);
        text.Raw(status).Raw("\",\"baseAsset\":\""u8).Raw(baseAsset.IsEmpty ? spec.Utf8.AsSpan(0, Math.Max(1, spec.Utf8.Length - 4)) : baseAsset)
            .Raw("\",\"quoteAsset\":\""u8).Raw(quote).Raw("\",\"marginAsset\":\""u8).Raw(quote).Raw("\",\"pricePrecision\":"u8).Integer(spec.PriceDecimals);
        text.Raw(",\"quantityPrecision\":"u8).Integer(spec.QuantityDecimals)
            .Raw(",\"underlyingType\":\"COIN\",\"filters\":[{\"filterType\":\"PRICE_FILTER\",\"tickSize\":\""u8).Decimal(spec.TickUnits, spec.PriceDecimals);
        text.Raw("\"},{\"filterType\":\"LOT_SIZE\",\"stepSize\":\""u8).Decimal(1, spec.QuantityDecimals)
            .Raw("\"},{\"filterType\":\"MIN_NOTIONAL\",\"notional\":\"5\"}]}"u8);
    }
}
