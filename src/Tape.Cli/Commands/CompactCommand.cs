using System.CommandLine;
using System.Text.Json;
using Tape.Cli.Options;
using Tape.Cli.Screens;
using Tape.Derive.Compaction;
using Tape.Derive.Sealing;
using Tape.Host;
using Tape.Host.Configuration;
using Tape.Host.Processes;
using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Seals;
using Tape.Tables.Compaction;
using Tape.Venues;

namespace Tape.Cli.Commands;

/// <summary><c>tape compact</c>: makes by hand the files of finished days that no recorder is making.</summary>
internal static class CompactCommand
{
    private const string Details =
        """
        A finished day becomes one file for each table and venue, in compact/: sorted by symbol and time, without the rows that a second connection brought again.
        It is proven against the tables by counts and hashes before it counts. Then the day's small table files are merged, row for row, into one for each table and venue.
        A day is finished once something is sealed that was received a minute after its end. A running recorder does this by itself.

        Examples:
          tape compact
          tape compact --day 2026-11-20
        """;

    public static Command Create()
    {
        var vault = VaultOption.Create();
        var day = DayOption.Option("--day", "Only this UTC day of ts_recv: yesterday or 2026-11-20 (default: all finished days that are not made yet).");
        var json = new Option<bool>("--json") { Description = "One JSON object a line, for each day." };
        var command = new Command("compact", "Make one sorted file for each table and venue of a finished day, for research.") { day, vault, json }
            .WithDetails(Details);
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            VaultOption.TapeFolder(parse.GetRequiredValue(vault));
            var screen = new Screen(parse.InvocationConfiguration.Output, Console.IsErrorRedirected ? null : parse.InvocationConfiguration.Error,
                parse.GetValue(json));
            Run(parse.GetRequiredValue(vault).FullName, parse.GetValue(day), screen, cancel);
            return ExitCode.Ok;
        }, CancellationToken.None));
        return command;
    }

    private static void Run(string vault, DateOnly? only, Screen screen, CancellationToken cancel)
    {
        var files = DiskFiles.Instance;
        // Folding exchanges parts, which is the right of the one sealer.
        using var sealer = Sealer.Open(files, vault, new SealLimits(), VenueCatalog.Find, TimeProvider.System, ThisProcess.Owner("tape compact"));
        using var writer = CompactWriter.Open(files, CompactWriter.Limits(vault, Environment.ProcessorCount));
        using var compactor = DayCompactor.Open(files, vault, ThisProcess.Owner("tape compact"), writer);
        var seals = SealLog.Read(files, vault);
        var done = new DayMaker(files, vault, compactor, writer, sealer.Merge).Run(seals, only, screen.Progress, screen.Made, screen.Folded, cancel);
        if (done == 0) screen.Nothing(NothingDue(compactor.History, seals, vault, only));
    }

    private static string NothingDue(CompactHistory history, SealLogContent seals, string vault, DateOnly? only)
    {
        if (only is not { } day) return "no finished day waits";
        if (history.Find(day) is { } made) return $"{day:yyyy-MM-dd} is made: {made.Tables.Count} files, nothing has changed since";
        var latest = FinishedDays.LatestReceived(seals);
        throw new TapeException(
            $"{vault}: {day:yyyy-MM-dd} is no finished day: {(latest is { } time ? $"the latest sealed frame was received at {time}" : "nothing is sealed")}",
            "A day is finished once something is sealed that was received a minute after its end. "
                + "'tape seal' seals what is on the tape when no recorder runs.");
    }

    /// <summary>What the person who asked sees.</summary>
    private sealed class Screen(TextWriter output, TextWriter? terminal, bool json)
    {
        private readonly ProgressLine? _progress = terminal is null ? null : new ProgressLine(terminal);

        public void Nothing(string text)
        {
            if (!json) output.WriteLine(text);
        }

        public void Progress(int made, int of) => _progress?.Draw((double)made / of);

        public void Made(CompactReport report)
        {
            _progress?.Clear();
            output.WriteLine(json ? JsonText.Object(writer => Write(writer, report)) : Line(report));
        }

        public void Folded(MergeReport report)
        {
            _progress?.Clear();
            if (json) output.WriteLine(JsonText.Object(writer => Write(writer, report)));
            else output.WriteLine($"{report.Day:yyyy-MM-dd}: {report.FilesBefore} RAW files merged into {report.FilesAfter}"
                + (report.FilesLeft == 0 ? "" : $"; {report.FilesLeft} are open in another program and stay until the next run"));
        }

        private static string Line(CompactReport report) =>
            $"{report.Day.Day:yyyy-MM-dd}: {report.RawRows:N0} rows in {report.Day.RawFiles} files of {Units.Show(report.RawBytes)} -> {report.Rows:N0} rows "
                + $"in {report.Day.Tables.Count} files of {Units.Show(report.Bytes)}, {report.Duplicates:N0} duplicates left out"
                + $"{(report.Day.Generation > 0 ? ", made again" : "")}";

        private static void Write(Utf8JsonWriter writer, MergeReport report)
        {
            writer.WriteString("folded", report.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            writer.WriteNumber("files_before", report.FilesBefore);
            writer.WriteNumber("files_after", report.FilesAfter);
            writer.WriteNumber("files_left", report.FilesLeft);
        }

        private static void Write(Utf8JsonWriter writer, CompactReport report)
        {
            writer.WriteString("day", report.Day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            writer.WriteNumber("generation", report.Day.Generation);
            writer.WriteNumber("raw_files", report.Day.RawFiles);
            writer.WriteNumber("raw_rows", report.RawRows);
            writer.WriteNumber("raw_bytes", report.RawBytes);
            writer.WriteNumber("files", report.Day.Tables.Count);
            writer.WriteNumber("rows", report.Rows);
            writer.WriteNumber("bytes", report.Bytes);
            writer.WriteNumber("duplicates", report.Duplicates);
            writer.WriteStartArray("tables");
            foreach (var table in report.Day.Tables)
            {
                writer.WriteStartObject();
                writer.WriteString("table", table.Raw.Table);
                writer.WriteString("exchange", table.Raw.Venue);
                writer.WriteString("path", table.Path);
                writer.WriteNumber("rows", table.Rows);
                writer.WriteNumber("bytes", table.Bytes);
                writer.WriteNumber("duplicates", table.Duplicates);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    }
}
