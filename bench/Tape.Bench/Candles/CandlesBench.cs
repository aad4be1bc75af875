using System.CommandLine;
using Tape.Candles.Closing;
using Tape.Candles.Pipeline;
using Tape.Derive.Decoding;
using Tape.Derive.Gaps;
using Tape.Host;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues;

namespace Tape.Bench.Candles;

/// <summary>
/// <c>tape-bench candles</c>: trades in memory become closed minutes on one thread: whole, from frames, and without what decoding them and following their ids
/// costs alone. Each is measured on its second run.
/// </summary>
internal static class CandlesBench
{
    private const int Symbols = 20;
    private const int TradesPerSecond = 5000;
    /// <summary>A few seconds before a minute begins, so that the first one is whole.</summary>
    private static readonly DateTimeOffset Start = new(2026, 9, 28, 11, 59, 50, TimeSpan.Zero);

    public static Command Create()
    {
        var trades = new Option<int>("--trades") { Description = "Trades.", DefaultValueFactory = _ => 1_000_000 };
        trades.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1000 or > 10_000_000) result.AddError("--trades is between 1000 and 10000000.");
        });
        var seed = new Option<int>("--seed") { Description = "Seed of the synthetic trades.", DefaultValueFactory = _ => 1 };
        var command = new Command("candles", "Measure closing minutes: trades a second.") { trades, seed };
        command.SetAction((parse, _) => Task.Run(() =>
        {
            var records = Make(parse.GetValue(trades), parse.GetValue(seed));
            var (minutes, allocated) = (0, 0L);
            var decoding = Seconds(() => Decode(records));
            var whole = Seconds(() =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                minutes = Close(records);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            });
            var count = parse.GetValue(trades);
            parse.InvocationConfiguration.Output.WriteLine(JsonText.Object(json =>
            {
                json.WriteString("bench", "candles");
                json.WriteNumber("seed", parse.GetValue(seed));
                json.WriteNumber("trades", count);
                json.WriteNumber("minutes", minutes);
                json.WriteNumber("trades_per_second", Math.Round(count / whole));
                json.WriteNumber("trades_per_second_without_decoding", Math.Round(count / Math.Max(1e-9, whole - decoding)));
                json.WriteNumber("ns_per_trade", Math.Round(whole * 1e9 / count));
                json.WriteNumber("bytes_per_trade", Math.Round(allocated / (double)count, 1));
            }, indented: true));
            return minutes > 0 ? ExitCode.Ok : ExitCode.Findings;
        }, CancellationToken.None));
        return command;
    }

    private sealed record Made(RecordKind Kind, long Connection, UnixNanos Time, byte[] Payload);

    private static double Seconds(Action work)
    {
        work();
        var start = TimeProvider.System.GetTimestamp();
        work();
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static void Decode(List<Made> records)
    {
        var gaps = new GapTracker(GapTrackerState.Start, VenueCatalog.Find, CandleDeriver.Reads);
        var decoder = new RecordDecoder(DerivationState.Start, VenueCatalog.Find);
        decoder.Add(gaps);
        for (var seq = 0; seq < records.Count; seq++) decoder.Take(At(records, seq));
    }

    private static int Close(List<Made> records)
    {
        var follower = new CandleFollower(VenueCatalog.Find, (_, _) => 1);
        for (var seq = 0; seq < records.Count; seq++) follower.Take(At(records, seq));
        return follower.TakeBatch().Closed.Count;
    }

    private static TapeRecord At(List<Made> records, int seq)
    {
        var record = records[seq];
        return new(seq, record.Kind, record.Connection, record.Time, record.Payload);
    }

    private static List<Made> Make(int trades, int seed)
    {
        var (random, now) = (new Random(seed), UnixNanos.From(Start));
        var streams = Enumerable.Range(0, Symbols).Select(number => new NotedStream("aggTrade", $"COIN{number}USDT", $"coin{number}usdt@aggTrade")).ToArray();
        var records = new List<Made>
        {
            new(RecordKind.Note, 0, now, new StartedNote("bench", 1, ["binance"]).ToJson()),
            new(RecordKind.Note, 1, now, new ConnectedNote("binance", "market", 0, "", "", streams).ToJson()),
            new(RecordKind.Note, 1, now, new AcknowledgedNote(1, 0, Symbols).ToJson()),
        };
        for (var trade = 0; trade < trades; trade++)
        {
            now = new UnixNanos(now.Value + (UnixNanos.PerSecond / TradesPerSecond));
            if (trade % TradesPerSecond == 0)
            {
                var tick = new byte[Tick.Bytes];
                new Tick(now.Value, now.Value, Absent.Integer).Write(tick);
                records.Add(new(RecordKind.Tick, 0, now, tick));
            }

            var (symbol, at) = (trade % Symbols, now.Value / UnixNanos.PerMillisecond);
            records.Add(new(RecordKind.Frame, 1, now, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $$"""
                {"stream":"coin{{symbol}}usdt@aggTrade","data":{"e":"aggTrade","E":{{at}},"a":{{1000 + (trade / Symbols)}},"s":"COIN{{symbol}}USDT","p":"{{random.Next(6_000_000, 6_100_000) / 100.0:F2}}","q":"{{random.Next(1, 9999) / 1000.0:F3}}","f":1,"l":1,"T":{{at}},"m":true}
                """) + "}")));
        }

        return records;
    }
}
