using System.Text.Json;
using Tape.Collect.Logging;

namespace Tape.Host.Logging;

/// <summary>A log line as another process reads it.</summary>
/// <param name="Event">The name by which scripts look for it.</param>
/// <param name="Fields">All of its fields.</param>
public sealed record LogLine(string Event, JsonElement Fields)
{
    /// <summary>How bad it is: info, warning, error. Empty where the line does not say.</summary>
    public string Level => Text("level");

    /// <summary>When it was written, in UTC by ISO 8601. Empty where the line does not say.</summary>
    public string Time => Text("time");

    /// <summary>The state that a change of the state leads to; null in other lines, and for a state that this version does not know.</summary>
    public RecorderState? NewState =>
        Event == RecorderLog.StateEvent && Enum.TryParse<RecorderState>(Text("to"), ignoreCase: true, out var state) ? state : null;

    /// <summary>Reads a line.</summary>
    /// <returns>Null for other text: a process that fails also says why in words, and a kill cuts its last line anywhere.</returns>
    public static LogLine? Read(string text)
    {
        if (!text.StartsWith('{')) return null;
        try
        {
            var line = new LogLine("", JsonElement.Parse(text));
            return line.Text("event") is { Length: > 0 } name ? line with { Event = name } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string Text(string field) =>
        Fields.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
