using System.CommandLine;
using Tape.Derive.Decoding;
using Tape.Derive.Gaps;
using Tape.Derive.Rows;
using Tape.Host;
using Tape.Storage.Files;
using Tape.Storage.Gaps;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Bench.Gaps;

/// <summary><c>tape-bench ledger</c>: what the gap ledger costs: a year of it to write and to read, and the tracker's share of deriving a frame.</summary>
internal static class LedgerBench
{
    private const int Seals = 60 * 24 * 365;
    private const int Streams = 200;
    private const int Rounds = 3;
    private const string Tape = "00000000000000ab";
    private const long Start = 1_790_000_000 * UnixNanos.PerSecond;

    public static Command Create()
    {
        var folder = BenchFolder.Option();
        var gaps = new Option<int>("--gaps") { Description = "Holes of a year.", DefaultValueFactory = _ => 500_000 };
        var frames = new Option<int>("--frames") { Description = "Frames for the tracker's share.", DefaultValueFactory = _ => 1_000_000 };
        var command = new Command("ledger", "Measure the gap ledger: a year of it, and the tracker's share of a frame.") { folder, gaps, frames };
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            using var place = BenchFolder.Create(parse.GetValue(folder));
            parse.InvocationConfiguration.Output.WriteLine(Run(place.Path, parse.GetValue(gaps), parse.GetValue(frames), TimeProvider.System, cancel));
            return ExitCode.Ok;
        }, CancellationToken.None));
        return command;
    }

    private static string Run(string vault, int gaps, int frames, TimeProvider time, CancellationToken cancel)
    {
        var written = Seconds(time, () => Write(vault, gaps, cancel));
        GapReport? report = null;
        var read = Enumerable.Range(0, Rounds).Min(_ => Seconds(time, () => report = GapReports.Read(DiskFiles.Instance, vault, cancel: cancel)));
        var (alone, tracked) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            alone = Math.Min(alone, Derive(frames, isTracked: false, cancel));
            tracked = Math.Min(tracked, Derive(frames, isTracked: true, cancel));
        }

        return JsonText.Object(json =>
        {
            json.WriteString("bench", "ledger");
            json.WriteNumber("gaps", report!.Gaps.Count);
            json.WriteNumber("bytes", new FileInfo(GapLedgerContent.PathOf(vault)).Length);
            json.WriteNumber("seconds_to_write", Math.Round(written, 3));
            json.WriteNumber("seconds_to_read", Math.Round(read, 3));
            json.WriteNumber("frames", frames);
            json.WriteNumber("processor_ns_per_frame", Math.Round(alone, 1));
            json.WriteNumber("processor_ns_per_frame_with_tracker", Math.Round(tracked, 1));
        }, indented: true);
    }

    /// <summary>
    /// A line for each minute of a year in which something was missing, as sealing would leave them; written in one go, as the disk's syncs are not what is
    /// measured.
    /// </summary>
    private static void Write(string vault, int gaps, CancellationToken cancel)
    {
        var chance = new Random(1);
        GapStream[] streams = [.. Enumerable.Range(0, Streams)
            .Select(number => new GapStream(number, new StreamKey("binance", "aggTrade", $"SYMBOL{number}"), Start))];
        var state = (GapTrackerState.Knowing(streams) with { NextSeq = long.MaxValue / 2 }).ToJson();
        GapEntry[] all = [.. Enumerable.Range(0, gaps).Select(number => Gap(number * (long)Seals / gaps, chance))];
        GapBatch[] batches = [.. all.Chunk(Math.Max(1, gaps / Math.Min(Seals, gaps / 3 + 1)))
            .Select((group, index) => new GapBatch(group[^1].AtSeq + 1, index == 0 ? streams : [], group, state))];
        cancel.ThrowIfCancellationRequested();
        GapLedger.WriteAll(DiskFiles.Instance, vault, Tape, batches);
    }

    private static GapEntry Gap(long minute, Random chance)
    {
        var (from, seq, id) = (Start + minute * 60 * UnixNanos.PerSecond + chance.Next(1_000_000_000), minute * 600_000 + chance.Next(100_000),
            chance.NextInt64(3_000_000_000));
        var hasIds = chance.Next(2) == 0;
        var last = id + chance.Next(100);
        return new(chance.Next(Streams), (GapCause)chance.Next(1, 9), from, from + chance.NextInt64(60 * UnixNanos.PerSecond), hasIds ? id : Absent.Integer,
            hasIds ? last : Absent.Integer, hasIds ? last - id + 1 : Absent.Integer, false, minute / 1400, minute / 1400 + 1, seq, seq + 500, seq + 600);
    }

    /// <returns>Processor time for a frame, ns.</returns>
    private static double Derive(int frames, bool isTracked, CancellationToken cancel)
    {
        var venue = VenueCatalog.Find("binance")!;
        var plan = venue.Plan(new SubscriptionRequest(["BTCUSDT", "ETHUSDT"], ["aggTrade"]))[0];
        var quotes = venue.Plan(new SubscriptionRequest(["BTCUSDT", "ETHUSDT"], ["bookTicker"]))[0];
        RehearsedStream[] streams = [.. plan.Streams.Concat(quotes.Streams)
            .Select(stream => new RehearsedStream(stream, venue.SequenceOf(stream.Key.Channel), new Random(1)))];
        var made = Enumerable.Range(0, 4000 * streams.Length).Select(number => streams[number % streams.Length].Next(Start)).ToArray();
        var deriver = RowDeriver.From(DerivationState.Start);
        if (isTracked) deriver.Records.Add(new GapTracker(GapTrackerState.Start, VenueCatalog.Find));
        var note = new ConnectedNote("binance", "market", 0, "", "",
            [.. streams.Select(stream => new NotedStream(stream.Key.Channel, stream.Key.Symbol, stream.Plan.WireName))]);
        deriver.Take(new TapeRecord(0, RecordKind.Note, 1, new UnixNanos(Start), note.ToJson()));
        var (seq, spent) = (1L, TimeSpan.Zero);
        while (seq < frames)
        {
            cancel.ThrowIfCancellationRequested();
            var began = Environment.CpuUsage.TotalTime;
            foreach (var frame in made) deriver.Take(new TapeRecord(seq++, RecordKind.Frame, 1, new UnixNanos(Start + seq), frame));
            spent += Environment.CpuUsage.TotalTime - began;
            deriver.Clear();
            for (var number = 0; number < made.Length; number++) made[number] = streams[number % streams.Length].Next(Start);
        }

        return spent.TotalNanoseconds / seq;
    }

    private static double Seconds(TimeProvider time, Action work)
    {
        var began = time.GetTimestamp();
        work();
        return time.GetElapsedTime(began).TotalSeconds;
    }
}
