using System.CommandLine;
using Tape.Bench.Synthetic;
using Tape.Cli.Options;
using Tape.Derive.Decoding;
using Tape.Derive.Retention;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Host;
using Tape.Host.Processes;
using Tape.Storage.Files;
using Tape.Storage.Retention;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues;

namespace Tape.Bench.Decode;

/// <summary>
/// <c>tape-bench derive</c>: synthetic frames go onto a tape, are sealed, and their segments compressed; then the RAW tables are set aside and derived from
/// the compressed segments again, which is measured: with sealing, and rows alone without writing them.
/// </summary>
internal static class DeriveBench
{
    private const int Connections = 4;
    private const long StepNanos = 100_000;
    private static readonly DateTimeOffset Start = new(2026, 9, 28, 12, 0, 0, TimeSpan.Zero);

    public static Command Create()
    {
        var folder = BenchFolder.Option();
        var frames = new Option<int>("--frames") { Description = "Frames on the tape.", DefaultValueFactory = _ => 4_000_000 };
        var seed = new Option<int>("--seed") { Description = "Seed of the synthetic frames.", DefaultValueFactory = _ => 1 };
        var kinds = new Option<string>("--kinds")
        {
            Description = $"Kinds of frames, joined by commas, out of {string.Join(", ", SyntheticBinance.Kinds)}.",
            DefaultValueFactory = _ => "aggTrade,bookTicker",
        };
        kinds.Validators.Add(result =>
        {
            var unknown = Split(result.TryValue(kinds, out var given) ? given! : "").Except(SyntheticBinance.Kinds).FirstOrDefault();
            if (unknown is not null) result.AddError($"--kinds: found '{unknown}', expected some of {string.Join(", ", SyntheticBinance.Kinds)}");
        });
        var command = new Command("derive", "Measure deriving compressed segments to sealed Parquet.") { folder, frames, seed, kinds };
        command.SetAction((parse, cancel) => Task.Run(async () =>
        {
            using var place = BenchFolder.Create(parse.GetValue(folder));
            var plan = new Plan(place.Path, parse.GetValue(frames), parse.GetValue(seed), Split(parse.GetValue(kinds)), TimeProvider.System);
            parse.InvocationConfiguration.Output.WriteLine(await RunAsync(plan, cancel).ConfigureAwait(false));
            return ExitCode.Ok;
        }, CancellationToken.None));
        return command;
    }

    private sealed record Plan(string Vault, int Frames, int Seed, string[] Kinds, TimeProvider Time)
    {
        public string TapeFolder => TapeRange.Folder(Vault);
    }

    private static string[] Split(string? kinds) => (kinds ?? "").Split(',', StringSplitOptions.TrimEntries);

    private static async Task<string> RunAsync(Plan plan, CancellationToken cancel)
    {
        Record(plan, cancel);
        Seal(plan, cancel);
        await CompressAsync(plan, cancel).ConfigureAwait(false);
        var segments = TapeFolder.Segments(DiskFiles.Instance, plan.TapeFolder);
        Directory.Delete(Path.Combine(plan.Vault, "raw"), recursive: true);
        var rowsOnly = Measure(plan, () => DeriveRows(plan, cancel));
        var (rows, bytes) = (0L, 0L);
        var whole = Measure(plan, () => (rows, bytes) = Seal(plan, cancel));
        return JsonText.Object(json =>
        {
            json.WriteString("bench", "derive");
            json.WriteNumber("seed", plan.Seed);
            json.WriteString("kinds", string.Join(',', plan.Kinds));
            json.WriteNumber("frames", plan.Frames);
            json.WriteNumber("processors", Environment.ProcessorCount);
            json.WriteNumber("segment_bytes", segments.Sum(segment => segment.StoredBytes));
            json.WriteNumber("segments_compressed", segments.Count(segment => segment.CompressedBytes is not null));
            json.WriteNumber("segments_plain", segments.Count(segment => segment.CompressedBytes is null));
            json.WriteNumber("rows", rows);
            json.WriteNumber("parquet_bytes", bytes);
            json.WriteNumber("seconds", Math.Round(whole.Seconds, 3));
            json.WriteNumber("events_per_second", Math.Round(rows / whole.Seconds));
            json.WriteNumber("processor_ns_per_event", Math.Round(whole.Processor * 1e9 / rows));
            json.WriteNumber("events_per_second_without_writing", Math.Round(rows / rowsOnly.Seconds));
            json.WriteNumber("processor_ns_per_event_without_writing", Math.Round(rowsOnly.Processor * 1e9 / rows));
        }, indented: true);
    }

    private static void Record(Plan plan, CancellationToken cancel)
    {
        using var writer = TapeWriter.Open(DiskFiles.Instance, plan.TapeFolder, new TapeOptions { SegmentBytesMax = 16 << 20 }, plan.Time,
            new Random(plan.Seed), ThisProcess.Owner("tape-bench derive"));
        var now = UnixNanos.From(Start);
        writer.Append(RecordKind.Note, 0, now, new StartedNote("bench", Environment.ProcessId, ["binance"]).ToJson());
        for (var connection = 1; connection <= Connections; connection++)
            writer.Append(RecordKind.Note, connection, now, new ConnectedNote("binance", "public", 0, "", "", []).ToJson());
        var chance = new Random(plan.Seed);
        var maker = new SyntheticBinance(chance);
        for (var frame = 0; frame < plan.Frames; frame++)
        {
            if ((frame & 0xFFF) == 0) cancel.ThrowIfCancellationRequested();
            now = new UnixNanos(now.Value + StepNanos);
            writer.Append(RecordKind.Frame, 1 + (frame % Connections), now, maker.Frame(plan.Kinds[chance.Next(plan.Kinds.Length)]));
        }

        writer.Commit();
    }

    /// <summary>Seconds on the clock, and of all processors' time: on a busy machine the second says what two idle ones would do.</summary>
    private static (double Seconds, double Processor) Measure(Plan plan, Action work)
    {
        var (start, processor) = (plan.Time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        work();
        return (plan.Time.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    private static (long Rows, long Bytes) Seal(Plan plan, CancellationToken cancel)
    {
        var (rows, bytes) = (0L, 0L);
        using var sealer = Sealer.Open(DiskFiles.Instance, plan.Vault, new SealLimits(), VenueCatalog.Find, plan.Time, ThisProcess.Owner("tape-bench derive"));
        sealer.Advance(
            seal =>
            {
                (rows, bytes) = (rows + seal.Rows, bytes + seal.Bytes);
                cancel.ThrowIfCancellationRequested();
            },
            all: true);
        return (rows, bytes);
    }

    private static async Task CompressAsync(Plan plan, CancellationToken cancel)
    {
        using var keeper = TapeRetention.Open(DiskFiles.Instance, plan.Vault, new ExpiryRules { Keep = TimeSpan.FromDays(10_000) },
            new RangeVerifier(DiskFiles.Instance, plan.Vault, VenueCatalog.Find), plan.Time, Pace.Full, ThisProcess.Owner("tape-bench derive"));
        await keeper.AdvanceAsync(_ => { }, cancel).ConfigureAwait(false);
    }

    private static void DeriveRows(Plan plan, CancellationToken cancel)
    {
        var deriver = RowDeriver.From(DerivationState.Start);
        using var reader = TapeReader.Open(DiskFiles.Instance, plan.TapeFolder);
        while (reader.TryRead(out var record))
        {
            deriver.Take(record);
            if (deriver.Rows.Rows < new SealLimits().Rows) continue;
            deriver.Clear();
            cancel.ThrowIfCancellationRequested();
        }
    }
}
