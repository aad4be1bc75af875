using System.CommandLine;
using Tape.Bench.Synthetic;
using Tape.Derive.Sealing;
using Tape.Host;
using Tape.Host.Processes;
using Tape.Query.Engine;
using Tape.Query.Snapshots;
using Tape.Storage.Files;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues;

namespace Tape.Bench.Days;

/// <summary>
/// <c>tape-bench query</c>: one minute of one symbol, out of a vault with many days and out of one with that day only, in turn. Each query takes its
/// snapshot of the vault and opens its own engine, as <c>tape query --from --to</c> does; only the start of a process is left out. With many seals a day the
/// days are as they are after their merge.
/// </summary>
internal static class QueryBench
{
    private const long DayNanos = 86_400_000_000_000;
    private const long MinuteNanos = 60_000_000_000;

    /// <summary>Questions before the first measured one, so that the program's own code is compiled to the end.</summary>
    private const int WarmUp = 40;

    private const string Sql = "SELECT count(*), min(price), max(price), sum(qty) FROM trades WHERE symbol = 'BTCUSDT'";
    private static readonly UnixNanos FirstDay = UnixNanos.From(new DateTimeOffset(2025, 11, 21, 0, 0, 0, TimeSpan.Zero));

    public static Command Create()
    {
        var days = new Option<int>("--days") { Description = "Days of the larger vault.", DefaultValueFactory = _ => 365 };
        var seals = new Option<int>("--seals-per-day")
        {
            Description = "Seals of a day, whose parts are then merged into one; with 1 there is nothing to merge.",
            DefaultValueFactory = _ => 1,
        };
        var keeps = new Option<bool>("--keep-lines") { Description = "Leave the lines of all seals in the seal log, to see what shortening it gains." };
        var rows = new Option<int>("--rows") { Description = "Trades a day.", DefaultValueFactory = _ => 20_000 };
        var repeat = new Option<int>("--repeat") { Description = "Questions to each vault.", DefaultValueFactory = _ => 51 };
        var seed = new Option<int>("--seed") { Description = "Seed of the trades.", DefaultValueFactory = _ => 1 };
        var folder = BenchFolder.Option();
        var command = new Command("query", "Measure one minute of one symbol out of many days against the same out of one day.")
        {
            days,
            seals,
            keeps,
            rows,
            repeat,
            seed,
            folder,
        };
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            var plan = new Plan(Math.Max(1, parse.GetValue(days)), Math.Max(1, parse.GetValue(seals)), !parse.GetValue(keeps),
                Math.Max(1, parse.GetValue(rows)), Math.Max(1, parse.GetValue(repeat)), parse.GetValue(seed));
            using var place = BenchFolder.Create(parse.GetValue(folder));
            Console.WriteLine(Run(place.Path, plan, TimeProvider.System, cancel));
            return ExitCode.Ok;
        }, cancel));
        return command;
    }

    private sealed record Plan(int Days, int SealsADay, bool Shortens, int Rows, int Repeat, int Seed);

    private static string Run(string folder, Plan plan, TimeProvider time, CancellationToken cancel)
    {
        var (many, one, asked) = (Path.Combine(folder, "many"), Path.Combine(folder, "one"), plan.Days / 2);
        Generate(many, plan, 0, plan.Days, time, cancel);
        Generate(one, plan, asked, 1, time, cancel);
        var minute = FirstDay.Value + asked * DayNanos + 12 * 60 * MinuteNanos;
        var range = new QueryRange(new UnixNanos(minute), new UnixNanos(minute + MinuteNanos));
        var (ofMany, ofOne) = (new Times(plan.Repeat), new Times(plan.Repeat));
        for (var round = -WarmUp; round < plan.Repeat; round++)
        {
            cancel.ThrowIfCancellationRequested();
            var (manyRows, oneRows) = (Ask(many, range, time, ofMany, round), Ask(one, range, time, ofOne, round));
            if (manyRows != oneRows || oneRows == 0)
                throw new TapeException($"found {manyRows} rows in the larger vault and {oneRows} in the smaller one, expected the same and some",
                    "Ask for more trades a day with --rows.");
        }

        return JsonText.Object(json =>
        {
            json.WriteString("bench", "query");
            json.WriteNumber("days", plan.Days);
            json.WriteNumber("seals_a_day", plan.SealsADay);
            json.WriteNumber("rows_a_day", plan.Rows);
            json.WriteNumber("seal_log_bytes_many", SealLog.LengthOf(DiskFiles.Instance, many));
            json.WriteNumber("seal_log_bytes_one", SealLog.LengthOf(DiskFiles.Instance, one));
            json.WriteNumber("questions", plan.Repeat);
            json.WriteNumber("snapshot_ms_many", ofMany.SnapshotMedian);
            json.WriteNumber("snapshot_ms_one", ofOne.SnapshotMedian);
            json.WriteNumber("answer_ms_many", ofMany.TotalMedian);
            json.WriteNumber("answer_ms_one", ofOne.TotalMedian);
            json.WriteNumber("ratio", Math.Round(ofMany.TotalMedian / ofOne.TotalMedian, 3));
        }, indented: true);
    }

    /// <summary>Records whole days and seals each one; the tape is at rest afterwards.</summary>
    private static void Generate(string vault, Plan plan, int firstDay, int days, TimeProvider time, CancellationToken cancel)
    {
        IFiles files = DiskFiles.Instance;
        var frames = new SyntheticBinance(new Random(plan.Seed));
        byte[][] day = [.. Enumerable.Range(0, plan.Rows).Select(_ => frames.Frame("aggTrade"))];
        var owner = ThisProcess.Owner("tape-bench query");
        using var tape = TapeWriter.Open(files, Path.Combine(vault, "tape"), new TapeOptions(), time, new Random(plan.Seed), owner);
        using var sealer = plan.SealsADay > 1
            ? null
            : Sealer.Open(files, vault, new SealLimits { Rows = int.MaxValue, TapeBytes = long.MaxValue }, VenueCatalog.Find, time, owner);
        using var folded = plan.SealsADay > 1 ? new MergedDays(vault, plan.SealsADay, plan.Shortens) : null;
        for (var number = firstDay; number < firstDay + days; number++)
        {
            cancel.ThrowIfCancellationRequested();
            var (start, fromSeq) = (FirstDay.Value + number * DayNanos, tape.NextSeq);
            if (number == firstDay)
                tape.Append(RecordKind.Note, 1, new UnixNanos(start), new ConnectedNote("binance", "market", 0, "ws://bench", "127.0.0.1:1", []).ToJson());
            for (var row = 0; row < day.Length; row++) tape.Append(RecordKind.Frame, 1, new UnixNanos(start + row * (DayNanos / day.Length)), day[row]);
            tape.Commit();
            sealer?.Advance(_ => { }, all: true);
            folded?.Add(tape.TapeId, start, fromSeq, tape.NextSeq);
            if (number % 50 == 49) Console.Error.WriteLine($"{number - firstDay + 1} of {days} days made");
        }
    }

    private static long Ask(string vault, QueryRange range, TimeProvider time, Times times, int round)
    {
        var began = time.GetTimestamp();
        var snapshot = TapeSnapshot.Take(DiskFiles.Instance, vault, range);
        var snapshotMs = time.GetElapsedTime(began).TotalMilliseconds;
        using var engine = QueryEngine.Open(snapshot, range, new QueryLimits(), UnixNanos.From(time.GetUtcNow()), null, CancellationToken.None);
        using var rows = engine.Run(Sql);
        var count = rows.Next(out var chunk) ? chunk.Values<long>(0)[0] : 0;
        if (round >= 0) times.Add(snapshotMs, time.GetElapsedTime(began).TotalMilliseconds);
        return count;
    }

    /// <summary>Milliseconds of each query.</summary>
    private sealed class Times(int capacity)
    {
        private readonly List<double> _snapshot = new(capacity);
        private readonly List<double> _total = new(capacity);

        public double SnapshotMedian => Median(_snapshot);

        public double TotalMedian => Median(_total);

        public void Add(double snapshot, double total)
        {
            _snapshot.Add(snapshot);
            _total.Add(total);
        }

        private static double Median(List<double> values) => Math.Round(values.Order().ElementAt(values.Count / 2), 3);
    }
}
