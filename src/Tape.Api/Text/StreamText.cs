using System.Text.Json;
using Tape.Core.Values;
using Tape.Derive.Activity;
using Tape.Storage.Seals;

namespace Tape.Api.Text;

/// <summary>A stream with its totals, as <c>/v1/streams</c> tells it.</summary>
internal static class StreamText
{
    /// <param name="lately">What the streams brought in the last minutes.</param>
    public static void Write(Utf8JsonWriter json, StreamStatistics total, IReadOnlyDictionary<StreamKey, StreamActivity> lately)
    {
        json.WriteStartObject();
        json.WriteString("venue", total.Exchange);
        json.WriteString("channel", total.Channel);
        json.WriteString("symbol", total.Symbol);
        json.WriteNumber("frames", total.Frames);
        json.WriteNumber("dropped", total.Dropped);
        WriteTime(json, "first_received", total.FirstReceived);
        WriteTime(json, "last_received", total.LastReceived);
        if (lately.TryGetValue(new StreamKey(total.Exchange, total.Channel, total.Symbol), out var recent))
        {
            json.WriteBoolean("open", recent.IsOpen);
            json.WriteNumber("recent_frames", recent.RecentFrames);
            json.WriteNumber("recent_dropped", recent.RecentDropped);
            BookText.Write(json, recent.Book);
        }

        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long? nanos)
    {
        if (nanos is { } value) json.WriteString(name, new UnixNanos(value).ToString());
        else json.WriteNull(name);
    }
}
