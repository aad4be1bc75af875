using System.CommandLine;
using Tape.Bench.Synthetic;
using Tape.Derive.Compaction;
using Tape.Derive.Sealing;
using Tape.Host;
using Tape.Host.Processes;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.Compaction;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;

namespace Tape.Bench.Days;

/// <summary>
/// <c>tape-bench compact</c>: a synthetic day of three venues' trades and quotes, in many small parts, with an overlap of two connections at noon, is made into
/// one file for each table and venue. Tells bytes a row and rows a second, reading back and proof included, and holds the duplicates found against those that
/// were made.
/// </summary>
internal static class CompactBench
{
    public static Command Create()
    {
        var rows = new Option<int>("--rows") { Description = "Rows of the day, over all venues.", DefaultValueFactory = _ => 3_000_000 };
        var parts = new Option<int?>("--parts") { Description = "Seals of the day (default: one a minute of it, as a recorder makes)." };
        var seed = new Option<int>("--seed") { Description = "Seed of the rows.", DefaultValueFactory = _ => 1 };
        var folder = BenchFolder.Option();
        var command = new Command("compact", "Measure making the files of a finished day: bytes a row, rows a second.") { rows, parts, seed, folder };
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            using var place = BenchFolder.Create(parse.GetValue(folder));
            var day = new SyntheticDay(place.Path, Math.Max(1000, parse.GetValue(rows)), parse.GetValue(parts), parse.GetValue(seed));
            parse.InvocationConfiguration.Output.WriteLine(Run(place.Path, day, parse.GetValue(seed), TimeProvider.System, cancel));
            return ExitCode.Ok;
        }, cancel));
        return command;
    }

    private static string Run(string vault, SyntheticDay day, int seed, TimeProvider time, CancellationToken cancel)
    {
        day.Write(cancel);
        using var writer = CompactWriter.Open(DiskFiles.Instance, CompactWriter.Limits(vault, Environment.ProcessorCount));
        using var compactor = DayCompactor.Open(DiskFiles.Instance, vault, ThisProcess.Owner("tape-bench compact"), writer);
        var due = compactor.Due(SealLog.Read(DiskFiles.Instance, vault));
        var (began, processor) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var report = compactor.Compact(due[0], (_, _) => { }, cancel);
        var (seconds, busy) = (time.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
        var plain = PlainSeconds(vault, due[0], time);
        if (report.Duplicates != day.Duplicates) throw new TapeException($"found {report.Duplicates} duplicates, expected the {day.Duplicates} that were made");
        return JsonText.Object(json =>
        {
            json.WriteString("bench", "compact");
            json.WriteNumber("seed", seed);
            json.WriteNumber("processors", Environment.ProcessorCount);
            json.WriteNumber("rows", report.RawRows);
            json.WriteNumber("duplicates", report.Duplicates);
            json.WriteNumber("raw_files", report.Day.RawFiles);
            json.WriteNumber("raw_bytes", report.RawBytes);
            json.WriteNumber("files", report.Day.Tables.Count);
            json.WriteNumber("bytes", report.Bytes);
            json.WriteNumber("seconds", Math.Round(seconds, 3));
            json.WriteNumber("rows_per_second", Math.Round(report.RawRows / seconds));
            json.WriteNumber("times_plain_copy", Math.Round(seconds / plain.Seconds, 2));
            json.WriteNumber("times_plain_copy_processor", Math.Round(busy / plain.Processor, 2));
            json.WriteNumber("rows_per_processor_second", Math.Round(report.RawRows / busy));
            json.WriteStartObject("bytes_a_row");
            foreach (var table in report.Day.Tables) json.WriteNumber($"{table.Raw.Venue} {table.Raw.Table}", Math.Round((double)table.Bytes / table.Rows, 2));
            json.WriteEndObject();
        }, indented: true);
    }

    /// <summary>What DuckDB alone takes to read the same rows, sort them and write them: no duplicates looked for, nothing synced, nothing proven.</summary>
    private static (double Seconds, double Processor) PlainSeconds(string vault, RawDay day, TimeProvider time)
    {
        using var database = DuckDbDatabase.Open(CompactWriter.Limits(vault, Environment.ProcessorCount));
        using var connection = database.Connect();
        var (began, processor) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        foreach (var total in day.Totals)
        {
            var select = PartSelect.Of(vault, RawSchema.Find(total.Table)!, day.FilesOf(total));
            connection.Execute($"COPY ({select} ORDER BY symbol, ts_recv, tape_seq, idx) TO {Sql.Text(Path.Combine(vault, "plain.parquet"))} (FORMAT parquet, "
                + $"COMPRESSION zstd, PARQUET_VERSION V2, ROW_GROUP_SIZE 131072)");
        }

        return (time.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}
