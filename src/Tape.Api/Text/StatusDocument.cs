using System.Text.Json;
using Tape.Api.Live;
using Tape.Core.Values;
using Tape.Derive.Activity;
using Tape.Storage.Tapes.Notes;

namespace Tape.Api.Text;

/// <summary>The answer of <c>/status</c>, as fields of an open JSON object; <c>tape status</c> shows the same.</summary>
public static class StatusDocument
{
    /// <param name="now">The clock of this process.</param>
    public static void Write(Utf8JsonWriter json, VaultStatus look, UnixNanos now)
    {
        var (snapshot, sign) = (look.Snapshot, RecorderHealth.Judge(look, now));
        json.WriteString("state", sign.State);
        WriteList(json, "why", sign.Why);
        WriteList(json, "advice", sign.Advice);
        WriteTime(json, "since", sign.Since);
        json.WriteBoolean("recording", sign.IsRecording);
        json.WriteString("now", now.ToString());
        WriteTime(json, "last_tick", snapshot.LastTick);
        if (sign.IsRunning && snapshot.Health is { } health) WriteHealth(json, health, snapshot.HealthAt!.Value, now);
        WriteMinutes(json, snapshot.Minutes, look.Gaps);
        if (look.GapsFault is not null) json.WriteString("gaps_fault", look.GapsFault);
        json.WriteStartArray("streams");
        var conditions = new Dictionary<StreamKey, string>();
        foreach (var stream in snapshot.Health?.Troubled ?? []) conditions.TryAdd(new StreamKey(stream.Venue, stream.Channel, stream.Symbol), stream.Condition);
        foreach (var stream in snapshot.Streams) WriteStream(json, stream, conditions, now);
        json.WriteEndArray();
    }

    /// <summary>What the recorder last said of itself.</summary>
    private static void WriteHealth(Utf8JsonWriter json, HealthNote health, UnixNanos at, UnixNanos now)
    {
        json.WriteNumber("uptime_s", Math.Round(Seconds(health.UptimeNanos) + Math.Max(0, now.Since(at).TotalSeconds), 1));
        json.WriteStartObject("recorder");
        json.WriteString("at", at.ToString());
        json.WriteNumber("frames", health.Frames);
        json.WriteNumber("frame_bytes", health.FrameBytes);
        json.WriteNumber("dropped", health.Dropped);
        json.WriteNumber("queue_utilization", health.QueueUtilization);
        json.WriteNumber("connections", health.Connections);
        json.WriteNumber("connections_open", health.ConnectionsOpen);
        json.WriteStartObject("streams");
        foreach (var (name, count) in Conditions(health.Streams)) json.WriteNumber(name, count);
        json.WriteEndObject();
        if (health.FreeBytes is { } free) json.WriteNumber("free_bytes", free);
        if (health.ClockOffsetNanos is { } offset) json.WriteNumber("clock_offset_ms", (decimal)offset / UnixNanos.PerMillisecond);
        json.WriteEndObject();
    }

    /// <summary>Streams by condition, with the names of the conditions.</summary>
    internal static IReadOnlyList<(string Name, int Count)> Conditions(StreamCounts streams) =>
        [("live", streams.Live), ("waiting", streams.Waiting), ("silent", streams.Silent), ("unproven", streams.Unproven), ("refused", streams.Refused),
            ("down", streams.Down)];

    private static void WriteMinutes(Utf8JsonWriter json, IReadOnlyList<ActivityMinute> minutes, RecentGaps? gaps)
    {
        json.WriteStartObject("recent");
        json.WriteNumber("frames", minutes.Sum(minute => minute.Frames));
        json.WriteNumber("dropped", minutes.Sum(minute => minute.Dropped));
        json.WriteNumber("interruptions", minutes.Sum(minute => minute.Interruptions));
        if (gaps is not null)
        {
            json.WriteNumber("gaps", gaps.Count);
            json.WriteNumber("streams_in_gap", gaps.Open);
            WriteTime(json, "gaps_as_of", gaps.AsOf);
        }

        json.WriteStartArray("minutes");
        foreach (var minute in minutes)
        {
            json.WriteStartObject();
            json.WriteString("start", minute.Start.ToString());
            json.WriteNumber("frames", minute.Frames);
            json.WriteNumber("frame_bytes", minute.FrameBytes);
            json.WriteNumber("dropped", minute.Dropped);
            json.WriteNumber("interruptions", minute.Interruptions);
            if (gaps?.AsOf >= minute.Start) json.WriteNumber("gaps", gaps.Begun.GetValueOrDefault(minute.Start.Value));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStream(Utf8JsonWriter json, StreamActivity stream, Dictionary<StreamKey, string> conditions, UnixNanos now)
    {
        json.WriteStartObject();
        json.WriteString("venue", stream.Key.Venue);
        json.WriteString("channel", stream.Key.Channel);
        json.WriteString("symbol", stream.Key.Symbol);
        json.WriteBoolean("open", stream.IsOpen);
        if (conditions.TryGetValue(stream.Key, out var condition)) json.WriteString("condition", condition);
        json.WriteNumber("recent_frames", stream.RecentFrames);
        json.WriteNumber("recent_dropped", stream.RecentDropped);
        WriteTime(json, "last_received", stream.LastReceived);
        if (stream.LastReceived is { } last) json.WriteNumber("quiet_s", Math.Round(Math.Max(0, now.Since(last).TotalSeconds), 1));
        BookText.Write(json, stream.Book);
        json.WriteEndObject();
    }

    private static double Seconds(long nanos) => nanos / (double)UnixNanos.PerSecond;

    private static void WriteTime(Utf8JsonWriter json, string name, UnixNanos? time)
    {
        if (time is { } value) json.WriteString(name, value.ToString());
        else json.WriteNull(name);
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items) json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
