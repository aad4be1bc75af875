using System.Text;
using System.Text.Json;
using Tape.Core.Logging;

namespace Tape.TestKit.Logging;

/// <summary>Keeps log lines; each must be one JSON object. Thread-safe.</summary>
public sealed class LogLines : ILogSink
{
    private readonly List<JsonElement> _lines = [];

    /// <summary>When set, writing throws it.</summary>
    public Exception? Fault { get; set; }

    public void Write(ReadOnlySpan<byte> line)
    {
        if (Fault is not null) throw Fault;
        var text = Encoding.UTF8.GetString(line);
        lock (_lines) _lines.Add(JsonDocument.Parse(text).RootElement);
    }

    public IReadOnlyList<JsonElement> All
    {
        get { lock (_lines) return [.. _lines]; }
    }

    public IReadOnlyList<JsonElement> Named(string name) => [.. All.Where(line => line.GetProperty("event").GetString() == name)];
}
