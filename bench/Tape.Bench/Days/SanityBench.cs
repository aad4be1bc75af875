using System.CommandLine;
using Tape.Bench.Synthetic;
using Tape.Cli.Commands;
using Tape.Derive.Decoding;
using Tape.Derive.Retention;
using Tape.Derive.Sealing;
using Tape.Host;
using Tape.Host.Processes;
using Tape.Storage.Files;
using Tape.Storage.Retention;
using Tape.Venues;

namespace Tape.Bench.Days;

/// <summary>
/// <c>tape-bench sanity</c>: a day of made-up trades and quotes goes onto a tape, is sealed as often as a recorder seals, and its segments are compressed; then
/// the check of that vault is measured.
/// </summary>
internal static class SanityBench
{
    private const int MinutesOfDay = 1440;

    public static Command Create()
    {
        var folder = BenchFolder.Option();
        var rows = new Option<int>("--rows") { Description = "Rows of the day, each of a frame of its own.", DefaultValueFactory = _ => 5_000_000 };
        var deep = new Option<bool>("--deep") { Description = "Measure the check that derives every row again." };
        var seed = new Option<int>("--seed") { Description = "Seed of the frames.", DefaultValueFactory = _ => 1 };
        var command = new Command("sanity", "Measure the check of a vault that holds a day.") { folder, rows, deep, seed };
        command.SetAction((parse, cancel) => Task.Run(async () =>
        {
            using var place = BenchFolder.Create(parse.GetValue(folder));
            var plan = new Plan(place.Path, Math.Max(MinutesOfDay, parse.GetValue(rows)), parse.GetValue(deep), parse.GetValue(seed), TimeProvider.System);
            parse.InvocationConfiguration.Output.WriteLine(await RunAsync(plan, cancel).ConfigureAwait(false));
            return ExitCode.Ok;
        }, CancellationToken.None));
        return command;
    }

    private sealed record Plan(string Vault, int Rows, bool Deep, int Seed, TimeProvider Time);

    private static async Task<string> RunAsync(Plan plan, CancellationToken cancel)
    {
        new SyntheticTape(TapeRange.Folder(plan.Vault), plan.Rows, plan.Seed).Write(plan.Time, cancel);
        var parquetBytes = Seal(plan, cancel);
        using (var keeper = TapeRetention.Open(DiskFiles.Instance, plan.Vault, new ExpiryRules { Keep = TimeSpan.FromDays(10_000) },
            new RangeVerifier(DiskFiles.Instance, plan.Vault, VenueCatalog.Find), plan.Time, Pace.Full, ThisProcess.Owner("tape-bench sanity")))
            await keeper.AdvanceAsync(_ => { }, cancel).ConfigureAwait(false);
        var (began, processor) = (plan.Time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var report = SanityCommand.Check(plan.Vault, plan.Deep, quiet: true, cancel);
        var (seconds, busy) = (plan.Time.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
        if (!report.IsSound) throw new TapeException($"the vault that was made is not sound: {report.Findings[0]}");
        if (report.Rows != plan.Rows) throw new TapeException($"found {report.Rows} rows, expected {plan.Rows}");
        return JsonText.Object(json =>
        {
            json.WriteString("bench", "sanity");
            json.WriteNumber("seed", plan.Seed);
            json.WriteBoolean("deep", plan.Deep);
            json.WriteNumber("processors", Environment.ProcessorCount);
            json.WriteNumber("rows", report.Rows);
            json.WriteNumber("files", report.Files);
            json.WriteNumber("parquet_bytes", parquetBytes);
            json.WriteNumber("tape_bytes",
                Storage.Tapes.TapeFolder.Segments(DiskFiles.Instance, TapeRange.Folder(plan.Vault)).Sum(segment => segment.StoredBytes));
            json.WriteNumber("seconds", Math.Round(seconds, 3));
            json.WriteNumber("rows_per_second", Math.Round(report.Rows / seconds));
            json.WriteNumber("processor_ns_per_row", Math.Round(busy * 1e9 / report.Rows));
        }, indented: true);
    }

    /// <summary>As many rows in a seal as a recorder that seals each minute has.</summary>
    private static long Seal(Plan plan, CancellationToken cancel)
    {
        var bytes = 0L;
        var limits = new SealLimits { Rows = plan.Rows / MinutesOfDay, OverlapRows = 1 };
        using var sealer = Sealer.Open(DiskFiles.Instance, plan.Vault, limits, VenueCatalog.Find, plan.Time, ThisProcess.Owner("tape-bench sanity"));
        sealer.Advance(
            seal =>
            {
                bytes += seal.Bytes;
                cancel.ThrowIfCancellationRequested();
            },
            all: true);
        return bytes;
    }
}
