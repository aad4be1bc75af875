using System.CommandLine;
using System.Text.Json;
using Tape.Cli.Options;
using Tape.Host;
using Tape.Storage.Files;
using Tape.Storage.Retention;
using Tape.Storage.Segments;
using Tape.Storage.Tapes;

namespace Tape.Cli.Commands;

/// <summary><c>tape log ls</c>: the segments with their ranges, times and sizes.</summary>
internal static class LogLsCommand
{
    public static Command Create()
    {
        var vault = VaultOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line." };
        var command = new Command("ls", "List the segments of the tape: records, times, bytes, and what of them is compressed.") { vault, json };
        command.SetAction(parse =>
        {
            var folder = VaultOption.TapeFolder(parse.GetValue(vault)!);
            var segments = TapeFolder.Segments(DiskFiles.Instance, folder);
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json)) foreach (var segment in segments) output.WriteLine(Json(segment));
            else WriteTable(output, segments);
            if (!parse.GetValue(json) && segments is [{ FirstSeq: > 0 } first, ..]
                && SegmentHistory.Read(DiskFiles.Instance, folder).WhereIs(first.FirstSeq - 1) is { } gone)
                output.WriteLine($"before them: {gone}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static void WriteTable(TextWriter output, IReadOnlyList<SegmentInfo> segments)
    {
        output.WriteLine($"{"segment",-39} {"records",25} {"first time",-31} {"last time",-31} {"bytes",13} {"on disk",13}");
        foreach (var segment in segments)
            output.WriteLine($"{Path.GetFileName(segment.FilePath),-39} {$"{segment.FirstSeq}..{segment.NextSeq}",25} "
                + $"{segment.MinTime?.ToString() ?? "-",-31} {segment.MaxTime?.ToString() ?? "-",-31} {segment.Bytes,13} "
                + $"{segment.StoredBytes,13}{(segment.IsFinished ? "" : "  open end")}");
        output.WriteLine($"{segments.Count} segments, {segments.SaturatingSum(segment => segment.NextSeq - segment.FirstSeq)} records, "
            + $"{segments.SaturatingSum(segment => segment.Bytes)} bytes, {segments.SaturatingSum(segment => segment.StoredBytes)} on disk");
    }

    private static string Json(SegmentInfo segment) => JsonText.Object(json =>
    {
        json.WriteString("segment", Path.GetFileName(segment.FilePath));
        json.WriteString("tape_id", segment.TapeId.ToString("x16"));
        json.WriteNumber("first_seq", segment.FirstSeq);
        json.WriteNumber("next_seq", segment.NextSeq);
        if (segment.MinTime is { } min) json.WriteString("min_time", min.ToString());
        if (segment.MaxTime is { } max) json.WriteString("max_time", max.ToString());
        json.WriteNumber("bytes", segment.Bytes);
        if (segment.CompressedBytes is { } compressed) json.WriteNumber("compressed_bytes", compressed);
        json.WriteBoolean("finished", segment.IsFinished);
    });
}
