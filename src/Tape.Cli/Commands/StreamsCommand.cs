using System.CommandLine;
using Tape.Cli.Options;
using Tape.Host;
using Tape.Query.Views;
using Tape.Storage.Files;

namespace Tape.Cli.Commands;

/// <summary><c>tape streams</c>: what each stream brought, what it lacks, and how it stands.</summary>
internal static class StreamsCommand
{
    public static Command Create()
    {
        var vault = VaultOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line." };
        var command = new Command("streams", "Show what each stream brought, when it was covered, and what it misses.") { vault, json };
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            VaultOption.TapeFolder(parse.GetValue(vault)!);
            var lines = StreamOverview.Read(DiskFiles.Instance, parse.GetValue(vault)!.FullName);
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json)) foreach (var line in lines) output.WriteLine(Json(line));
            else WriteTable(lines, output);
            return ExitCode.Ok;
        }, cancel));
        return command;
    }

    private static void WriteTable(IReadOnlyList<StreamLine> lines, TextWriter output)
    {
        output.WriteLine($"{"stream",-40} {"frames",12} {"rows",12} {"dropped",9} {"coverage",9} {"gaps",7} {"missing",10} {"twice",8} "
            + $"{"last frame",-30}  state");
        foreach (var line in lines)
            output.WriteLine($"{line.Key,-40} {line.Brought.Frames,12:N0} {line.Brought.Rows,12:N0} {line.Brought.Dropped,9:N0} {Share(line.Covered),9} "
                + $"{line.Gaps,7:N0} {line.Missing,10:N0} {line.Duplicates + line.Overlaps,8:N0} {Time(line.Brought.LastReceived) ?? "-",-30}  "
                + $"{State(line) ?? "-"}");
    }

    private static string Json(StreamLine line) => JsonText.Object(json =>
    {
        json.WriteString("exchange", line.Key.Venue);
        json.WriteString("channel", line.Key.Channel);
        json.WriteString("symbol", line.Key.Symbol);
        json.WriteNumber("frames", line.Brought.Frames);
        json.WriteNumber("rows", line.Brought.Rows);
        json.WriteString("first_recv", Time(line.Brought.FirstReceived));
        json.WriteString("last_recv", Time(line.Brought.LastReceived));
        json.WriteNumber("dropped", line.Brought.Dropped);
        if (line.Covered is { } covered) json.WriteNumber("coverage", covered);
        json.WriteNumber("gaps", line.Gaps);
        json.WriteNumber("missing", line.Missing);
        json.WriteNumber("duplicates", line.Duplicates);
        json.WriteNumber("reorders", line.Reorders);
        json.WriteNumber("overlaps", line.Overlaps);
        json.WriteString("state", State(line));
    });

    private static string? State(StreamLine line) => line.State?.ToString().ToLowerInvariant();

    private static string? Time(long? nanos) => nanos is { } value ? new UnixNanos(value).ToString() : null;

    /// <summary>Rounded down: 100 % means all of it.</summary>
    private static string Share(double? covered) =>
        covered is { } share ? (Math.Floor(share * 100_000) / 1000).ToString("0.000", CultureInfo.InvariantCulture) + " %" : "-";
}
