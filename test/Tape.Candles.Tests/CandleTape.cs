using System.Globalization;
using System.Text;
using Tape.Candles.Closing;
using Tape.Candles.Pipeline;
using Tape.Core.Files;
using Tape.Core.Values;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Tapes;
using Tape.TestKit.Time;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Candles.Tests;

/// <summary>A tape written by hand. Time is in seconds since <see cref="StartMs"/>; a tick comes each second.</summary>
internal sealed class CandleTape
{
    /// <summary>2025-12-01T00:00:00Z.</summary>
    public const long StartMs = 1_764_547_200_000;

    private readonly List<ScriptedRecord> _records = [];
    private readonly Dictionary<string, long> _ids = [];

    public CandleTape(double at = -30)
    {
        Now = at;
        Note(0, new StartedNote("test", 1, ["binance", "bybit", "okx"]));
    }

    private readonly SortedDictionary<long, string> _alive = [];

    public double Now { get; private set; }

    public IReadOnlyList<ScriptedRecord> Records => _records;

    /// <summary>Connects and is acknowledged.</summary>
    /// <param name="wires"><c>btcusdt@aggTrade</c> for Binance, <c>publicTrade.BTCUSDT</c> for Bybit, <c>trades:BTC-USDT</c> for OKX.</param>
    public CandleTape Connect(long connection, string venue, params string[] wires)
    {
        Note(connection, new ConnectedNote(venue, "public", 0, "ws://test", "", [.. wires.Select(wire => Stream(venue, wire))]));
        return Note(connection, new AcknowledgedNote(1, 0, wires.Length));
    }

    public CandleTape Disconnect(long connection, string cause = "connection_lost")
    {
        _alive.Remove(connection);
        return Note(connection, new DisconnectedNote(cause, "", 0, 0));
    }

    /// <summary>From here on a connection brings something else each second, so that it is not silent.</summary>
    public CandleTape Alive(long connection, string venue = "binance")
    {
        _alive[connection] = venue == "bybit"
            ? """{"topic":"publicTrade.ETHUSDT","type":"snapshot","ts":1,"data":[{"T":1,"s":"ETHUSDT","S":"Buy","v":"1","p":"1","L":"PlusTick","i":"e","BT":false}]}"""
            : """{"stream":"ethusdt@bookTicker","data":{"e":"bookTicker","u":1,"s":"ETHUSDT","b":"1","B":"1","a":"2","A":"1","T":1,"E":1}}""";
        return this;
    }

    /// <summary>Lets time go on to a second, with ticks.</summary>
    public CandleTape To(double second)
    {
        while (Math.Floor(Now) < Math.Floor(second))
        {
            Now = Math.Floor(Now) + 1;
            var payload = new byte[Tick.Bytes];
            new Tick(Nanos(Now), Nanos(Now), Absent.Integer).Write(payload);
            Add(RecordKind.Tick, 0, payload);
            foreach (var (connection, frame) in _alive) Frame(connection, frame);
        }

        Now = second;
        return this;
    }

    /// <summary>A Binance trade received now.</summary>
    /// <param name="id">The next of its symbol when not given.</param>
    /// <param name="at">The venue's time, seconds; now when not given.</param>
    public CandleTape Trade(long connection, double price, double size, long? id = null, double? at = null, string symbol = "BTCUSDT", string more = "",
        int fills = 1)
    {
        var number = id ?? _ids.GetValueOrDefault(symbol, 99) + 1;
        if (id is null) _ids[symbol] = number;
        var time = StartMs + (long)Math.Round((at ?? Now) * 1000);
        return Frame(connection, string.Create(CultureInfo.InvariantCulture,
            $$"""
            {"stream":"{{symbol.ToLowerInvariant()}}@aggTrade","data":{"e":"aggTrade","E":{{time}},"a":{{number}},"s":"{{symbol}}","p":"{{price}}","q":"{{size}}","f":{{number * 10}},"l":{{(number * 10) + fills - 1}},"T":{{time}},"m":true{{more}} } }
            """));
    }

