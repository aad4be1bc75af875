using System.Text.Json;

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
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var name = root.GetProperty("event").GetString()!;
            if (root.GetProperty("level").GetString() == "info" && !Worth.Contains(name)) return null;
            var told = Telling.Where(field => root.TryGetProperty(field, out _)).Select(field => root.GetProperty(field).ToString()).FirstOrDefault();
            var why = root.TryGetProperty("why", out var reasons) && reasons.GetArrayLength() > 0 ? $": {string.Join("; ", reasons.EnumerateArray())}" : "";
            return $"{root.GetProperty("time").GetString()![11..19]} {name} {told}{why}".TrimEnd();
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return line; // No log line but something that a process says about itself, such as why it ends.
        }
    }
}
