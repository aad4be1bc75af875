using System.CommandLine;
using System.CommandLine.Parsing;
using Tape.Cli.Options;
using Tape.Cli.Screens;
using Tape.Host;
using Tape.Storage.Files;
using Tape.Storage.Tapes;

namespace Tape.Cli.Commands;

/// <summary><c>tape log show</c>: records, as text or as one JSON object a line.</summary>
internal static class LogShowCommand
{
    private static readonly string[] Kinds = [.. Enum.GetValues<RecordKind>().Select(kind => kind.ToString().ToLowerInvariant())];

    public static Command Create()
    {
        var vault = VaultOption.Create();
        var from = Place("--from", "First record: a number, or a UTC time such as 2026-11-21T07:00:00Z.");
        var to = Place("--to", "Record or time before which to stop.");
        var kind = new Option<string?>("--kind") { Description = "Only records of this kind.", HelpName = "kind" };
        kind.AcceptOnlyFromAmong(Kinds);
        var connection = new Option<long?>("--conn") { Description = "Only records of this connection.", HelpName = "number" };
        var stream = new Option<string?>("--stream")
        {
            Description = "Only frames of this stream, by the venue's name of it, such as btcusdt@aggTrade.",
            HelpName = "name",
        };
        var limit = new Option<long>("--limit")
        {
            Description = "At most this many records; 0 shows all.",
            HelpName = "records",
            DefaultValueFactory = _ => 1000,
        };
        limit.Check(given => given >= 0, "--limit is 0 or more.");
        connection.Check(given => given is null or >= 0, "--conn is 0 or more.");
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line; payloads that are not UTF-8 as base64." };
        var command = new Command("show", "Show records of the tape.") { vault, from, to, kind, connection, stream, limit, json };
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            var folder = VaultOption.TapeFolder(parse.GetValue(vault)!);
            var filter = new LogShowFilter(parse.GetValue(from), parse.GetValue(to), Kind(parse.GetValue(kind)), parse.GetValue(connection),
                parse.GetValue(limit))
            { Stream = parse.GetValue(stream) is { } name ? new WireNameFilter(name) : null };
            return Show(folder, filter, new LogShowFormat(parse.InvocationConfiguration.Output, parse.GetValue(json)), cancel);
        }, cancel));
        return command;
    }

    private static RecordKind? Kind(string? name) => name is null ? null : Enum.Parse<RecordKind>(name, ignoreCase: true);

    private static int Show(string folder, LogShowFilter filter, LogShowFormat format, CancellationToken cancel)
    {
        using var reader = TapeReader.Open(DiskFiles.Instance, folder, filter.StartSeq(folder));
        var shown = 0L;
        while ((filter.Limit == 0 || shown < filter.Limit) && reader.TryRead(out var record) && !filter.IsPast(record))
        {
            cancel.ThrowIfCancellationRequested();
            if (!filter.Takes(record)) continue;
            format.Write(record);
            shown++;
        }
        if (shown > 0 || filter.Stream is null) return ExitCode.Ok;
        using var whole = TapeReader.Open(DiskFiles.Instance, folder, 0);
        filter.Stream.RefuseUnknown(whole, cancel);
        return ExitCode.Ok;
    }

    private static Option<TapePlace?> Place(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "place",
        CustomParser = Parse,
    };

    private static TapePlace? Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 0 ? "" : argument.Tokens[0].Value;
        if (TapePlace.Parse(text) is { } place) return place;
        argument.AddError($"'{text}' is neither the number of a record nor a time. Write {TimeText.Expected}.");
        return null;
    }
}
