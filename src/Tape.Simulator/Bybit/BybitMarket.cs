using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Bybit;

/// <summary>The synthetic market in Bybit's words: each new subscriber gets books and tickers as a snapshot, then what changes.</summary>
internal sealed class BybitMarket : SyntheticMarket
{
    /// <summary>After so many frames of a book a snapshot comes in the middle of its changes.</summary>
    private const int SnapshotEvery = 5000;

    private readonly Dictionary<string, int> _symbols;
    private readonly Dictionary<string, SimulatedStream> _streams = [];
    private readonly PerpetualState[] _states;
    private readonly List<int> _bids = [], _asks = [];

    public BybitMarket(IReadOnlyList<SymbolSpec> symbols, double framesPerSecond, Random random, UnixNanos start, TimeSpan clockSkew = default)
        : base(symbols, framesPerSecond, random, start, clockSkew)
    {
        _symbols = symbols.Select((spec, i) => (spec.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i);
        _states = [.. Markets.Select(market => new PerpetualState(market))];
    }

    /// <summary>The rest of what is said about a symbol.</summary>
    public PerpetualState StateOf(SymbolMarket market) => _states[market.Rank];

    public override SimulatedStream? Find(string name)
    {
        if (_streams.TryGetValue(name, out var known)) return known;
        var dot = name.LastIndexOf('.');
        if (dot <= 0 || !_symbols.TryGetValue(name[(dot + 1)..], out var symbol) || Create(name, name[..dot], symbol) is not { } stream) return null;
        _streams.Add(name, stream);
        return stream;
    }

    public override void Restart()
    {
        foreach (var stream in _streams.Values)
        {
            if (stream is BookStream book) book.IsRestarted = true;
            else if (stream is QuoteStream quote) quote.IsRestarted = true;
        }
    }

    public override void Greet(SimulatedStream stream, UnixNanos now, IFrameSink subscriber)
    {
        var (timeMs, market) = (VenueMs(now.Value), Markets[stream.Symbol]);
        if (stream is BookStream book) SnapshotBook(market, book, timeMs, subscriber);
        else if (stream is TickerStream ticker) SnapshotTicker(market, ticker, timeMs, subscriber);
    }

    protected override int MakeOrder(SymbolMarket market, in AggregateTrade trade, SimulatedStream? fills, SimulatedStream? orders, long timeMs,
        IFrameSink sink)
    {
        if (orders is null) return 0;
        var isSplit = trade.Fills > 1 && Random.Next(16) == 0; // a burst over two messages with the same number
        var first = isSplit ? trade.Fills / 2 : trade.Fills;
        BybitFrames.Trades(Text.Clear(), market, trade, 0, first, timeMs);
        sink.Deliver(orders, Text.Bytes, isWhole: true);
        if (!isSplit) return 1;
        BybitFrames.Trades(Text.Clear(), market, trade, first, trade.Fills, timeMs);
        sink.Deliver(orders, Text.Bytes, isWhole: true);
        return 2;
    }

    protected override void MakeQuote(SymbolMarket market, SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        var quote = (QuoteStream)stream;
        if (quote.LastTold == 0 || quote.IsRestarted || Random.Next(64) != 0)
        {
            market.MoveBook(Random);
            var (bid, ask) = (market.Price(market.BidTicks), market.Price(market.BidTicks + market.SpreadTicks));
            quote.Told = (bid, Random.Next(1, 20_000), ask, Random.Next(1, 20_000), market.Sequence, timeMs - Random.Next(1, 4));
            quote.LastTold = quote.IsRestarted ? 1 : quote.LastTold == 0 ? market.UpdateId : quote.LastTold + 1;
            quote.IsRestarted = false;
        }

        BybitFrames.Quote(Text.Clear(), market, quote, timeMs);
        sink.Deliver(quote, Text.Bytes, isWhole: true);
    }

    protected override void MakePaced(SimulatedStream stream, int symbol, long timeMs, IFrameSink sink)
    {
        var market = Markets[symbol];
        if (stream is BookStream book) MakeBook(market, book, timeMs, sink);
        else if (stream is TickerStream ticker) MakeTicker(market, ticker, timeMs, sink);
        else if (stream.Kind == StreamKind.Candles) MakeCandles(market, stream, timeMs, sink);
        else
        {
            BybitFrames.Liquidation(Text.Clear(), market, Random, timeMs);
            sink.Deliver(stream, Text.Bytes, isWhole: true);
        }
    }

    private static SimulatedStream? Create(string name, string channel, int symbol) => channel switch
    {
        "publicTrade" => new(name, BybitChannels.Linear, StreamKind.Orders, symbol, default),
        "orderbook.1" => new QuoteStream(name, symbol),
        "orderbook.50" => new BookStream(name, BybitChannels.Linear, symbol, TimeSpan.FromMilliseconds(20), 50),
        "orderbook.200" => new BookStream(name, BybitChannels.Linear, symbol, TimeSpan.FromMilliseconds(100), 200),
        "orderbook.1000" => new BookStream(name, BybitChannels.Linear, symbol, TimeSpan.FromMilliseconds(200), 1000),
        "tickers" => new TickerStream(name, symbol),
        "allLiquidation" => new(name, BybitChannels.Linear, StreamKind.Liquidations, symbol, default),
        "kline.1" => new(name, BybitChannels.Linear, StreamKind.Candles, symbol, TimeSpan.FromSeconds(1)),
        _ => null,
    };

    private void MakeBook(SymbolMarket market, BookStream stream, long timeMs, IFrameSink sink)
    {
        market.MoveBook(Random);
        market.ChangeBook(Random, _bids, _asks);
        stream.View.Take(market.Ladder(Random));
        var isSnapshot = stream.LastTold == 0 || stream.IsRestarted || stream.Frames % SnapshotEvery == SnapshotEvery - 1;
        stream.LastTold = stream.IsRestarted ? 1 : stream.LastTold == 0 ? market.UpdateId : stream.LastTold + 1;
        (stream.IsRestarted, stream.Frames) = (false, stream.Frames + 1);
        BybitFrames.Book(Text.Clear(), market, stream, isSnapshot, timeMs);
        sink.Deliver(stream, Text.Bytes, isWhole: true);
    }

    private void SnapshotBook(SymbolMarket market, BookStream stream, long timeMs, IFrameSink subscriber)
    {
        if (stream.LastTold == 0)
        {
            stream.View.Take(market.Ladder(Random));
            stream.LastTold = market.UpdateId;
        }

        BybitFrames.Book(Text.Clear(), market, stream, isSnapshot: true, timeMs);
        subscriber.Deliver(stream, Text.Bytes, isWhole: true);
    }

    private void MakeTicker(SymbolMarket market, TickerStream stream, long timeMs, IFrameSink sink)
    {
        if (stream.LastTold == 0)
        {
            SnapshotTicker(market, stream, timeMs, sink);
            return;
        }

        var state = _states[stream.Symbol];
        if (Random.Next(4) == 0) state.MoveMark(Random);
        if (Random.Next(4) == 0) state.MoveIndex(Random);
        if (Random.Next(20) == 0) state.MoveOpenInterest(Random);
        if (Random.Next(200) == 0) state.MoveFunding(Random);
        TakeTicker(market, stream, stream.Next, timeMs);
        if (!BybitFrames.Ticker(Text.Clear(), market, stream, isSnapshot: false, timeMs)) return;
        stream.Next.CopyTo(stream.Told, 0);
        sink.Deliver(stream, Text.Bytes, isWhole: true);
    }

    private void SnapshotTicker(SymbolMarket market, TickerStream stream, long timeMs, IFrameSink subscriber)
    {
        if (stream.LastTold == 0)
        {
            TakeTicker(market, stream, stream.Told, timeMs);
            stream.Told.CopyTo(stream.Next, 0);
            stream.LastTold = 1;
        }

        BybitFrames.Ticker(Text.Clear(), market, stream, isSnapshot: true, timeMs);
        subscriber.Deliver(stream, Text.Bytes, isWhole: true);
    }

    private void TakeTicker(SymbolMarket market, TickerStream stream, long[] values, long timeMs)
    {
        market.RollTo(timeMs);
        BybitTicker.Take(values, market, _states[stream.Symbol], Random, timeMs);
        stream.Sequence = market.Sequence;
    }

    /// <summary>The minutes that have passed since the last frame, closed, and the open one, in one frame.</summary>
    private void MakeCandles(SymbolMarket market, SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        market.RollTo(timeMs);
        var text = Text.Clear().Raw("{\"topic\":\""u8).Raw(stream.Utf8).Raw("\",\"data\":["u8);
        var lastTradeMs = Math.Max(market.LastTrade.TimeMs, market.OpenCandle.OpenTimeMs);
        if (stream.LastTold != 0 && stream.LastTold < market.OpenCandle.OpenTimeMs)
        {
            foreach (var candle in market.ClosedCandles)
            {
                if (candle.OpenTimeMs < stream.LastTold) continue;
                BybitFrames.Candle(text, market.Spec, candle, isClosed: true, timeMs);
                text.Raw(","u8);
            }
        }
        else if (!Trades(stream.Symbol))
        {
            market.Trade(Random, timeMs);
            lastTradeMs = timeMs;
        }

        BybitFrames.Candle(text, market.Spec, market.OpenCandle, isClosed: false, lastTradeMs);
        text.Raw("],\"ts\":"u8).Integer(timeMs).Raw(",\"type\":\"snapshot\"}"u8);
        stream.LastTold = market.OpenCandle.OpenTimeMs;
        sink.Deliver(stream, text.Bytes, isWhole: true);
    }
}
