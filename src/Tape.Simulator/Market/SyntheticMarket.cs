using Tape.Simulator.Serving;

namespace Tape.Simulator.Market;

/// <summary>
/// A market out of a seed: the market moves here, a venue's own class writes what it says about it. Pure: the same symbols, rate, seed, start, subscriptions
/// and times give the same bytes, however the calls to
/// <see cref="Advance"/> are cut. Streams with a pace of their own (books, mark price, candles, liquidations) keep it; trades and quotes of all subscribed
/// symbols share the rest of the rate, at least a tenth of it. Nothing is made for streams without subscribers; their ids run on. When the caller is more
/// than <see cref="LateMax"/> behind, what is older is skipped and counted. Allocates nothing per frame in steady state.
/// </summary>
internal abstract class SyntheticMarket : IFrameSource
{
    /// <summary>How far frames are made up for.</summary>
    public static readonly TimeSpan LateMax = TimeSpan.FromSeconds(2);

    private readonly SymbolMarket[] _markets;
    private readonly RandomSources _sources;
    private readonly PacedSources _paced;
    private readonly Random _random;
    private readonly double _rate;
    private readonly long _start;
    private long _skewMs;

    /// <summary>Nanoseconds since the start, so that a double keeps fractions of them.</summary>
    private double _nextRandom = double.PositiveInfinity;

    /// <param name="symbols">At least one.</param>
    /// <param name="framesPerSecond">Over all subscribed streams together; above zero.</param>
    /// <param name="random">Chance with a known seed; used by this market alone.</param>
    /// <param name="start">The market's first moment.</param>
    /// <param name="clockSkew">What <see cref="ClockSkew"/> is at the start.</param>
    protected SyntheticMarket(IReadOnlyList<SymbolSpec> symbols, double framesPerSecond, Random random, UnixNanos start, TimeSpan clockSkew = default)
    {
        _skewMs = (long)clockSkew.TotalMilliseconds;
        (_random, _rate, _start) = (random, framesPerSecond, start.Value);
        _markets = [.. symbols.Select((spec, i) => new SymbolMarket(spec, i, start.Value / UnixNanos.PerMillisecond + _skewMs))];
        _sources = new RandomSources(symbols.Count);
        _paced = new PacedSources(_markets.Length, random);
    }

    /// <summary>
    /// How far the market's own clock, which stands in its frames, is ahead of the times given to <see cref="Advance"/>. Times of trades never fall, whatever
    /// it does.
    /// </summary>
    public TimeSpan ClockSkew
    {
        set => _skewMs = (long)value.TotalMilliseconds;
    }

    public long FramesLate { get; private set; }

    /// <summary>The symbols in their order.</summary>
    public IReadOnlyList<SymbolMarket> Markets => _markets;

    /// <summary>Chance for answers over REST; under the same lock as everything here.</summary>
    public Random Random => _random;

    public abstract SimulatedStream? Find(string name);

    public virtual void Greet(SimulatedStream stream, UnixNanos now, IFrameSink subscriber)
    {
    }

    public virtual void Restart()
    {
    }

    public void SetActive(SimulatedStream stream, bool active, UnixNanos now)
    {
        if (stream.IsActive == active) return;
        stream.IsActive = active;
        if (active) stream.LastTold = 0;
        var wasIdle = _sources.Total == 0;
        if (stream.Kind is StreamKind.Orders or StreamKind.Fills or StreamKind.Quotes) SetRandom(stream, active, now);
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
                _nextRandom += Interval * Math.Max(1, MakeRandom(VenueMs(_start + (long)_nextRandom), sink));
            }
            else
            {
                if (_paced.NextDue > now.Value) return;
                MakePaced(sink);
            }
        }
    }

    /// <summary>Scratch space for frames.</summary>
    protected JsonBuilder Text { get; } = new();

    /// <summary>A time of the market's own clock, in ms.</summary>
    protected long VenueMs(long nanos) => nanos / UnixNanos.PerMillisecond + _skewMs;

    /// <summary>Whether taker orders of a symbol are being made.</summary>
    protected bool Trades(int symbol) => _sources.Trades(symbol);

    /// <summary>Makes the frames of one taker order.</summary>
    /// <param name="fills">The stream of single fills, when it is listened to.</param>
    /// <param name="orders">The stream of orders, when it is listened to.</param>
    /// <returns>Frames made.</returns>
    protected abstract int MakeOrder(SymbolMarket market, in AggregateTrade trade, SimulatedStream? fills, SimulatedStream? orders, long timeMs,
        IFrameSink sink);

    /// <summary>Makes a frame of the best prices.</summary>
    protected abstract void MakeQuote(SymbolMarket market, SimulatedStream stream, long timeMs, IFrameSink sink);

    /// <summary>Makes what is due of a stream with a pace of its own.</summary>
    /// <param name="symbol">The symbol that it is about, also where the stream is about all.</param>
    protected abstract void MakePaced(SimulatedStream stream, int symbol, long timeMs, IFrameSink sink);

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

    private void SetRandom(SimulatedStream stream, bool active, UnixNanos now)
    {
        var idle = _sources.SetActive(stream, active, now);
        if (idle > TimeSpan.Zero) _markets[stream.Symbol].Skip(idle);
    }

    /// <returns>Frames made.</returns>
    private int MakeRandom(long timeMs, IFrameSink sink)
    {
        var source = _sources.Pick(_random);
        var market = _markets[source.Symbol];
        if (source.IsBook)
        {
            MakeQuote(market, source.Quotes!, timeMs, sink);
            return 1;
        }
        var trade = market.Trade(_random, timeMs - _random.Next(20, 120));
        return MakeOrder(market, trade, Active(source.Fills), Active(source.Orders), timeMs, sink);
    }

    private static SimulatedStream? Active(SimulatedStream? stream) => stream is { IsActive: true } ? stream : null;

    private void MakePaced(IFrameSink sink)
    {
        var (stream, symbol, due) = _paced.Take();
        MakePaced(stream, symbol, VenueMs(due), sink);
    }
}
