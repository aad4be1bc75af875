using Tape.Core.Values;

namespace Tape.Simulator.Binance;

/// <summary>
/// A market out of a seed. Pure: the same symbols, rate, seed, start, subscriptions and times give the same bytes, however the calls to
/// <see cref="Advance"/> are cut. Streams with a pace of their own (depth, mark price, candles, liquidations) keep it; trades and quotes of all subscribed symbols
/// share the rest of the rate, at least a tenth of it. Nothing is made for streams that nobody subscribed; their ids run on.
/// When the caller is more than <see cref="LateMax"/> behind, what is older is skipped and counted. Allocates nothing per frame in steady state.
/// </summary>
internal sealed class SyntheticMarket : IFrameSource
{
    /// <summary>How far frames are made up for.</summary>
    public static readonly TimeSpan LateMax = TimeSpan.FromSeconds(2);

    private readonly SymbolMarket[] _markets;
    private readonly SyntheticStreams _streams;
    private readonly RandomSources _sources;
    private readonly PacedSources _paced;
    private readonly Random _random;
    private readonly double _rate;
    private readonly long _start;
    private long _skewMs;
    private readonly JsonText _text = new();
    private readonly List<int> _bids = [], _asks = [];

    /// <summary>Nanoseconds since the start, so that a double keeps fractions of them.</summary>
    private double _nextRandom = double.PositiveInfinity;

    /// <param name="symbols">At least one.</param>
    /// <param name="framesPerSecond">Over all subscribed streams together; above zero.</param>
    /// <param name="random">Chance with a known seed; used by this market alone.</param>
    /// <param name="start">The market's first moment.</param>
    /// <param name="clockSkew">What <see cref="ClockSkew"/> is at the start.</param>
    public SyntheticMarket(IReadOnlyList<SymbolSpec> symbols, double framesPerSecond, Random random, UnixNanos start, TimeSpan clockSkew = default)
    {
        _skewMs = (long)clockSkew.TotalMilliseconds;
        (_random, _rate, _start) = (random, framesPerSecond, start.Value);
        _markets = [.. symbols.Select((spec, i) => new SymbolMarket(spec, i, start.Value / UnixNanos.PerMillisecond + _skewMs))];
        _streams = new SyntheticStreams(symbols);
        _sources = new RandomSources(symbols.Count);
        _paced = new PacedSources(_markets.Length, random);
    }

    /// <summary>How far the market's own clock, which stands in its frames, is ahead of the times given to <see cref="Advance"/>. Times of trades never fall, whatever it does.</summary>
    public TimeSpan ClockSkew
    {
        set => _skewMs = (long)value.TotalMilliseconds;
    }

    public long FramesLate { get; private set; }

    /// <summary>The symbols in their order.</summary>
    public IReadOnlyList<SymbolMarket> Markets => _markets;

    /// <summary>Chance for answers over REST; under the same lock as everything here.</summary>
    public Random Random => _random;

    public BinanceStream? Find(string name) => _streams.Find(name);

    public void SetActive(BinanceStream stream, bool active, UnixNanos now)
    {
        if (stream.IsActive == active) return;
        stream.IsActive = active;
        if (active) stream.LastTold = 0;
        var wasIdle = _sources.Total == 0;
        if (stream.Kind is StreamKind.AggTrade or StreamKind.Trade or StreamKind.BookTicker) SetRandom(stream, active, now);
        else _paced.SetActive(stream, active, now);
        if (_sources.Total == 0) _nextRandom = double.PositiveInfinity;
        else if (wasIdle) _nextRandom = now.Value - _start + Interval;
    }

    public void Advance(UnixNanos now, IFrameSink sink)
    {
        SkipLate(now);
        while (true)
        {
            if (_nextRandom <= _paced.NextDue - _start)
            {
                if (_nextRandom > now.Value - _start) return;
                _nextRandom += Interval * Math.Max(1, MakeRandom((_start + (long)_nextRandom) / UnixNanos.PerMillisecond + _skewMs, sink));
            }
            else
            {
                if (_paced.NextDue > now.Value) return;
                MakePaced(sink);
            }
        }
    }

    private double Interval => UnixNanos.PerSecond / Math.Max(_rate - _paced.FramesPerSecond, _rate / 10);

    private void SkipLate(UnixNanos now)
    {
        var oldest = now.Value - LateMax.Ticks * 100;
        if (_nextRandom < oldest - _start)
        {
            var skipped = (long)((oldest - _start - _nextRandom) / Interval) + 1;
            FramesLate += skipped;
            _nextRandom += skipped * Interval;
        }
        FramesLate += _paced.SkipBefore(oldest);
    }

    private void SetRandom(BinanceStream stream, bool active, UnixNanos now)
    {
        var idle = _sources.SetActive(stream, active, now);
        if (idle > TimeSpan.Zero) _markets[stream.Symbol].Skip(idle);
    }

    /// <returns>Frames made.</returns>
    private int MakeRandom(long timeMs, IFrameSink sink)
    {
        var source = _sources.Pick(_random);
        var market = _markets[source.Symbol];
        if (source.IsBook) return MakeQuote(market, source.Quotes!, timeMs, sink);
        var trade = market.Trade(_random, timeMs - _random.Next(20, 120));
        var made = 0;
        if (source.Trades is { IsActive: true } fills) made += MakeFills(market, trade, fills, timeMs, sink);
        if (source.Aggregates is not { IsActive: true } aggregates) return made;
        MarketFrames.AggTrade(_text.Clear(), market.Spec, trade, timeMs);
        sink.Deliver(aggregates, _text.Bytes, isWhole: false);
        return made + 1;
    }

