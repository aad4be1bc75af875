using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Okx;

/// <summary>
/// Writes OKX's data frames of 2026: all values are texts but for sequence numbers, sizes are contracts. All times are milliseconds since the epoch.
/// </summary>
internal static class OkxFrames
{
    /// <summary>An order's fills as one trade, under the id of the last of them.</summary>
    public static void Trade(JsonBuilder text, SimulatedStream stream, SymbolMarket market, in AggregateTrade trade, long sequence)
    {
        Row(text, stream, market.Spec, trade, trade.LastId, trade.Quantity).Raw("\",\"count\":\""u8).Integer(trade.Fills).Raw("\",\"source\":\""u8)
            .Raw(trade.Id % 41 == 0 ? "1"u8 : "0"u8);
        text.Raw("\",\"seqId\":"u8).Integer(sequence).Raw("}]}"u8);
    }

    /// <summary>One fill.</summary>
    public static void Fill(JsonBuilder text, SimulatedStream stream, SymbolMarket market, in AggregateTrade trade, int index) =>
        Row(text, stream, market.Spec, trade, trade.FirstId + index, trade.FillQuantity(index)).Raw("\",\"source\":\"0\"}]}"u8);

    /// <summary>The best prices; a side without a quantity is empty.</summary>
    public static void Quote(JsonBuilder text, SimulatedStream stream, SymbolMarket market, long bidQuantity, long askQuantity, long sequence, long sentMs)
    {
        Best(Head(text, stream).Raw("{\"asks\":["u8), market, market.BidTicks + market.SpreadTicks, askQuantity);
        Best(text.Raw("],\"bids\":["u8), market, market.BidTicks, bidQuantity);
        text.Raw("],\"ts\":\""u8).Integer(sentMs).Raw("\",\"seqId\":"u8).Integer(sequence).Raw("}]}"u8);
    }

    public static void Ticker(JsonBuilder text, SimulatedStream stream, SymbolMarket market, in DayStatistics day, Random random, long sentMs)
    {
        var (spec, price, quantity) = (market.Spec, market.Spec.PriceDecimals, market.Spec.QuantityDecimals);
        Head(text, stream).Raw("{\"instType\":\"SWAP\",\"instId\":\""u8).Raw(spec.Utf8).Raw("\",\"last\":\""u8).Trimmed(day.Last, price)
            .Raw("\",\"lastSz\":\""u8).Trimmed(day.LastQuantity, quantity);
        text.Raw("\",\"askPx\":\""u8).Trimmed(market.Price(market.BidTicks + market.SpreadTicks), price).Raw("\",\"askSz\":\""u8)
            .Trimmed(random.Next(1, 20_000), quantity);
        text.Raw("\",\"bidPx\":\""u8).Trimmed(market.Price(market.BidTicks), price).Raw("\",\"bidSz\":\""u8).Trimmed(random.Next(1, 20_000), quantity);
        text.Raw("\",\"open24h\":\""u8).Trimmed(day.Open, price).Raw("\",\"high24h\":\""u8).Trimmed(day.High, price).Raw("\",\"low24h\":\""u8)
            .Trimmed(day.Low, price);
        InBase(text.Raw("\",\"volCcy24h\":\""u8), spec, day.Volume, quantity).Raw("\",\"vol24h\":\""u8).Trimmed(day.Volume, quantity);
        text.Raw("\",\"sodUtc0\":\""u8).Trimmed(day.Open, price).Raw("\",\"sodUtc8\":\""u8).Trimmed(day.Open, price);
        End(text, sentMs);
    }

    public static void MarkPrice(JsonBuilder text, SimulatedStream stream, SymbolSpec spec, PerpetualState state, long sentMs) =>
        End(Swap(Head(text, stream).Raw("{"u8), spec).Raw("\",\"markPx\":\""u8).Decimal(state.MarkPrice, spec.PriceDecimals), sentMs);

    /// <summary>The index has a name of its own: the swap's without what makes it a swap.</summary>
    public static void IndexPrice(JsonBuilder text, SimulatedStream stream, SymbolSpec spec, PerpetualState state, in DayStatistics day, long sentMs)
    {
        var price = spec.PriceDecimals;
        Head(text, stream).Raw("{\"instId\":\""u8).Raw(OkxInstruments.Index(spec)).Raw("\",\"idxPx\":\""u8).Trimmed(state.IndexPrice, price)
            .Raw("\",\"open24h\":\""u8).Trimmed(day.Open, price);
        text.Raw("\",\"high24h\":\""u8).Trimmed(day.High, price).Raw("\",\"low24h\":\""u8).Trimmed(day.Low, price).Raw("\",\"sodUtc0\":\""u8)
            .Trimmed(day.Open, price).Raw("\",\"sodUtc8\":\""u8).Trimmed(day.Open, price);
        End(text, sentMs);
    }

