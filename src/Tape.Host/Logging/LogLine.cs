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

    /// <summary>The state to which a line of the event leads; null in other lines, and for a state that this version does not know.</summary>
    public StateReport? NewState(string stateEvent) =>
        Event == stateEvent && Enum.TryParse<RecorderState>(Text("to"), ignoreCase: true, out var state)
            ? new StateReport(state, Texts("why"), Texts("advice")) : null;

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

    private IReadOnlyList<string> Texts(string field) => Fields.TryGetProperty(field, out var list) && list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)] : [];

    private string Text(string field) =>
        Fields.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
