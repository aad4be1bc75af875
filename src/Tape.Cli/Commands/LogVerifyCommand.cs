using System.CommandLine;
using System.Text.Json;
using Tape.Cli.Options;
using Tape.Host;
using Tape.Storage.Files;
using Tape.Storage.Tapes;

namespace Tape.Cli.Commands;

/// <summary><c>tape log verify</c>: reads everything and checks everything; status 1 when something is wrong.</summary>
internal static class LogVerifyCommand
{
    public static Command Create()
    {
        var vault = VaultOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("verify", "Read the whole tape and check every checksum, number and time.") { vault, json }
            .WithDetails("Exit status 1 when something is damaged. Takes no lock and changes nothing.");
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            var report = TapeVerifier.Run(DiskFiles.Instance, VaultOption.TapeFolder(parse.GetValue(vault)!), cancel);
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json)) output.WriteLine(Json(report));
            else WriteText(output, report);
            return report.IsGood ? ExitCode.Ok : ExitCode.Findings;
        }, cancel));
        return command;
    }

    private static void WriteText(TextWriter output, TapeReport report)
    {
        output.WriteLine($"tape {report.TapeId:x16}: {report.Segments} segments, {report.Blocks} blocks, {report.Bytes} bytes");
        output.WriteLine($"records {report.FirstSeq}..{report.NextSeq}: {Counts(report.Kinds)}; {report.Connections} connections");
        if (report.Notes.Count > 0) output.WriteLine($"notes: {Counts(report.Notes)}");
        if (report.UnfinishedBytes > 0)
            output.WriteLine($"the last {report.UnfinishedBytes} bytes are the beginning of a block: "
                + "a commit on its way, or one cut by a crash, which the next recording removes");
        foreach (var damage in report.Damage) output.WriteLine($"DAMAGED {damage}");
        if (report.Damage.Count >= TapeReport.DamageMax) output.WriteLine($"stopped listing after {TapeReport.DamageMax} faults");
        output.WriteLine(report.IsGood ? "all good" : $"{report.Damage.Count} faults; restore the named segments from a backup if there is one");
    }

    private static string Json(TapeReport report) => JsonText.Object(json =>
    {
        json.WriteString("tape_id", report.TapeId.ToString("x16"));
        json.WriteBoolean("good", report.IsGood);
        json.WriteNumber("segments", report.Segments);
        json.WriteNumber("blocks", report.Blocks);
        json.WriteNumber("bytes", report.Bytes);
        json.WriteNumber("first_seq", report.FirstSeq);
        json.WriteNumber("next_seq", report.NextSeq);
        json.WriteNumber("records", report.Records);
        json.WriteNumber("connections", report.Connections);
        json.WriteNumber("unfinished_bytes", report.UnfinishedBytes);
        WriteCounts(json, "kinds", report.Kinds);
        WriteCounts(json, "notes", report.Notes);
        json.WriteStartArray("damage");
        foreach (var damage in report.Damage) json.WriteStringValue(damage);
        json.WriteEndArray();
    });

    private static void WriteCounts(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, long>> counts)
    {
        json.WriteStartObject(name);
        foreach (var (key, count) in counts) json.WriteNumber(key, count);
        json.WriteEndObject();
    }

    private static string Counts(IReadOnlyDictionary<string, long> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.Select(pair => $"{pair.Value} {pair.Key}"));
}
