using System.Text;
using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Gaps;
using Tape.Derive.Rows;
using Tape.Storage.Gaps;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Tapes;
using Tape.Venues;

namespace Tape.Derive.Tests.Gaps;

/// <summary>A short tape written by hand, with a tracker behind it. Times are seconds.</summary>
internal sealed class GapTape
{
    private readonly RowDeriver _deriver = RowDeriver.From(DerivationState.Start);
    private readonly Dictionary<string, (string Channel, string Symbol)> _streams = [];
    private long _seq;

    public GapTape()
    {
        Tracker = new GapTracker(GapTrackerState.Start, VenueCatalog.Find);
        _deriver.Records.Add(Tracker);
        Note(0, new StartedNote("test", 1, ["binance", "bybit", "okx"]));
    }

    public GapTracker Tracker { get; }

    public double Now { get; private set; } = 1000;

    /// <summary>What was established, with what is open: cause, seconds, ids.</summary>
    public IEnumerable<string> Told => Tracker.Entries.Concat(Tracker.Unsettled()).Select(Text);

    /// <summary>What was established for good.</summary>
    public IEnumerable<string> Settled => Tracker.Entries.Select(Text);

    public StreamGapStatus this[string channel] => Tracker.Standings.Single(standing => standing.Stream.Key.Channel == channel);

    public void Connect(long connection, string venue, params string[] wires) =>
        ConnectUnanswered(connection, venue, wires).Note(connection, new AcknowledgedNote(1, 0, wires.Length));

    public GapTape ConnectUnanswered(long connection, string venue, params string[] wires)
    {
        foreach (var wire in wires)
            _streams[wire] = venue == "okx"
                ? (wire.Split(':')[0], wire.Split(':')[1])
                : venue == "bybit" ? (wire[..wire.LastIndexOf('.')], wire[(wire.LastIndexOf('.') + 1)..])
                : (wire[(wire.IndexOf('@') + 1)..], wire[..wire.IndexOf('@')].ToUpperInvariant());
        Note(connection, new ConnectedNote(venue, "public", 0, "ws://x", "",
            [.. wires.Select(wire => new NotedStream(_streams[wire].Channel, _streams[wire].Symbol, wire))]));
        return this;
    }

    public void Disconnect(long connection, string cause) => Note(connection, new DisconnectedNote(cause, "", 0, 0));

    public void Drop(long connection, string wire, double from) =>
        Note(connection, new DroppedNote("queue_full", 1, Nanos(from), Nanos(Now), new() { [wire] = 1 }));

    public void Accept(long connection, int streamFrom, int streams) => Note(connection, new AcknowledgedNote(8, streamFrom, streams));

    public void Refuse(long connection, string wire, string words) => Note(connection, new RefusedNote(7, 60018, words) { Stream = wire });

    public void Crash() => Note(0, new StartedNote("test", 1, ["binance", "bybit", "okx"]));

    /// <summary>Lets time go on, with a tick each second.</summary>
    public GapTape Wait(double seconds)
    {
        for (; seconds >= 1; seconds--)
        {
            Now++;
            var payload = new byte[Tick.Bytes];
            new Tick(Nanos(Now), Nanos(Now), Absent.Integer).Write(payload);
            Take(RecordKind.Tick, 0, payload);
        }

        Now += seconds;
        return this;
    }

    /// <param name="happened">The venue's time of the trade, ms.</param>
    public void Aggregate(long connection, long id, long happened = 1) =>
        Frame(connection, $"{{\"stream\":\"btcusdt@aggTrade\",\"data\":{{\"e\":\"aggTrade\",\"E\":1,\"a\":"
            + $"{id},\"s\":\"BTCUSDT\",\"p\":\"1\",\"q\":\"1\",\"f\":1,\"l\":1,\"T\":{happened},\"m\":true}}}}");

    public void Quote(long connection, long id) =>
        Frame(connection, $"{{\"stream\":\"btcusdt@bookTicker\",\"data\":{{\"e\":\"bookTicker\",\"u\":"
            + $"{id},\"s\":\"BTCUSDT\",\"b\":\"1\",\"B\":\"1\",\"a\":\"2\",\"A\":\"1\",\"T\":1,\"E\":1}}}}");

    public void Depth(long connection, long before, long id) =>
        Frame(connection, $"{{\"stream\":\"btcusdt@depth@100ms\",\"data\":{{\"e\":\"depthUpdate\",\"E\":1,\"T\":1,\"s\":\"BTCUSDT\",\"U\":{before + 1},\"u\":"
            + $"{id},\"pu\":{before},\"b\":[],\"a\":[]}}}}");

    public void Mark(long connection) =>
        Frame(connection, """{"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":1,"s":"BTCUSDT","p":"1","i":"1","r":"0.1","T":1}}""");

    public void Book(long connection, long id, bool isSnapshot = false) =>
        Frame(connection, $"{{\"topic\":\"orderbook.50.BTCUSDT\",\"type\":\""
            + $"{(isSnapshot ? "snapshot" : "delta")}\",\"ts\":1,\"data\":{{\"s\":\"BTCUSDT\",\"b\":[[\"1\",\"1\"]],\"a\":[],\"u\":{id},\"seq\":1}}}}");

    public void Fills(long connection, long id, int count) =>
        Frame(connection, $"{{\"arg\":{{\"channel\":\"trades\",\"instId\":\"BTC-USDT-SWAP\"}},\"data\":[{{\"instId\":\"BTC-USDT-SWAP\",\"tradeId\":\""
            + $"{id}\",\"px\":\"1\",\"sz\":\"1\",\"side\":\"buy\",\"ts\":\"1\",\"count\":\"{count}\"}}]}}");

    public void Chain(long connection, long before, long id, bool isSnapshot = false) =>
        Frame(connection, $"{{\"arg\":{{\"channel\":\"books\",\"instId\":\"BTC-USDT-SWAP\"}},\"action\":\""
            + $"{(isSnapshot ? "snapshot" : "update")}\",\"data\":[{{\"asks\":[],\"bids\":[],\"ts\":\"1\",\"checksum\":0,\"prevSeqId\":{before},\"seqId\":"
            + $"{id}}}]}}");

    public void Frame(long connection, string text) => Take(RecordKind.Frame, connection, Encoding.UTF8.GetBytes(text));

    private void Note(long connection, Note note) => Take(RecordKind.Note, connection, note.ToJson());

    private void Take(RecordKind kind, long connection, byte[] payload) =>
        _deriver.Take(new ScriptedRecord(kind, connection, new UnixNanos(Nanos(Now)), payload).At(_seq++));

    private string Text(GapEntry gap)
    {
        var key = Tracker.Standings[gap.Stream].Stream.Key;
        var ids = gap.IdFrom == Absent.Integer
            ? "" : FormattableString.Invariant($" {gap.IdFrom}..{gap.IdTo}{(gap.Missing == Absent.Integer ? "" : $" = {gap.Missing}")}");
        return FormattableString.Invariant(
            $"{key.Channel} {gap.Cause.Name()} {gap.From / 1e9}-{(gap.IsOpen ? "" : gap.To / 1e9)}{ids}{(gap.Repaired ? " repaired" : "")}");
    }

    private static long Nanos(double seconds) => (long)(seconds * 1e9);
}