    /// <summary>A Binance candle.</summary>
    public CandleTape Kline(long connection, int minute, double price, bool isClosed, double volume = 1) => Frame(connection, string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        {"stream":"btcusdt@kline_1m","data":{"e":"kline","E":{{{StartMs + (long)(Now * 1000)}}},"s":"BTCUSDT","k":{"t":{{{StartMs + (minute * 60_000)}}},"T":{{{StartMs + (minute * 60_000) + 59_999}}},"s":"BTCUSDT","i":"1m","f":1,"L":2,"o":"{{{price}}}","c":"{{{price}}}","h":"{{{price}}}","l":"{{{price}}}","v":"{{{volume}}}","n":2,"x":{{{(isClosed ? "true" : "false")}}},"q":"{{{price * volume}}}","V":"0","Q":"0","B":"0"} } }
        """));

    /// <summary>A Bybit trade, whose id is no number.</summary>
    public CandleTape BybitTrade(long connection, double price, double size, string id) => Frame(connection, string.Create(CultureInfo.InvariantCulture,
        $$"""
        {"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":{{StartMs + (long)(Now * 1000)}},"data":[{"T":{{StartMs + (long)(Now * 1000)}},"s":"BTCUSDT","S":"Buy","v":"{{size}}","p":"{{price}}","L":"PlusTick","i":"{{id}}","BT":false,"RPI":false,"seq":1}]}
        """));

    /// <summary>An OKX trade.</summary>
    public CandleTape OkxTrade(long connection, string symbol, double price, double size, long id) => Frame(connection,
        string.Create(CultureInfo.InvariantCulture,
        $$"""
        {"arg":{"channel":"trades","instId":"{{symbol}}"},"data":[{"instId":"{{symbol}}","tradeId":"{{id}}","px":"{{price}}","sz":"{{size}}","side":"buy","ts":"{{StartMs + (long)(Now * 1000)}}","count":"1"}]}
        """));

    public CandleTape Frame(long connection, string text) => Add(RecordKind.Frame, connection, Encoding.UTF8.GetBytes(text.Trim()));

    public CandleTape Note(long connection, Note note) => Add(RecordKind.Note, connection, note.ToJson());

    /// <summary>What all of it derives to.</summary>
    public CandleBatch Derive(Func<string, string, double?>? units = null, Func<string, IVenue?>? venues = null)
    {
        var follower = new CandleFollower(venues ?? VenueCatalog.Find, units ?? Units);
        for (var seq = 0; seq < _records.Count; seq++) follower.Take(_records[seq].At(seq));
        return follower.TakeBatch();
    }

    /// <summary>Writes records onto the tape of a vault.</summary>
    /// <returns>The record behind them.</returns>
    public long Write(IFiles files, string vault, int from = 0, int? to = null)
    {
        var time = new FakeTime(new UnixNanos(Nanos(0)).ToDateTimeOffset());
        using var tape = TapeWriter.Open(files, Path.Combine(vault, "tape"), new TapeOptions { SegmentBytesMax = 1 << 20, ReserveBytes = 16 << 10 }, time,
            new Random(5), new OwnerInfo("tests", 1, new UnixNanos(0), null));
        foreach (var record in _records.Take((to ?? _records.Count)).Skip(from)) tape.Append(record.Kind, record.Connection, record.Time, record.Payload);
        tape.Commit();
        return tape.NextSeq;
    }

    /// <summary>All but OKX's contracts are in base units.</summary>
    public static double? Units(string venue, string symbol) => VenueCatalog.Find(venue)!.TradesInBaseUnits(symbol) ? 1 : null;

    /// <summary>A candle in a line: symbol, minute, prices, sums.</summary>
    public static string Text(ClosedCandle closed) => Text(closed.Candle) + (closed.IsRepeat ? " repeat" : "");

    public static string Text(Core.Candles.StoredCandle candle)
    {
        var values = candle.Values;
        return string.Create(CultureInfo.InvariantCulture,
            $"{candle.Symbol} {candle.Timeframe} {(candle.OpenTimeMs - StartMs) / 60_000}: {values.Open} {values.High} ")
            + string.Create(CultureInfo.InvariantCulture, $"{values.Low} {values.Close} v{values.Volume} ")
            + string.Create(CultureInfo.InvariantCulture, $"q{values.QuoteVolume} w{values.Vwap} n{values.TradesCount}");
    }

    public static string Text(CandleFinding finding) => $"{finding.Kind} {finding.Rule} {(finding.Candle.OpenTimeMs - StartMs) / 60_000}";

    private static NotedStream Stream(string venue, string wire) => venue switch
    {
        "okx" => new(wire.Split(':')[0], wire.Split(':')[1], wire),
        "bybit" => new(wire[..wire.LastIndexOf('.')], wire[(wire.LastIndexOf('.') + 1)..], wire),
        _ => new(wire[(wire.IndexOf('@') + 1)..], wire[..wire.IndexOf('@')].ToUpperInvariant(), wire),
    };

    private CandleTape Add(RecordKind kind, long connection, byte[] payload)
    {
        _records.Add(new ScriptedRecord(kind, connection, new UnixNanos(Nanos(Now)), payload));
        return this;
    }

    private static long Nanos(double second) => (StartMs * UnixNanos.PerMillisecond) + ((long)Math.Round(second * 1000) * UnixNanos.PerMillisecond);
}
