using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Storage.Journal;
using Tape.Storage.Tapes.Notes;

namespace Tape.Derive.Decoding;

/// <summary>
/// What derivation must know at a place on the tape in order to go on from there without reading what lies before: the open connections.
/// Kept as JSON in the seal log at the end of each sealed range.
/// </summary>
/// <param name="Connections">Connections that have connected and not ended.</param>
public sealed record DerivationState(IReadOnlyList<OpenConnection> Connections)
{
    private static bool IsWhole(OpenConnection? open) =>
        open is { Venue: not null, Streams: not null } && open.Streams.All(stream => stream is { IsWhole: true });

    /// <summary>At the start of a tape.</summary>
    public static DerivationState Start { get; } = new([]);

    public string ToJson() => JsonSerializer.Serialize(this, DerivationJson.Default.DerivationState);

    /// <exception cref="DamagedException">The text is not such a state.</exception>
    public static DerivationState Parse(string json)
    {
        try
        {
            var state = JsonSerializer.Deserialize(json, DerivationJson.Default.DerivationState) ?? Start;
            return state.Connections is not null && state.Connections.All(IsWhole) ? state : throw new FormatException("a connection that lacks something");
        }
        catch (Exception fault) when (JsonFaults.IsFault(fault))
        {
            throw new DamagedException($"The state of derivation in the seal log can't be read: {fault.Message}", "Run 'tape sanity'.", fault);
        }
    }
}

/// <summary>A connection that is open at a place on the tape.</summary>
/// <param name="Connection">Its number.</param>
/// <param name="Venue">The venue whose frames it carries.</param>
/// <param name="Streams">What it was to carry.</param>
public sealed record OpenConnection(long Connection, string Venue, NotedStream[] Streams);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DerivationState))]
internal sealed partial class DerivationJson : JsonSerializerContext;