    /// <summary><c>fundingTime</c> is the next settlement, <c>nextFundingTime</c> the one after it.</summary>
    public static void Funding(JsonBuilder text, SimulatedStream stream, SymbolSpec spec, PerpetualState state, long sentMs)
    {
        var next = PerpetualState.NextFunding(sentMs);
        Head(text, stream).Raw("{\"formulaType\":\"withRate\",\"fundingRate\":\""u8)
            .Decimal(state.FundingRate * 10_000 + 378, PerpetualState.FundingDecimals + 4).Raw("\",\"fundingTime\":\""u8).Integer(next);
        text.Raw("\",\"impactValue\":\"20000.0000000000000000\",\"instId\":\""u8).Raw(spec.Utf8)
            .Raw("\",\"instType\":\"SWAP\",\"interestRate\":\"0.0001000000000000\",\"maxFundingRate\":\"0.00375\""u8);
        text.Raw(",\"method\":\"current_period\",\"minFundingRate\":\"-0.00375\",\"nextFundingRate\":\"\",\"nextFundingTime\":\""u8)
            .Integer(next + PerpetualState.FundingEvery);
        text.Raw("\",\"premium\":\"-0.0005333853474351\",\"prevFundingTime\":\""u8).Integer(next - PerpetualState.FundingEvery)
            .Raw("\",\"settFundingRate\":\"0.0000337200721784\",\"settState\":\"settled"u8);
        End(text, sentMs);
    }

    /// <summary>With the noise of a venue that adds in binary: more digits than the contract has.</summary>
    public static void OpenInterest(JsonBuilder text, SimulatedStream stream, SymbolSpec spec, PerpetualState state, long sentMs)
    {
        var (noisy, decimals) = (state.OpenInterest * 1_000_000_000 + 925, spec.QuantityDecimals + 9);
        Swap(Head(text, stream).Raw("{"u8), spec).Raw("\",\"oi\":\""u8).Trimmed(noisy, decimals).Raw("\",\"oiCcy\":\""u8);
        if (spec.ContractExponent > 0) InBase(text, spec, state.OpenInterest, spec.QuantityDecimals);
        else text.Trimmed(noisy, decimals - spec.ContractExponent);
        InBase(text.Raw("\",\"oiUsd\":\""u8), spec, state.OpenInterest * state.MarkPrice, spec.QuantityDecimals + spec.PriceDecimals);
        End(text, sentMs);
    }

    /// <summary>A liquidation; <c>side</c> is the order's, <c>posSide</c> the position's.</summary>
    public static void Liquidation(JsonBuilder text, SimulatedStream stream, SymbolMarket market, bool isLong, long quantity, long timeMs)
    {
        var spec = market.Spec;
        var index = OkxInstruments.Index(spec);
        var price = market.Price(market.BidTicks + (isLong ? -1 : 1) * Math.Max(1, market.BidTicks / 100));
        Head(text, stream).Raw("{\"details\":[{\"bkLoss\":\"0\",\"bkPx\":\""u8).Trimmed(price, spec.PriceDecimals)
            .Raw(isLong ? "\",\"ccy\":\"\",\"posSide\":\"long\",\"side\":\"sell\",\"sz\":\""u8
            : "\",\"ccy\":\"\",\"posSide\":\"short\",\"side\":\"buy\",\"sz\":\""u8);
        text.Trimmed(quantity, spec.QuantityDecimals).Raw("\",\"ts\":\""u8).Integer(timeMs).Raw("\"}],\"instFamily\":\""u8).Raw(index).Raw("\",\"instId\":\""u8)
            .Raw(spec.Utf8);
        text.Raw("\",\"instType\":\"SWAP\",\"uly\":\""u8).Raw(index).Raw("\"}]}"u8);
    }

    /// <summary>A book's state, its changes, or a word that there were none.</summary>
    public static void Book(JsonBuilder text, SimulatedStream stream, SymbolMarket market, IReadOnlyList<BookLevel> bids, IReadOnlyList<BookLevel> asks,
        bool isSnapshot, long previous, long sequence, long sentMs)
    {
        text.Raw("{\"arg\":"u8).Raw(stream.Utf8)
            .Raw(isSnapshot ? ",\"action\":\"snapshot\",\"data\":[{\"asks\":["u8 : ",\"action\":\"update\",\"data\":[{\"asks\":["u8);
        Levels(text, market, asks);
        Levels(text.Raw("],\"bids\":["u8), market, bids);
        text.Raw("],\"ts\":\""u8).Integer(sentMs).Raw("\",\"checksum\":0,\"seqId\":"u8).Integer(sequence).Raw(",\"prevSeqId\":"u8).Integer(previous)
            .Raw("}]}"u8);
    }

