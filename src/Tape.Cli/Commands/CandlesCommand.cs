using System.CommandLine;
using Tape.Candles.Files;
using Tape.Cli.Options;
using Tape.Core.Candles;
using Tape.Host;
using Tape.Storage.Files;
using Tape.Storage.Vaults;
using Tape.Tables.Candles;
using Tape.Tables.DuckDb;

namespace Tape.Cli.Commands;

/// <summary><c>tape candles</c>: which candles there are.</summary>
internal static class CandlesCommand
{
    public static Command Create()
    {
        var vault = VaultOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line." };
        var venue = new Option<string?>("--venue") { HelpName = "name", Description = "Only of this venue." };
        var timeframe = new Option<string?>("--timeframe") { HelpName = "name", Description = $"Only of this timeframe: {string.Join(", ", Timeframe.All)}." };
        timeframe.AcceptOnlyFromAmong([.. Timeframe.All.Select(known => known.Name)]);
        var command = new Command("candles", "List the candles in data/: from when to when, how many, and how many are missing.")
        {
            vault,
            json,
            venue,
            timeframe,
        }
            .WithDetails("Reads and checks every day file; may run beside a recorder. What was rejected, and why, is in quality/candles.\n"
                + "Exit status 1 when a file can't be read or is not what it should be; 'tape serve' sets such a file aside and makes it again.");
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            using var parquet = CandleParquet.Open(DiskFiles.Instance, new DuckDbOptions());
            var path = parse.GetValue(vault)!.FullName;
            VaultMarker.Require(DiskFiles.Instance, path);
            var only = parse.GetValue(venue) is { } name
                ? UnknownNameException.Resolve("a venue with candles", "this vault", name,
                    DayFileList.Read(DiskFiles.Instance, path).Select(file => file.VenueFolder))
                : null;
            bool Takes(DayFileEntry file) => (only is null || file.VenueFolder == only)
                && (parse.GetValue(timeframe) is not { } length || file.Timeframe.Name == length);
            var (output, isSound) = (parse.InvocationConfiguration.Output, true);
            if (!parse.GetValue(json)) output.WriteLine(
                $"{"venue",-10} {"symbol",-20} {"tf",-4} {"files",6} {"candles",10} {"no trade",9} {"missing",9}  first to last");
            foreach (var coverage in CandleCoverage.Read(DiskFiles.Instance, path, parquet, Takes, cancel))
            {
                isSound &= coverage.Unreadable.Count == 0;
                output.WriteLine(parse.GetValue(json) ? Json(coverage) : Line(coverage));
                if (!parse.GetValue(json)) foreach (var file in coverage.Unreadable) output.WriteLine($"  can't be read: {file}");
            }

            return isSound ? ExitCode.Ok : ExitCode.Findings;
        }, cancel));
        return command;
    }

    private static string Line(CandleCoverage coverage) =>
        $"{TerminalText.Escape(coverage.Venue),-10} {TerminalText.Escape(coverage.Symbol),-20} {coverage.Timeframe,-4} {coverage.Files,6:N0} "
        + $"{coverage.Candles,10:N0} {coverage.Empty,9:N0} {coverage.Missing,9:N0}  {Time(coverage.FirstMs)} to {Time(coverage.LastMs)}";

    private static string Json(CandleCoverage coverage) => JsonText.Object(json =>
    {
        json.WriteString("venue", coverage.Venue);
        json.WriteString("symbol", coverage.Symbol);
        json.WriteString("timeframe", coverage.Timeframe.Name);
        json.WriteNumber("files", coverage.Files);
        json.WriteNumber("candles", coverage.Candles);
        if (coverage.FirstMs != Absent.Integer) json.WriteNumber("first_open_time_ms", coverage.FirstMs);
        if (coverage.LastMs != Absent.Integer) json.WriteNumber("last_open_time_ms", coverage.LastMs);
        json.WriteNumber("no_trade", coverage.Empty);
        json.WriteNumber("missing", coverage.Missing);
        json.WriteStartArray("unreadable");
        foreach (var path in coverage.Unreadable) json.WriteStringValue(path);
        json.WriteEndArray();
    });

    private static string Time(long ms) =>
        ms == Absent.Integer ? "-" : DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}
