using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Okx;

/// <summary>
/// The synthetic market in OKX's words: a chain of sequence numbers in books, contracts for sizes, and a last known value for every new subscriber of what
/// comes seldom.
/// </summary>
internal sealed class OkxMarket : SyntheticMarket
{
    /// <summary>Every so many frames of a book there is one that says only that nothing has changed: once a minute.</summary>
    private const int IdleEvery = 600;

    /// <summary>Where sequence numbers begin after a restart.</summary>
    private const long SequenceAfterRestart = 1000;

    /// <summary>How old the first liquidation is that a new subscriber gets.</summary>
    private const long StaleMs = 10 * 60_000;

    private readonly OkxStreams _streams;
    private readonly PerpetualState[] _states;
    private readonly long[] _sequenceOffsets;
    private readonly List<int> _bids = [], _asks = [];

    public OkxMarket(IReadOnlyList<SymbolSpec> symbols, double framesPerSecond, Random random, UnixNanos start, TimeSpan clockSkew = default)
        : base(symbols, framesPerSecond, random, start, clockSkew)
    {
        _streams = new OkxStreams(symbols);
        _states = [.. Markets.Select(market => new PerpetualState(market))];
        _sequenceOffsets = new long[symbols.Count];
    }

    /// <summary>Whether a new subscriber of a book gets no snapshot.</summary>
    public bool BooksWithoutSnapshot { get; init; }

    public override SimulatedStream? Find(string name) => _streams.Find(name);

    /// <summary>The sequence number of a symbol's book, as frames have it.</summary>
    public long SequenceOf(SymbolMarket market) => market.Sequence - _sequenceOffsets[market.Rank];

    /// <summary>The next change of every book has a number below the one before it.</summary>
    public override void Restart()
    {
        for (var i = 0; i < _sequenceOffsets.Length; i++) _sequenceOffsets[i] = Markets[i].Sequence - SequenceAfterRestart;
    }

    public override void Greet(SimulatedStream stream, UnixNanos now, IFrameSink subscriber)
    {
        var timeMs = VenueMs(now.Value);
        if (stream is BookStream book) GreetBook(book, timeMs, subscriber);
        else if (stream.Kind == StreamKind.AllLiquidations)
        {
            OkxFrames.Liquidation(Text.Clear(), stream, Markets[0], isLong: true, quantity: 13, timeMs - StaleMs);
            subscriber.Deliver(stream, Text.Bytes, isWhole: true);
        }
        else if (stream.Kind is StreamKind.Funding or StreamKind.OpenInterest or StreamKind.MarkPrice or StreamKind.IndexPrice)
        {
            Tell(stream, timeMs - (long)stream.Period.TotalMilliseconds, subscriber);
        }
    }

    protected override int MakeOrder(SymbolMarket market, in AggregateTrade trade, SimulatedStream? fills, SimulatedStream? orders, long timeMs,
        IFrameSink sink)
    {
        for (var i = 0; fills is not null && i < trade.Fills; i++)
        {
            OkxFrames.Fill(Text.Clear(), fills, market, trade, i);
            sink.Deliver(fills, Text.Bytes, isWhole: true);
        }

        if (orders is not null)
        {
            OkxFrames.Trade(Text.Clear(), orders, market, trade, SequenceOf(market));
            sink.Deliver(orders, Text.Bytes, isWhole: true);
        }

        return (fills is null ? 0 : trade.Fills) + (orders is null ? 0 : 1);
    }

    /// <summary>Now and then a side is empty.</summary>
    protected override void MakeQuote(SymbolMarket market, SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        market.MoveBook(Random);
        var empty = Random.Next(1000);
        OkxFrames.Quote(Text.Clear(), stream, market, empty == 0 ? 0 : Random.Next(1, 100_000), empty == 1 ? 0 : Random.Next(1, 100_000), SequenceOf(market),
            timeMs);
        sink.Deliver(stream, Text.Bytes, isWhole: true);
    }

    protected override void MakePaced(SimulatedStream stream, int symbol, long timeMs, IFrameSink sink)
    {
        var (market, state) = (Markets[symbol], _states[symbol]);
        switch (stream.Kind)
        {
            case StreamKind.Book: MakeBook(market, (BookStream)stream, timeMs, sink); return;
            case StreamKind.Candles: MakeCandles(market, stream, timeMs, sink); return;
            case StreamKind.AllLiquidations:
                OkxFrames.Liquidation(Text.Clear(), stream, market, Random.Next(2) == 0, Random.Next(10, 5000),
                timeMs - Random.Next(1, 1000)); break;
            case StreamKind.Ticker: WriteTicker(market, stream, timeMs); break;
            case StreamKind.MarkPrice: state.MoveMark(Random); break;
            case StreamKind.IndexPrice: state.MoveIndex(Random); break;
            case StreamKind.Funding: state.MoveFunding(Random); break;
            default: state.MoveOpenInterest(Random); break;
        }

        if (stream.Kind is StreamKind.AllLiquidations or StreamKind.Ticker) sink.Deliver(stream, Text.Bytes, isWhole: true);
        else Tell(stream, timeMs, sink);
    }

