using System.Text.Json;
using Tape.Derive.Survey;
using Tape.Host.Configuration;
using Tape.Query.Sanity;

namespace Tape.Cli.Screens;

/// <summary>A sanity report as text for people and as JSON for scripts.</summary>
internal static class SanityScreen
{
    /// <summary>Downtimes and jumps printed at most; <c>--json</c> has more.</summary>
    private const int Listed = 10;

    public static void WriteText(SanityReport report, TextWriter output)
    {
        var survey = report.Survey;
        output.WriteLine($"tape      {survey.Records:N0} records, {survey.Frames:N0} frames on {survey.Connections.Count:N0} connections in "
            + $"{survey.Runs} runs; "
            + $"{survey.Recoveries} torn tails cut, {survey.ClockSteps} clock steps, {survey.Pauses} pauses");
        output.WriteLine($"tables    {report.Rows:N0} rows in {report.Files:N0} files of {report.Seals:N0} seals, {report.TailRows:N0} rows not sealed yet");
        output.WriteLine($"lost      {survey.Dropped:N0} frames declared dropped, {report.Undecodable:N0} undecodable");
        if (report.Deep) output.WriteLine($"deep      {report.RowsProven:N0} of {report.Rows:N0} rows derived again and found identical");
        if (report.Expired is { } expired) output.WriteLine($"expired   all records before {survey.FirstSeq:N0}; the last of them: {expired}");
        WriteStreams(report, output);
        WriteDowntimes(report, output);
        WriteJumps(report, output);
        foreach (var finding in report.Findings) output.WriteLine($"WRONG     {finding}");
        output.WriteLine(report.IsSound ? $"sound: everything stored is what it must be" : $"NOT SOUND: {report.Findings.Count} findings");
    }

    public static void WriteJson(SanityReport report, Stream output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteBoolean("sound", report.IsSound);
        json.WriteBoolean("deep", report.Deep);
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings) json.WriteStringValue(finding);
        json.WriteEndArray();
        WriteSums(json, report);
        json.WriteStartArray("streams");
        foreach (var stream in report.Streams) WriteStream(json, stream);
        json.WriteEndArray();
        json.WriteStartArray("downtimes");
        foreach (var downtime in report.Downtimes) WriteDowntime(json, downtime);
        json.WriteEndArray();
        json.WriteStartArray("jumps");
        foreach (var jump in report.Jumps) WriteJump(json, jump);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteStreams(SanityReport report, TextWriter output)
    {
        if (report.Streams.Count == 0) return;
        output.WriteLine($"{"stream",-44} {"frames",12} {"rows",12} {"dropped",9} {"jumps",7} {"downtimes",10} {"down for",10}");
        foreach (var stream in report.Streams)
            output.WriteLine($"{stream.Key,-44} {stream.Frames,12:N0} {stream.Rows,12:N0} {stream.Dropped,9:N0} {stream.Jumps,7:N0} {stream.Downtimes,10:N0} "
                + $"{Units.Show(stream.DownFor),10}");
    }

    private static void WriteDowntimes(SanityReport report, TextWriter output)
    {
        foreach (var downtime in report.Downtimes.Take(Listed))
            output.WriteLine($"down      {downtime.Venue} {downtime.Route}/{downtime.Shard} {downtime.From} to "
                + $"{downtime.To?.ToString() ?? "the end"}{(downtime.To is { } to ? $" ({Units.Show(to.Since(downtime.From))})" : "")}: {downtime.Cause}, "
                + $"{downtime.Streams.Length} streams");
        if (report.Downtimes.Count > Listed) output.WriteLine($"          and {report.Downtimes.Count - Listed} more (--json lists all)");
    }

    private static void WriteJumps(SanityReport report, TextWriter output)
    {
        foreach (var jump in report.Jumps.Take(Listed))
            output.WriteLine($"jump      {jump.Exchange} {jump.Symbol} {jump.Kind} at {jump.At}: {jump.Before} to {jump.After}, "
                + $"{(jump.SameConnection ? "within connection" : "up to connection")} {jump.Connection}");
        if (report.Jumps.Count > Listed) output.WriteLine($"          and {report.Jumps.Count - Listed} more (--json lists up to {IdJumps.ListedMax})");
    }

    private static void WriteSums(Utf8JsonWriter json, SanityReport report)
    {
        json.WriteNumber("records", report.Survey.Records);
        json.WriteNumber("first_seq", report.Survey.FirstSeq);
        if (report.Expired is { } expired) json.WriteString("expired", expired);
        json.WriteNumber("frames", report.Survey.Frames);
        json.WriteNumber("connections", report.Survey.Connections.Count);
        json.WriteNumber("runs", report.Survey.Runs);
        json.WriteNumber("recoveries", report.Survey.Recoveries);
        json.WriteNumber("clock_steps", report.Survey.ClockSteps);
        json.WriteNumber("pauses", report.Survey.Pauses);
        json.WriteNumber("dropped", report.Survey.Dropped);
        json.WriteNumber("undecodable", report.Undecodable);
        json.WriteNumber("seals", report.Seals);
        json.WriteNumber("files", report.Files);
        json.WriteNumber("rows", report.Rows);
        json.WriteNumber("tail_rows", report.TailRows);
        json.WriteNumber("rows_proven", report.RowsProven);
    }

    private static void WriteStream(Utf8JsonWriter json, StreamReport stream)
    {
        json.WriteStartObject();
        json.WriteString("exchange", stream.Key.Venue);
        json.WriteString("channel", stream.Key.Channel);
        json.WriteString("symbol", stream.Key.Symbol);
        json.WriteNumber("frames", stream.Frames);
        json.WriteNumber("rows", stream.Rows);
        json.WriteNumber("dropped", stream.Dropped);
        json.WriteNumber("jumps", stream.Jumps);
        json.WriteNumber("missing_ids", stream.MissingIds);
        json.WriteNumber("downtimes", stream.Downtimes);
        json.WriteNumber("down_s", Math.Round(stream.DownFor.TotalSeconds, 3));
        json.WriteEndObject();
    }

    private static void WriteDowntime(Utf8JsonWriter json, Downtime downtime)
    {
        json.WriteStartObject();
        json.WriteString("exchange", downtime.Venue);
        json.WriteString("route", downtime.Route);
        json.WriteNumber("shard", downtime.Shard);
        json.WriteString("from_time", downtime.From.ToString());
        if (downtime.To is { } to) json.WriteString("to_time", to.ToString());
        json.WriteString("cause", downtime.Cause);
        json.WriteStartArray("streams");
        foreach (var stream in downtime.Streams) json.WriteStringValue(stream.Wire);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteJump(Utf8JsonWriter json, IdJump jump)
    {
        json.WriteStartObject();
        json.WriteString("exchange", jump.Exchange);
        json.WriteString("symbol", jump.Symbol);
        json.WriteString("kind", jump.Kind);
        json.WriteNumber("conn", jump.Connection);
        json.WriteBoolean("same_connection", jump.SameConnection);
        json.WriteString("at", jump.At.ToString());
        json.WriteNumber("before", jump.Before);
        json.WriteNumber("after", jump.After);
        json.WriteEndObject();
    }


}
