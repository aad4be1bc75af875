using Tape.Core.Candles;
using Tape.Derive.Decoding;
using Tape.Derive.Gaps;
using Tape.Storage.Tapes;
using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Candles.Closing;

/// <summary>
/// Closes minutes: out of trades where they were received throughout, else out of the venue's own candles. It knows time only from records: a minute closes by
/// a later frame or by a tick. Pure: the same records from the same state give the same candles, however they are cut into ranges. Allocates nothing per trade
/// in steady state. Not thread-safe.
/// </summary>
/// <remarks>
/// Minutes are those of the venue's time. A minute that is decided stays decided: what comes later is told as late, a final candle is handed on as a repeat.
/// It is undone only when it turns out that a channel was silent longer than could be seen then.
/// </remarks>
public sealed partial class CandleDeriver : RecordObserver
{
    /// <summary>So long after its end a minute is decided: trades on their way have come by then.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>So long after its end a minute is decided, whatever is still open about its channels.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(2);

    /// <summary>Decided minutes are known for so long, for copies of trades and for silences that show late.</summary>
    public static readonly TimeSpan Remembers = TimeSpan.FromMinutes(15);

    /// <summary>Clocks of venue and recorder may differ by this, and a frame may be on its way for as long: coverage must reach beyond the minute.</summary>
    private const long SlackNanos = UnixNanos.PerSecond;

    private static readonly object Skipped = new();

    private readonly GapTracker _gaps;
    private readonly Func<string, string, double?> _units;
    private readonly List<SymbolMinutes> _symbols = [];
    private readonly Dictionary<string, Dictionary<byte[], SymbolMinutes>> _byName = [];
    private readonly Dictionary<StreamKey, List<(SymbolMinutes Symbol, int Channel)>> _byStream = [];
    private readonly Func<string, IVenue?> _venues;
    private CandleBatch _batch = new();
    private int _gapsSeen;
    private long _nextDueMs = long.MinValue;

    /// <param name="gaps">Observes the same records, and is asked before this one.</param>
    /// <param name="units">Base units in one unit of the quantity of trades, by venue and symbol; null where it is not known.</param>
    /// <param name="state">From <see cref="SaveState"/>; null at the start of a tape.</param>
    /// <exception cref="DamagedException">The state can't be read.</exception>
    public CandleDeriver(GapTracker gaps, Func<string, IVenue?> venues, Func<string, string, double?> units, string? state = null)
    {
        (_gaps, _venues, _units) = (gaps, venues, units);
        if (state is null) return;
        var saved = CandleDeriverState.Parse(state);
        NextSeq = saved.NextSeq;
        foreach (var symbol in saved.Symbols) Add(symbol);
    }

    /// <summary>The next record to take in; those before it are passed over.</summary>
    public long NextSeq { get; private set; }

    /// <summary>Whether streams of a rule can bring trades or candles: those of books and quotes need not be decoded.</summary>
    public static bool Reads(SequenceRule rule) => !(rule.IsBookChange || rule.IsSnapshot || rule.Kind == SequenceKind.RisingQuotes);

    /// <summary>What was derived since the last time.</summary>
    public CandleBatch TakeBatch()
    {
        var batch = _batch;
        _batch = new CandleBatch();
        return batch;
    }

    /// <summary>The state after the last record taken in.</summary>
    public string SaveState() => new CandleDeriverState { NextSeq = NextSeq, Symbols = _symbols }.ToJson();

    /// <summary>The gap tracker's entries were taken from it.</summary>
    public void GapsTaken() => _gapsSeen = 0;

    protected override object? StateOf(OpenConnection connection, string wire, StreamKey stream)
    {
        var rule = _venues(connection.Venue)?.SequenceOf(stream.Channel) ?? SequenceRule.None;
        return Reads(rule) ? stream : Skipped;
    }

