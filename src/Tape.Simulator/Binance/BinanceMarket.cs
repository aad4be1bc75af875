using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Binance;

/// <summary>The synthetic market in Binance's words.</summary>
internal sealed class BinanceMarket(IReadOnlyList<SymbolSpec> symbols, double framesPerSecond, Random random, UnixNanos start, TimeSpan clockSkew = default)
    : SyntheticMarket(symbols, framesPerSecond, random, start, clockSkew)
{
    private readonly BinanceStreams _streams = new(symbols);
    private readonly List<int> _bids = [], _asks = [];

    public override SimulatedStream? Find(string name) => _streams.Find(name);

    protected override int MakeOrder(SymbolMarket market, in AggregateTrade trade, SimulatedStream? fills, SimulatedStream? orders, long timeMs,
        IFrameSink sink)
    {
        var made = fills is null ? 0 : MakeFills(market, trade, fills, timeMs, sink);
        if (orders is null) return made;
        BinanceFrames.AggTrade(Text.Clear(), market.Spec, trade, timeMs);
        sink.Deliver(orders, Text.Bytes, isWhole: false);
        return made + 1;
    }

    protected override void MakeQuote(SymbolMarket market, SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        market.MoveBook(Random);
        BinanceFrames.BookTicker(Text.Clear(), market, Random, timeMs);
        sink.Deliver(stream, Text.Bytes, isWhole: false);
    }

    private int MakeFills(SymbolMarket market, in AggregateTrade trade, SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        var fills = trade.Fills;
        for (var i = 0; i < fills; i++)
        {
            BinanceFrames.Trade(Text.Clear(), market.Spec, trade, trade.FirstId + i, trade.FillQuantity(i), timeMs);
            sink.Deliver(stream, Text.Bytes, isWhole: false);
        }
        return fills;
    }

    protected override void MakePaced(SimulatedStream stream, int symbol, long timeMs, IFrameSink sink)
    {
        switch (stream.Kind)
        {
            case StreamKind.MarkPrice: MakeMarkPrice(stream, timeMs, sink); break;
            case StreamKind.AllMarkPrices: MakeAllMarkPrices(stream, timeMs, sink); break;
            case StreamKind.Book: MakeDepth(stream, timeMs, sink); break;
            case StreamKind.Candles: MakeKline(stream, timeMs, sink); break;
            case StreamKind.Ticker or StreamKind.MiniTicker: MakeTicker(stream, timeMs, sink); break;
            default: MakeForceOrder(stream, symbol, timeMs, sink); break;
        }
    }

    private void MakeMarkPrice(SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        var market = Markets[stream.Symbol];
        market.MoveBook(Random);
        BinanceFrames.MarkPrice(Text.Clear(), market, Random, timeMs);
        sink.Deliver(stream, Text.Bytes, isWhole: false);
    }

    private void MakeAllMarkPrices(SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        Text.Clear().Raw("["u8);
        foreach (var market in Markets)
        {
            BinanceFrames.MarkPrice(Text, market, Random, timeMs);
            Text.Raw(","u8);
        }
        sink.Deliver(stream, Text.DropLast().Raw("]"u8).Bytes, isWhole: false);
    }

    private void MakeTicker(SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        var market = Markets[stream.Symbol];
        market.RollTo(timeMs);
        if (!Trades(stream.Symbol)) market.Trade(Random, timeMs);
        var day = DayStatistics.Of(market, timeMs);
        if (stream.Kind == StreamKind.Ticker) BinanceFrames.Ticker(Text.Clear(), market.Spec, day, timeMs);
        else BinanceFrames.MiniTicker(Text.Clear(), market.Spec, day, timeMs);
        sink.Deliver(stream, Text.Bytes, isWhole: false);
    }

    private void MakeForceOrder(SimulatedStream stream, int symbol, long timeMs, IFrameSink sink)
    {
        BinanceFrames.ForceOrder(Text.Clear(), Markets[symbol], Random, timeMs);
        sink.Deliver(stream, Text.Bytes, isWhole: false);
    }

    private void MakeDepth(SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        var market = Markets[stream.Symbol];
        var previous = stream.LastTold == 0 ? market.UpdateId : stream.LastTold;
        market.MoveBook(Random);
        market.ChangeBook(Random, _bids, _asks);
        BinanceFrames.Depth(Text.Clear(), market, market.Ladder(Random), previous + 1, previous, _bids, _asks, timeMs);
        stream.LastTold = market.UpdateId;
        sink.Deliver(stream, Text.Bytes, isWhole: false);
    }

    /// <summary>A last frame of the minute that has passed, marked closed, if this stream told of it; then the open one.</summary>
    private void MakeKline(SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        var market = Markets[stream.Symbol];
        market.RollTo(timeMs);
        if (stream.LastTold != 0 && stream.LastTold < market.OpenCandle.OpenTimeMs)
        {
            foreach (var candle in market.ClosedCandles)
            {
                if (candle.OpenTimeMs < stream.LastTold) continue;
                BinanceFrames.Kline(Text.Clear(), market.Spec, candle, isClosed: true, timeMs);
                sink.Deliver(stream, Text.Bytes, isWhole: false);
            }
        }
        if (!Trades(stream.Symbol)) market.Trade(Random, timeMs);
        BinanceFrames.Kline(Text.Clear(), market.Spec, market.OpenCandle, isClosed: false, timeMs);
        stream.LastTold = market.OpenCandle.OpenTimeMs;
        sink.Deliver(stream, Text.Bytes, isWhole: false);
    }
}
