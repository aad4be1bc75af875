namespace Tape.Simulator.Market;

/// <summary>The market of one symbol: price walk, ids, book, candles. Pure: time and chance are passed in. Guarded by the hub's lock.</summary>
internal sealed class SymbolMarket
{
    /// <summary>Aggregate trades and closed candles kept for REST.</summary>
    public const int HistoryMax = 2000;

    private readonly Queue<AggregateTrade> _trades = new();
    private readonly Queue<Candle> _candles = new();
    private BookLadder? _ladder;
    private Candle _candle;
    private readonly MinuteHistory _history;
    private readonly long _startMs;
    private long _lastTradeMs;

    public SymbolMarket(SymbolSpec spec, int rank, long startMs)
    {
        (Spec, Rank) = (spec, rank);
        BidTicks = spec.StartTicks;
        TradeId = 1_000_000_000L + rank * 10_000_000L;
        AggregateId = 400_000_000L + rank * 1_000_000L;
        UpdateId = 5_000_000_000L + rank * 100_000_000L;
        (_history, _startMs) = (new MinuteHistory(spec), startMs - startMs % Candle.MinuteMs);
        _candle = Candle.Flat(_startMs, Price(BidTicks));
    }

    public SymbolSpec Spec { get; }

    /// <summary>Its place among the market's symbols.</summary>
    public int Rank { get; }

    /// <summary>Best bid in ticks.</summary>
    public int BidTicks { get; private set; }

    /// <summary>Best ask minus best bid in ticks.</summary>
    public int SpreadTicks { get; private set; } = 1;

    /// <summary>The last fill's id.</summary>
    public long TradeId { get; private set; }

    public long AggregateId { get; private set; }

    /// <summary>The book's last update id.</summary>
    public long UpdateId { get; private set; }

    /// <summary>Rises with every taker order and every change of the book, for venues whose trades and books share a number.</summary>
    public long Sequence => UpdateId + AggregateId;

    /// <summary>The last taker order; without a quantity before the first.</summary>
    public AggregateTrade LastTrade { get; private set; }

    public IReadOnlyCollection<AggregateTrade> Trades => _trades;

    public IReadOnlyCollection<Candle> ClosedCandles => _candles;

    /// <summary>
    /// Candles that open within both ends, oldest first: those before the start, those closed since then, as far as they are kept, and the open one.
    /// </summary>
    public IEnumerable<Candle> Candles(long fromMs, long toMs)
    {
        var first = Math.Max(fromMs, _startMs - (long)MinuteHistory.Reach.TotalMilliseconds);
        for (var minute = first + (Candle.MinuteMs - first % Candle.MinuteMs) % Candle.MinuteMs; minute < _startMs && minute <= toMs; minute += Candle.MinuteMs)
            yield return _history.At(minute);
        foreach (var candle in _candles.Append(_candle))
            if (candle.OpenTimeMs >= fromMs && candle.OpenTimeMs <= toMs) yield return candle;
    }

    public ref readonly Candle OpenCandle => ref _candle;

    /// <summary>Ticks in units of the last price digit.</summary>
    public long Price(int ticks) => (long)ticks * Spec.TickUnits;

    /// <summary>Moves the best prices by a step that tends back to the start, and the update id with it.</summary>
    public void MoveBook(Random random)
    {
        var fromStart = BidTicks - Spec.StartTicks;
        var pull = fromStart > BookLadder.HalfWindow / 2 ? -1 : fromStart < -BookLadder.HalfWindow / 2 ? 1 : 0;
        BidTicks = Math.Clamp(BidTicks + random.Next(-1, 2) + pull, Math.Max(1, Spec.StartTicks - BookLadder.HalfWindow),
            Spec.StartTicks + BookLadder.HalfWindow);
        SpreadTicks = random.Next(8) == 0 ? 2 : 1;
        UpdateId += random.Next(1, 40);
    }

    /// <summary>One taker order.</summary>
    public AggregateTrade Trade(Random random, long timeMs)
    {
        if (random.Next(4) == 0) MoveBook(random);
        var buyerIsMaker = random.Next(2) == 0;
        var fills = random.Next(4) == 0 ? random.Next(2, 5) : 1;
        var price = Price(buyerIsMaker ? BidTicks : BidTicks + SpreadTicks);
        _lastTradeMs = Math.Max(Math.Max(_lastTradeMs, timeMs), _candle.OpenTimeMs); // never into a candle that is closed
        RollTo(_lastTradeMs);
        var trade = new AggregateTrade(++AggregateId, price, random.Next(fills, 3000), TradeId + 1, TradeId + fills, _lastTradeMs, buyerIsMaker);
        TradeId += fills;
        _candle.Add(price, trade.Quantity, !buyerIsMaker, trade.FirstId, trade.LastId);
        if (_trades.Count == HistoryMax) _trades.Dequeue();
        _trades.Enqueue(trade);
        LastTrade = trade;
        return trade;
    }

    /// <summary>Lets ids run on for a time without listeners.</summary>
    public void Skip(TimeSpan silence)
    {
        var trades = (long)(silence.TotalSeconds * 5) + 1;
        AggregateId += trades;
        TradeId += trades * 2;
        UpdateId += trades * 30;
    }

    /// <summary>Closes candles whose minute has passed; at most <see cref="HistoryMax"/> empty ones for a long silence.</summary>
    public void RollTo(long timeMs)
    {
        var minute = timeMs - timeMs % Candle.MinuteMs;
        if (minute - _candle.OpenTimeMs > HistoryMax * Candle.MinuteMs) _candle = Candle.Flat(minute - HistoryMax * Candle.MinuteMs, _candle.Close);
        while (_candle.OpenTimeMs < minute)
        {
            if (_candles.Count == HistoryMax) _candles.Dequeue();
            _candles.Enqueue(_candle);
            _candle = Candle.Flat(_candle.OpenTimeMs + Candle.MinuteMs, _candle.Close);
        }
    }

    /// <summary>The book, made when first asked for.</summary>
    public BookLadder Ladder(Random random)
    {
        if (_ladder is not null) return _ladder;
        _ladder = new BookLadder(Spec.StartTicks);
        _ladder.Fill(BidTicks, SpreadTicks, random);
        return _ladder;
    }

    /// <summary>Changes the book and moves its update id.</summary>
    public void ChangeBook(Random random, List<int> bids, List<int> asks)
    {
        var ladder = Ladder(random);
        UpdateId += random.Next(1, 40);
        ladder.Change(BidTicks, SpreadTicks, random, bids, asks);
    }
}