    protected override void Frame(in TapeRecord record, ref DecodedFrame frame)
    {
        if (!Begins(record) || ReferenceEquals(frame.State, Skipped) || frame.Decode(record) != FrameOutcome.Events) return;
        var events = frame.Events;
        if (events.Trades.Count + events.Candles.Count == 0) return;
        var stream = (StreamKey?)frame.State ?? new StreamKey(frame.Venue, "", "");
        foreach (ref readonly var trade in events.Trades.Items)
            if (IsMarketTrade(events, trade)) Take(record, SymbolOf(frame.Venue, events.Text(trade.Head.Symbol), record), stream, events, trade);
        foreach (ref readonly var candle in events.Candles.Items)
            if (events.Text(candle.Timeframe).SequenceEqual("1m"u8))
                Take(record, SymbolOf(frame.Venue, events.Text(candle.Head.Symbol), record), stream, candle);
    }

    protected override void Note(in TapeRecord record, Storage.Tapes.Notes.Note note) => Begins(record);

    protected override void Other(in TapeRecord record) => Begins(record);

    protected override void Tick(in TapeRecord record)
    {
        if (!Begins(record)) return;
        var nowMs = record.Time.Value / UnixNanos.PerMillisecond;
        if (nowMs < _nextDueMs) return;
        _nextDueMs = long.MaxValue;
        foreach (var symbol in _symbols)
        {
            while (DueMs(symbol.NextMs) <= nowMs && TryDecide(record, symbol, nowMs))
            {
                // The next minute.
            }

            // One that is due and waits is looked at with each tick, also where the clock was set back.
            var dueMs = DueMs(symbol.NextMs);
            _nextDueMs = Math.Min(_nextDueMs, dueMs <= nowMs ? long.MinValue : dueMs);
        }
    }

    private bool Begins(in TapeRecord record)
    {
        if (record.Seq < NextSeq) return false;
        NextSeq = record.Seq + 1;
        TakeGaps(record.Seq);
        return true;
    }

    /// <summary>As the view <c>trades_market</c> counts them.</summary>
    private static bool IsMarketTrade(EventBuffer events, in TradeEvent trade) =>
        !trade.IsNoTrade && trade.Price > 0 && (trade.Flags.IsAbsent || !TradeFlags.AreOutsideMarket(events.Text(trade.Flags)));

    private static long DueMs(long openMs) => openMs + Timeframe.MinuteMs + (long)Grace.TotalMilliseconds;

    private SymbolMinutes SymbolOf(string venue, ReadOnlySpan<byte> name, in TapeRecord record)
    {
        if (!_byName.TryGetValue(venue, out var symbols)) _byName[venue] = symbols = new(Utf8Keys.Instance);
        if (symbols.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var symbol)) return symbol;
        // Of what lies farther back nothing can be whole any more; of the last minute, a final candle can.
        var now = Timeframe.Minute.OpenOf(record.Time.Value / UnixNanos.PerMillisecond);
        symbol = new SymbolMinutes { Venue = venue, Symbol = Encoding.UTF8.GetString(name), DecidedMs = now - (2 * Timeframe.MinuteMs) };
        Add(symbol);
        _nextDueMs = Math.Min(_nextDueMs, DueMs(symbol.NextMs));
        return symbol;
    }

    private void Add(SymbolMinutes symbol)
    {
        _symbols.Add(symbol);
        if (!_byName.TryGetValue(symbol.Venue, out var symbols)) _byName[symbol.Venue] = symbols = new(Utf8Keys.Instance);
        symbols[Encoding.UTF8.GetBytes(symbol.Symbol)] = symbol;
        for (var channel = 0; channel < symbol.Channels.Count; channel++) Index(symbol, channel);
    }

    private int ChannelOf(SymbolMinutes symbol, StreamKey stream)
    {
        var known = symbol.Channels.Count;
        var channel = symbol.ChannelOf(stream);
        if (channel == known) Index(symbol, channel);
        return channel;
    }

    private void Index(SymbolMinutes symbol, int channel)
    {
        var key = symbol.Channels[channel].Key;
        if (!_byStream.TryGetValue(key, out var places)) _byStream[key] = places = [];
        places.Add((symbol, channel));
    }
}
