using System.CommandLine;
using Tape.Cli.Options;
using Tape.Host;
using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;

namespace Tape.Cli.Commands;

/// <summary><c>tape path</c>: where the files of a day are, in a form that notebooks take.</summary>
internal static class PathCommand
{
    private const string Details =
        """
        How many files and rows they are goes to standard error.
        When files are in the folder that do not count (being sealed, or being replaced by a new generation), the exact list is printed instead of a glob.

        Example, in Python:
          duckdb.read_parquet("<what this prints>")
        """;

    public static Command Create()
    {
        var table = new Argument<string>("table") { Description = $"One of {string.Join(", ", RawSchema.Tables)}." };
        table.AcceptOnlyFromAmong([.. RawSchema.Tables.Select(raw => raw.Name)]);
        var venue = new Argument<string>("venue") { Description = "Whose rows: binance." };
        var day = DayOption.Argument("day", "today, yesterday or 2026-11-21; a UTC day of ts_recv.");
        var vault = VaultOption.Create();
        var list = new Option<bool>("--list") { Description = "Print every file, one a line, instead of a glob." };
        var compact = new Option<bool>("--compact")
        {
            Description = "The one file of a finished day, sorted and without duplicates, as 'tape compact' and recorders make it.",
        };
        var command = new Command("path",
            "Print the files of a table on a UTC day as one glob to paste into a notebook.") { table, venue, day, vault, list, compact }
            .WithDetails(Details);
        command.SetAction(parse =>
        {
            if (parse.GetValue(compact))
            {
                parse.InvocationConfiguration.Output.WriteLine(
                    CompactHistory.PathOf(DiskFiles.Instance, parse.GetValue(vault)!.FullName, parse.GetRequiredValue(table), parse.GetRequiredValue(venue),
                    parse.GetValue(day)));
                return ExitCode.Ok;
            }

            var found = DayFiles.Find(DiskFiles.Instance, parse.GetValue(vault)!.FullName, RawSchema.Find(parse.GetRequiredValue(table))!,
                parse.GetRequiredValue(venue), parse.GetValue(day));
            var (output, error) = (parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);
            if (parse.GetValue(list)) foreach (var path in found.Paths) output.WriteLine(path);
            else output.WriteLine(found.Others == 0 ? found.Glob : $"[{string.Join(", ", found.Paths.Select(Quoted))}]");
            error.WriteLine(found.Summary);
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Quoted(string path) => $"'{path.Replace("'", "\\'", StringComparison.Ordinal)}'";
}
