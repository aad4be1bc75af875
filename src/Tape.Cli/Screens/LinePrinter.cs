using System.Text.Json;
using Tape.Host.Logging;

namespace Tape.Cli.Screens;

/// <summary>Log lines of several processes on one output: as they are, or on a terminal those that a person wants, in words. Thread-safe.</summary>
/// <param name="plain">All lines as they are.</param>
internal sealed class LinePrinter(TextWriter output, bool plain)
{
    private readonly Lock _gate = new();
    private bool _isGone;

    /// <summary>Information that is worth a line beside warnings and errors.</summary>
    private static readonly string[] Worth =
        ["collector_start", "collector_stop", "server_start", "server_stop", "state_change", "child_start", "storage_back"];

    /// <summary>The fields that sum up a line; the first one that it has is shown.</summary>
    private static readonly string[] Telling = ["reason", "endpoint", "to", "child", "vault", "detail", "text"];

    public void Write(string line)
    {
        var text = plain ? line : InWords(line);
        if (text is null) return;
        lock (_gate)
        {
            if (_isGone) return;
            try
            {
                output.WriteLine(text);
                output.Flush();
            }
            catch (IOException)
            {
                // The reader has left. The processes go on, and their lines are in their files.
                _isGone = true;
            }
        }
    }

    /// <returns>Null for a line that only a program wants.</returns>
    private static string? InWords(string line)
    {
        // What is no log line is something that a process says about itself, such as why it ends.
        if (LogLine.Read(line) is not { Time.Length: >= 19 } read) return line;
        if (read.Level == "info" && !Worth.Contains(read.Event)) return null;
        var fields = read.Fields;
        var told = Telling.Where(field => fields.TryGetProperty(field, out _)).Select(field => fields.GetProperty(field).ToString()).FirstOrDefault();
        var why = fields.TryGetProperty("why", out var reasons) && reasons.ValueKind == JsonValueKind.Array && reasons.GetArrayLength() > 0
            ? $": {string.Join("; ", reasons.EnumerateArray())}" : "";
        return $"{read.Time[11..19]} {read.Event} {told}{why}".TrimEnd();
    }
}
