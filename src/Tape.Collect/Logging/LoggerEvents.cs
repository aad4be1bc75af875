using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;

namespace Tape.Collect.Logging;

/// <summary>Log entries that no generated message can express: with lists, nested objects, or fields that are left out.</summary>
public static class LoggerEvents
{
    /// <summary>Logs an event.</summary>
    /// <param name="fields">Writes its fields into an open object.</param>
    public static void Event(this ILogger log, LogLevel level, string name, Action<Utf8JsonWriter> fields) =>
        log.Log(level, new EventId(0, name), fields, null, static (write, _) => JsonText.Object(write));

    /// <summary>Logs an event with the fields of a document.</summary>
    public static void Event<T>(this ILogger log, LogLevel level, string name, T document, JsonTypeInfo<T> contract) => log.Event(level, name, json =>
    {
        foreach (var field in JsonSerializer.SerializeToElement(document, contract).EnumerateObject()) field.WriteTo(json);
    });

    /// <summary>Logs a change of a state: <c>from</c>, <c>to</c>, and the reasons and advice of the new one.</summary>
    public static void StateChanged(this ILogger log, string name, StateReport from, StateReport to) =>
        log.Event(to.State == RecorderState.Ready ? LogLevel.Information : LogLevel.Warning, name, json =>
        {
            json.WriteString("from", from.Name);
            json.WriteString("to", to.Name);
            RecorderLog.WriteList(json, "why", to.Why);
            RecorderLog.WriteList(json, "advice", to.Advice);
        });
}
