using System.Text.Json;

namespace Tape.Simulator.Replay;

/// <summary>What a venue's names of streams and its frames say about channels, for serving frames that were captured or recorded.</summary>
public abstract class ChannelMap
{
    /// <summary>Our name of the venue, as notes on a tape have it.</summary>
    internal abstract string Venue { get; }

    /// <summary>How long a replay waits for further subscriptions before it begins.</summary>
    internal virtual TimeSpan Grace => TimeSpan.FromSeconds(1);

    /// <summary>The channel of a name as a client subscribes to it, or null when it is no name of a stream.</summary>
    internal abstract string? OfStream(string name);

    /// <summary>The channel of a captured frame, or null for what is no data frame.</summary>
    internal abstract string? OfFrame(byte[] frame);

    /// <summary>The name of the stream of a recorded frame, or null for what is no data frame.</summary>
    internal abstract string? StreamOf(ReadOnlySpan<byte> frame);

    /// <summary>The route that delivers a channel.</summary>
    internal abstract string RouteOf(string channel);

    /// <summary>The name that a field of a frame's outermost object gives; null without the field, or when another one comes before it.</summary>
    private protected static string? NameIn(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> field, ReadOnlySpan<byte> other, Func<JsonElement, string?> nameOf)
    {
        try
        {
            var reader = new Utf8JsonReader(frame);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!other.IsEmpty && reader.ValueTextEquals(other)) return null;
                var isIt = reader.ValueTextEquals(field);
                reader.Read();
                if (isIt) return nameOf(JsonElement.ParseValue(ref reader));
                reader.Skip();
            }

            return null;
        }
        catch (JsonException)
        {
            // A plain-text pong and what is no JSON belong to no stream; serving such bytes is what the garbage fault is for.
            return null;
        }
    }
}
