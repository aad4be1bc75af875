using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tape.Core.Logging;

namespace Tape.Collect.Logging;

/// <summary>
/// Writes log entries as JSON lines: <c>time</c>, <c>level</c>, <c>event</c> (the name of the event id), then the entry's own fields. Logging never fails its
/// caller: a line that the sink refuses is counted and left out. Thread-safe; the sink gets one line at a time.
/// </summary>
/// <remarks>An entry is either a generated message, whose parameters become fields (<c>fromSeq</c> as <c>from_seq</c>), or writes its fields itself.</remarks>
public sealed class JsonLogger(ILogSink sink, TimeProvider time) : ILogger
{
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null);
    private long _lostLines;

    /// <summary>Lines that the sink could not take.</summary>
    public long LostLines => Interlocked.Read(ref _lostLines) + sink.LostLines;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

    /// <summary>Scopes are not written.</summary>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        lock (_gate)
        {
            _line.ResetWrittenCount();
            _json.Reset(_line);
            _json.WriteStartObject();
            _json.WriteString("time", UnixNanos.From(time.GetUtcNow()).ToString());
            _json.WriteString("level", logLevel switch { LogLevel.Information => "info", LogLevel.Warning => "warning", _ => "error" });
            _json.WriteString("event", eventId.Name);
            if (state is Action<Utf8JsonWriter> write) write(_json);
            else if (state is IReadOnlyList<KeyValuePair<string, object?>> fields) foreach (var (name, value) in fields) WriteField(_json, name, value);
            _json.WriteEndObject();
            _json.Flush();
            try
            {
                sink.Write(_line.WrittenSpan);
            }
            catch (Exception)
            {
                // A closed pipe, a full log disk or a broken sink must not stop the recording; the count is in the next heartbeat.
                Interlocked.Increment(ref _lostLines);
            }
        }
    }

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        if (name == "{OriginalFormat}") return;
        json.WritePropertyName(JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
        switch (value)
        {
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(value?.ToString());
                break;
        }
    }
}
