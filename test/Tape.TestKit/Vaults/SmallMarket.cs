using System.Globalization;
using System.Text;
using Tape.Core.Files;
using Tape.Core.Values;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Time;

namespace Tape.TestKit.Vaults;

/// <summary>
/// A tape of one Binance connection with trades, quotes and mark prices of BTCUSDT and ETHUSDT whose values a test can tell from their number.
/// </summary>
public static class SmallMarket
{
    /// <summary>Time of the first frame.</summary>
    public static readonly UnixNanos Start = UnixNanos.From(new DateTimeOffset(2026, 11, 20, 23, 59, 0, TimeSpan.Zero));

    private static readonly string[] Symbols = ["BTCUSDT", "ETHUSDT"];

    /// <summary>
    /// Opens the vault's tape, appends steps <paramref name="from"/>..<paramref name="toExcl"/> and closes it. Step n brings, at <see cref="Start"/> + n times
    /// the pace, a trade with id n at price 1000 + n and a quote of each symbol; each tenth a mark price with funding.
    /// </summary>
    /// <returns>Number of the record after the last one.</returns>
    public static long Record(IFiles files, string vault, int from, int toExcl, TimeSpan pace)
    {
        var time = new FakeTime(Start.Add(pace * from).ToDateTimeOffset());
        using var tape = TapeWriter.Open(files, Path.Combine(vault, "tape"), new TapeOptions { SegmentBytesMax = 16 << 10, ReserveBytes = 16 << 10 }, time,
            new Random(5), new OwnerInfo("tests", 1, Start));
        var (connection, received, bytes) = (from + 1, 0L, 0L);
        Note(tape, 0, time, new StartedNote("tests", 1, ["binance"]));
        Note(tape, connection, time, new ConnectedNote("binance", "public", 0, "ws://test", "127.0.0.1:1", [.. Symbols.SelectMany(Streams)]));
        for (var number = from; number < toExcl; number++)
        {
            var now = UnixNanos.From(time.GetUtcNow());
            foreach (var frame in Symbols.SelectMany(symbol => Frames(symbol, number, now)))
            {
                tape.Append(RecordKind.Frame, connection, now, frame);
                (received, bytes) = (received + 1, bytes + frame.Length);
            }

            time.Advance(pace);
        }

        Note(tape, connection, time, new DisconnectedNote("our_stop", "", received, bytes));
        tape.Commit();
        return tape.NextSeq;
    }

    private static void Note(TapeWriter tape, long connection, FakeTime time, Note note) =>
        tape.Append(RecordKind.Note, connection, UnixNanos.From(time.GetUtcNow()), note.ToJson());

    private static IEnumerable<NotedStream> Streams(string symbol) =>
        new[] { "aggTrade", "bookTicker", "markPrice@1s" }.Select(channel => new NotedStream(channel, symbol, $"{symbol.ToLowerInvariant()}@{channel}"));

    private static IEnumerable<byte[]> Frames(string symbol, int number, UnixNanos now)
    {
        var at = now.Value / UnixNanos.PerMillisecond;
        var wire = symbol.ToLowerInvariant();
        yield return Text($$$"""{"stream":"{{{wire}}}@aggTrade","data":{"e":"aggTrade","E":{{{at}}},"a":{{{number}}},"s":"{{{symbol}}}","p":"{{{1000 + number}}}","q":"1.5","nq":"1.5","f":{{{number}}},"l":{{{number}}},"T":{{{at}}},"m":false}}""");
        yield return Text($$$"""{"stream":"{{{wire}}}@bookTicker","data":{"e":"bookTicker","u":{{{number}}},"s":"{{{symbol}}}","b":"{{{999 + number}}}","B":"2","a":"{{{1001 + number}}}","A":"3","T":{{{at}}},"E":{{{at}}}}}""");
        if (number % 10 == 0) yield return Text($$$"""{"stream":"{{{wire}}}@markPrice@1s","data":{"e":"markPriceUpdate","E":{{{at}}},"s":"{{{symbol}}}","p":"{{{1000 + number}}}","i":"{{{1000 + number}}}","r":"0.0001","T":{{{at + 3_600_000}}}}}""");
    }

    private static byte[] Text(FormattableString text) => Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