    private int MakeQuote(SymbolMarket market, BinanceStream stream, long timeMs, IFrameSink sink)
    {
        market.MoveBook(_random);
        MarketFrames.BookTicker(_text.Clear(), market, _random, timeMs);
        sink.Deliver(stream, _text.Bytes, isWhole: false);
        return 1;
    }

    private int MakeFills(SymbolMarket market, in AggregateTrade trade, BinanceStream stream, long timeMs, IFrameSink sink)
    {
        var fills = (int)(trade.LastId - trade.FirstId + 1);
        for (var i = 0; i < fills; i++)
        {
            var quantity = i == fills - 1 ? trade.Quantity - trade.Quantity / fills * (fills - 1) : trade.Quantity / fills;
            MarketFrames.Trade(_text.Clear(), market.Spec, trade, trade.FirstId + i, quantity, timeMs);
            sink.Deliver(stream, _text.Bytes, isWhole: false);
        }
        return fills;
    }

    private void MakePaced(IFrameSink sink)
    {
        var (stream, symbol, due) = _paced.Take();
        var timeMs = due / UnixNanos.PerMillisecond + _skewMs;
        switch (stream.Kind)
        {
            case StreamKind.MarkPrice: MakeMarkPrice(stream, timeMs, sink); break;
            case StreamKind.AllMarkPrices: MakeAllMarkPrices(stream, timeMs, sink); break;
            case StreamKind.Depth: MakeDepth(stream, timeMs, sink); break;
            case StreamKind.Kline: MakeKline(stream, timeMs, sink); break;
            case StreamKind.Ticker or StreamKind.MiniTicker: MakeTicker(stream, timeMs, sink); break;
            default: MakeForceOrder(stream, symbol, timeMs, sink); break;
        }
    }

    private void MakeMarkPrice(BinanceStream stream, long timeMs, IFrameSink sink)
    {
        var market = _markets[stream.Symbol];
        market.MoveBook(_random);
        MarketFrames.MarkPrice(_text.Clear(), market, _random, timeMs);
        sink.Deliver(stream, _text.Bytes, isWhole: false);
    }

    private void MakeAllMarkPrices(BinanceStream stream, long timeMs, IFrameSink sink)
    {
        _text.Clear().Raw("["u8);
        foreach (var market in _markets)
        {
            MarketFrames.MarkPrice(_text, market, _random, timeMs);
            _text.Raw(","u8);
        }
        sink.Deliver(stream, _text.DropLast().Raw("]"u8).Bytes, isWhole: false);
    }

    private void MakeTicker(BinanceStream stream, long timeMs, IFrameSink sink)
    {
        var market = _markets[stream.Symbol];
        market.RollTo(timeMs);
        if (!_sources.Trades(stream.Symbol)) market.Trade(_random, timeMs);
        var day = DayStatistics.Of(market, timeMs);
        if (stream.Kind == StreamKind.Ticker) MarketFrames.Ticker(_text.Clear(), market.Spec, day, timeMs);
        else MarketFrames.MiniTicker(_text.Clear(), market.Spec, day, timeMs);
        sink.Deliver(stream, _text.Bytes, isWhole: false);
    }

    private void MakeForceOrder(BinanceStream stream, int symbol, long timeMs, IFrameSink sink)
    {
        MarketFrames.ForceOrder(_text.Clear(), _markets[symbol], _random, timeMs);
        sink.Deliver(stream, _text.Bytes, isWhole: false);
    }

    private void MakeDepth(BinanceStream stream, long timeMs, IFrameSink sink)
    {
        var market = _markets[stream.Symbol];
        var previous = stream.LastTold == 0 ? market.UpdateId : stream.LastTold;
        market.MoveBook(_random);
        market.ChangeBook(_random, _bids, _asks);
        MarketFrames.Depth(_text.Clear(), market, market.Ladder(_random), previous + 1, previous, _bids, _asks, timeMs);
        stream.LastTold = market.UpdateId;
        sink.Deliver(stream, _text.Bytes, isWhole: false);
    }

    /// <summary>A last frame of the minute that has passed, marked closed, if this stream told of it; then the open one.</summary>
    private void MakeKline(BinanceStream stream, long timeMs, IFrameSink sink)
    {
        var market = _markets[stream.Symbol];
        market.RollTo(timeMs);
        if (stream.LastTold != 0 && stream.LastTold < market.OpenCandle.OpenTimeMs)
        {
            foreach (var candle in market.ClosedCandles)
            {
                if (candle.OpenTimeMs < stream.LastTold) continue;
                MarketFrames.Kline(_text.Clear(), market.Spec, candle, isClosed: true, timeMs);
                sink.Deliver(stream, _text.Bytes, isWhole: false);
            }
        }
        if (!_sources.Trades(stream.Symbol)) market.Trade(_random, timeMs);
        MarketFrames.Kline(_text.Clear(), market.Spec, market.OpenCandle, isClosed: false, timeMs);
        stream.LastTold = market.OpenCandle.OpenTimeMs;
        sink.Deliver(stream, _text.Bytes, isWhole: false);
    }
}
