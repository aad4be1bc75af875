using System.Text.Json;
using Tape.Collect.Health;

namespace Tape.Collect.Logging;

/// <summary>Writes a status as fields of an open JSON object; heartbeat lines and status files share it.</summary>
public static class StatusJson
{
    public static void Write(Utf8JsonWriter json, RecorderStatus status)
    {
        json.WriteString("state", status.Report.Name);
        RecorderLog.WriteList(json, "why", status.Report.Why);
        json.WriteString("since", status.Since.ToString());
        RecorderLog.WriteList(json, "advice", status.Report.Advice);
        json.WriteNumber("uptime_s", Math.Round(status.UptimeSeconds, 3));
        json.WriteNumber("frames", status.Frames);
        json.WriteNumber("frame_bytes", status.FrameBytes);
        json.WriteNumber("frames_per_s", Math.Round(status.FramesPerSecond, 1));
        json.WriteNumber("dropped", status.Dropped);
        json.WriteNumber("queue_utilization", Math.Round(status.QueueUtilization, 4));
        json.WriteNumber("synced_seq", status.SyncedSeq);
        if (status.Clock is { } clock)
        {
            json.WriteStartObject("clock");
            json.WriteString("venue", clock.Venue);
            json.WriteString("measured_at", clock.MeasuredAt.ToString());
            WriteClock(json, clock);
            json.WriteEndObject();
        }

        json.WriteStartArray("connections");
        foreach (var connection in status.Connections) WriteConnection(json, connection);
        json.WriteEndArray();
        json.WriteStartArray("streams");
        foreach (var stream in status.Streams) WriteStream(json, stream);
        json.WriteEndArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote, out of a heartbeat line.</summary>
    /// <exception cref="JsonException">A field is missing or of another type.</exception>
    public static RecorderStatus Read(JsonElement line)
    {
        try
        {
            return new RecorderStatus(
                Time(line, "time"), new StateReport(Enum.Parse<RecorderState>(line.GetProperty("state").GetString()!, ignoreCase: true), List(line, "why"),
                    List(line, "advice")),
                Time(line, "since"), line.GetProperty("uptime_s").GetDouble(), line.GetProperty("frames").GetInt64(),
                    line.GetProperty("frame_bytes").GetInt64(),
                line.GetProperty("frames_per_s").GetDouble(), line.GetProperty("dropped").GetInt64(), line.GetProperty("queue_utilization").GetDouble(),
                    line.GetProperty("synced_seq").GetInt64(),
                [.. line.GetProperty("connections").EnumerateArray().Select(ReadConnection)],
                    [.. line.GetProperty("streams").EnumerateArray().Select(ReadStream)])
            {
                Clock = line.TryGetProperty("clock", out var clock) ? ReadClock(clock) : null,
            };
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new JsonException($"found a line that is no heartbeat: {fault.Message}", fault);
        }
    }

    /// <summary>Offset and uncertainty as fields of an open object.</summary>
    internal static void WriteClock(Utf8JsonWriter json, ClockOffset clock)
    {
        json.WriteNumber("offset_ms", Milliseconds(clock.Nanos));
        json.WriteNumber("uncertainty_ms", Milliseconds(clock.UncertaintyNanos));
    }

    private static ClockOffset ReadClock(JsonElement json) =>
        new(json.GetProperty("venue").GetString()!, Time(json, "measured_at"), Nanos(json.GetProperty("offset_ms")), Nanos(json.GetProperty("uncertainty_ms")));

    private static decimal Milliseconds(long nanos) => (decimal)nanos / UnixNanos.PerMillisecond;

    private static long Nanos(JsonElement milliseconds) => (long)(milliseconds.GetDecimal() * UnixNanos.PerMillisecond);

    private static ConnectionStatus ReadConnection(JsonElement json) => new(
        json.GetProperty("venue").GetString()!, json.GetProperty("route").GetString()!, json.GetProperty("shard").GetInt32(),
            json.GetProperty("conn").GetInt64(), json.GetProperty("frames").GetInt64(),
        json.TryGetProperty("last_end", out var end) ? end.GetString()! : "");

    private static StreamStatus ReadStream(JsonElement json) => new(
        new StreamKey(json.GetProperty("venue").GetString()!, json.GetProperty("channel").GetString()!, json.GetProperty("symbol").GetString()!),
        Enum.Parse<StreamHealth>(json.GetProperty("health").GetString()!, ignoreCase: true), json.GetProperty("frames").GetInt64(),
            json.GetProperty("frames_per_s").GetDouble(),
        json.TryGetProperty("quiet_s", out var quiet) ? quiet.GetDouble() : null, json.GetProperty("dropped").GetInt64());

    private static UnixNanos Time(JsonElement line, string name) => UnixNanos.From(line.GetProperty(name).GetDateTimeOffset());

    private static string[] List(JsonElement line, string name) => [.. line.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    private static void WriteConnection(Utf8JsonWriter json, ConnectionStatus connection)
    {
        json.WriteStartObject();
        json.WriteString("venue", connection.Venue);
        json.WriteString("route", connection.Route);
        json.WriteNumber("shard", connection.Shard);
        json.WriteNumber("conn", connection.Connection);
        json.WriteNumber("frames", connection.Frames);
        if (connection.LastEnd.Length > 0) json.WriteString("last_end", connection.LastEnd);
        json.WriteEndObject();
    }

    private static void WriteStream(Utf8JsonWriter json, StreamStatus stream)
    {
        json.WriteStartObject();
        json.WriteString("venue", stream.Key.Venue);
        json.WriteString("channel", stream.Key.Channel);
        json.WriteString("symbol", stream.Key.Symbol);
        json.WriteString("health", stream.Health.ToString().ToLowerInvariant());
        json.WriteNumber("frames", stream.Frames);
        json.WriteNumber("frames_per_s", Math.Round(stream.FramesPerSecond, 1));
        if (stream.QuietSeconds is { } quiet) json.WriteNumber("quiet_s", Math.Round(quiet, 1));
        json.WriteNumber("dropped", stream.Dropped);
        json.WriteEndObject();
    }
}