    /// <summary>Tells a value as it is.</summary>
    private void Tell(SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        var (spec, state) = (Markets[stream.Symbol].Spec, _states[stream.Symbol]);
        Text.Clear();
        switch (stream.Kind)
        {
            case StreamKind.MarkPrice: OkxFrames.MarkPrice(Text, stream, spec, state, timeMs); break;
            case StreamKind.IndexPrice: OkxFrames.IndexPrice(Text, stream, spec, state, DayStatistics.Of(Markets[stream.Symbol], timeMs), timeMs); break;
            case StreamKind.Funding: OkxFrames.Funding(Text, stream, spec, state, timeMs); break;
            default: OkxFrames.OpenInterest(Text, stream, spec, state, timeMs); break;
        }

        sink.Deliver(stream, Text.Bytes, isWhole: true);
    }

    private void WriteTicker(SymbolMarket market, SimulatedStream stream, long timeMs)
    {
        market.RollTo(timeMs);
        if (!Trades(stream.Symbol)) market.Trade(Random, timeMs);
        OkxFrames.Ticker(Text.Clear(), stream, market, DayStatistics.Of(market, timeMs), Random, timeMs);
    }

    private void GreetBook(BookStream stream, long timeMs, IFrameSink subscriber)
    {
        var market = Markets[stream.Symbol];
        if (stream.LastTold == 0) Begin(market, stream);
        if (BooksWithoutSnapshot) return;
        if (stream.IsSnapshot) OkxFrames.Snapshot(Text.Clear(), stream, market, stream.View, stream.LastTold, timeMs);
        else OkxFrames.Book(Text.Clear(), stream, market, stream.View.Bids, stream.View.Asks, isSnapshot: true, -1, stream.LastTold, timeMs);
        subscriber.Deliver(stream, Text.Bytes, isWhole: true);
    }

    private void Begin(SymbolMarket market, BookStream stream)
    {
        stream.View.Take(market.Ladder(Random));
        stream.LastTold = SequenceOf(market);
    }

    private void MakeBook(SymbolMarket market, BookStream stream, long timeMs, IFrameSink sink)
    {
        if (stream.LastTold == 0) Begin(market, stream);
        var previous = stream.LastTold;
        if (!stream.IsSnapshot && ++stream.Frames % IdleEvery == 0)
            OkxFrames.Book(Text.Clear(), stream, market, [], [], isSnapshot: false, previous, previous, timeMs);
        else
        {
            market.MoveBook(Random);
            market.ChangeBook(Random, _bids, _asks);
            stream.View.Take(market.Ladder(Random));
            stream.LastTold = SequenceOf(market);
            if (stream.IsSnapshot) OkxFrames.Snapshot(Text.Clear(), stream, market, stream.View, stream.LastTold, timeMs);
            else OkxFrames.Book(Text.Clear(), stream, market, stream.View.BidChanges, stream.View.AskChanges, isSnapshot: false, previous, stream.LastTold,
                timeMs);
        }

        sink.Deliver(stream, Text.Bytes, isWhole: true);
    }

    /// <summary>The minutes that have passed since the last frame, closed, and the open one, in one frame.</summary>
    private void MakeCandles(SymbolMarket market, SimulatedStream stream, long timeMs, IFrameSink sink)
    {
        market.RollTo(timeMs);
        OkxFrames.Head(Text.Clear(), stream);
        if (stream.LastTold != 0 && stream.LastTold < market.OpenCandle.OpenTimeMs)
        {
            foreach (var candle in market.ClosedCandles)
            {
                if (candle.OpenTimeMs < stream.LastTold) continue;
                OkxFrames.Candle(Text, market.Spec, candle, isClosed: true);
                Text.Raw(","u8);
            }
        }
        else if (!Trades(stream.Symbol)) market.Trade(Random, timeMs);

        OkxFrames.Candle(Text, market.Spec, market.OpenCandle, isClosed: false);
        stream.LastTold = market.OpenCandle.OpenTimeMs;
        sink.Deliver(stream, Text.Raw("]}"u8).Bytes, isWhole: true);
    }
}