    /// <summary>The whole of a small book.</summary>
    public static void Snapshot(JsonBuilder text, SimulatedStream stream, SymbolMarket market, BookView view, long sequence, long sentMs)
    {
        Levels(Head(text, stream).Raw("{\"asks\":["u8), market, view.Asks);
        Levels(text.Raw("],\"bids\":["u8), market, view.Bids);
        text.Raw("],\"instId\":\""u8).Raw(market.Spec.Utf8).Raw("\",\"ts\":\""u8).Integer(sentMs).Raw("\",\"seqId\":"u8).Integer(sequence).Raw("}]}"u8);
    }

    /// <summary>One candle of those in a frame, or of those in an answer.</summary>
    public static void Candle(JsonBuilder text, SymbolSpec spec, in Candle candle, bool isClosed)
    {
        var (price, quantity) = (spec.PriceDecimals, spec.QuantityDecimals);
        text.Raw("[\""u8).Integer(candle.OpenTimeMs).Raw("\",\""u8).Trimmed(candle.Open, price).Raw("\",\""u8).Trimmed(candle.High, price).Raw("\",\""u8)
            .Trimmed(candle.Low, price);
        text.Raw("\",\""u8).Trimmed(candle.Close, price).Raw("\",\""u8).Trimmed(candle.Volume, quantity);
        InBase(text.Raw("\",\""u8), spec, candle.Volume, quantity);
        InBase(text.Raw("\",\""u8), spec, candle.Turnover, price + quantity).Raw(isClosed ? "\",\"1\"]"u8 : "\",\"0\"]"u8);
    }

    public static void Levels(JsonBuilder text, SymbolMarket market, IReadOnlyList<BookLevel> levels)
    {
        for (var i = 0; i < levels.Count; i++)
        {
            text.Raw(i == 0 ? "[\""u8 : ",[\""u8).Trimmed(market.Price(levels[i].Ticks), market.Spec.PriceDecimals).Raw("\",\""u8)
                .Trimmed(levels[i].Quantity, market.Spec.QuantityDecimals);
            text.Raw("\",\"0\",\""u8).Integer(levels[i].Quantity == 0 ? 0 : 1 + levels[i].Quantity % 50).Raw("\"]"u8);
        }
    }

    public static JsonBuilder Head(JsonBuilder text, SimulatedStream stream) => text.Raw("{\"arg\":"u8).Raw(stream.Utf8).Raw(",\"data\":["u8);

    private static JsonBuilder Row(JsonBuilder text, SimulatedStream stream, SymbolSpec spec, in AggregateTrade trade, long id, long quantity)
    {
        Head(text, stream).Raw("{\"instId\":\""u8).Raw(spec.Utf8).Raw("\",\"tradeId\":\""u8).Integer(id).Raw("\",\"px\":\""u8)
            .Trimmed(trade.Price, spec.PriceDecimals);
        return text.Raw("\",\"sz\":\""u8).Trimmed(quantity, spec.QuantityDecimals)
            .Raw(trade.BuyerIsMaker ? "\",\"side\":\"sell\",\"ts\":\""u8 : "\",\"side\":\"buy\",\"ts\":\""u8).Integer(trade.TimeMs);
    }

    private static JsonBuilder Swap(JsonBuilder text, SymbolSpec spec) => text.Raw("\"instId\":\""u8).Raw(spec.Utf8).Raw("\",\"instType\":\"SWAP"u8);

    private static void End(JsonBuilder text, long sentMs) => text.Raw("\",\"ts\":\""u8).Integer(sentMs).Raw("\"}]}"u8);

    private static void Best(JsonBuilder text, SymbolMarket market, int ticks, long quantity)
    {
        if (quantity > 0) Levels(text, market, [new BookLevel(ticks, quantity)]);
    }

    /// <summary>A number of contracts, or of contracts times a price, in the base asset.</summary>
    private static JsonBuilder InBase(JsonBuilder text, SymbolSpec spec, long units, int decimals) =>
        spec.ContractExponent >= 0 ? text.Trimmed(units * JsonBuilder.PowerOf10(spec.ContractExponent), decimals)
            : text.Trimmed(units, decimals - spec.ContractExponent);
}
