using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Derive.Decoding;
using Tape.Storage.Gaps;
using Tape.Storage.Journal;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Sequences;

namespace Tape.Derive.Gaps;

/// <summary>What the tracker must know at a place on the tape in order to go on from there. Kept as JSON beside the ledger.</summary>
public sealed record GapTrackerState
{
    /// <summary>At the start of a tape.</summary>
    public static GapTrackerState Start { get; } = new();

    /// <summary>At the start of what is left of a tape whose earlier gaps are in a ledger: its streams keep their numbers.</summary>
    /// <param name="streams">By number, without gaps between.</param>
    public static GapTrackerState Knowing(IReadOnlyList<GapStream> streams) => new()
    {
        Streams = [.. streams.Select(stream =>
            new StreamState(stream.Key.Venue, stream.Key.Channel, stream.Key.Symbol, stream.BegunAt, Absent.Integer, Absent.Integer, Absent.Integer, 0, null,
            null, new long[4], Refusal: stream.Refusal))],
    };

    /// <summary>The next record.</summary>
    public long NextSeq { get; init; }

    internal long Now { get; init; } = Absent.Integer;

    internal long Steady { get; init; }

    internal long Monotonic { get; init; } = Absent.Integer;

    internal int Run { get; init; }

    internal long RunSeq { get; init; }

    internal SortedDictionary<string, long> VenuesOfRun { get; init; } = [];

    internal IReadOnlyList<StreamState> Streams { get; init; } = [];

    internal IReadOnlyList<ConnectionState> Connections { get; init; } = [];

    /// <summary>The open connections, as deriving rows knows them: enough to decode what follows.</summary>
    public DerivationState Derivation =>
        new([.. Connections.Select(open => new OpenConnection(open.Opened.Connection, open.Opened.Venue, Noted(open.Opened)))
        .OrderBy(open => open.Connection)]);

    private NotedStream[] Noted(OpenedConnection opened) =>
        [.. opened.Streams.Zip(opened.Wires, (number, wire) => new NotedStream(Streams[number].Channel, Streams[number].Symbol, wire))];

    public string ToJson() => JsonSerializer.Serialize(Saved.Of(this), GapTrackerJson.Default.Saved);

    /// <exception cref="DamagedException">The text is not such a state.</exception>
    public static GapTrackerState Parse(string json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, GapTrackerJson.Default.Saved) is not { } saved) return Start;
            return saved.Fault is { } wrong ? throw new FormatException(wrong) : saved.State;
        }
        catch (Exception fault) when (JsonFaults.IsFault(fault))
        {
            throw new DamagedException($"The state of the gap ledger can't be read: {fault.Message}", "Run 'tape gaps --rebuild'.", fault);
        }
    }

    /// <summary>A stream in the state.</summary>
    internal sealed record StreamState(string Venue, string Channel, string Symbol, long BegunAt, long HighId, long HighAt, long HighSeq, long HighConnection,
        OpenGap? Open, IdGap[]? Holes, long[] Counts, UsualPace.Learnt? Pace = null, string? Refusal = null)
    {
        /// <summary>Absent from states of earlier programs.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? HighEventAt { get; init; }
    }

    /// <summary>An open connection in the state.</summary>
    internal sealed record ConnectionState(OpenedConnection Opened, long LastAt, long LastSeq, long LastSteady, long DamageSeq, long DropSeq, long Pace,
        bool IsSilent, bool HasNewAcks, CarrierState[] Carriers);

    /// <summary>A stream on an open connection in the state.</summary>
    internal sealed record CarrierState(long AckedAt, long CoveredFrom, bool HasDelivered, bool IsProven, bool IsQuiet, long LastId, long LastAt, long LastSeq,
        long LastSteady, bool HasDrops, bool HasDamage);

    /// <summary>The form on the disk.</summary>
    internal sealed record Saved(long NextSeq, long Now, long Steady, long Monotonic, int Run, long RunSeq, SortedDictionary<string, long> VenuesOfRun,
        IReadOnlyList<StreamState> Streams, IReadOnlyList<ConnectionState> Connections)
    {
        [JsonIgnore]
        public GapTrackerState State => new()
        {
            NextSeq = NextSeq,
            Now = Now,
            Steady = Steady,
            Monotonic = Monotonic,
            Run = Run,
            RunSeq = RunSeq,
            VenuesOfRun = VenuesOfRun,
            Streams = Streams,
            Connections = Connections,
        };

        /// <summary>Why no tracker can go on from it; null when one can.</summary>
        [JsonIgnore]
        public string? Fault =>
            NextSeq < 0 || VenuesOfRun is null || Streams is null || Connections is null ? "a part of the state is missing"
            : Streams.FirstOrDefault(stream => stream is null or { Venue: null } or { Channel: null } or { Symbol: null } or not { Counts.Length: >= 4 }
                || stream.Holes?.Contains(null!) == true) is not null || Streams.Contains(null!) ? "a stream that lacks something"
            : Streams.DistinctBy(stream => (stream.Venue, stream.Channel, stream.Symbol)).Count() < Streams.Count ? "a stream that is there twice"
            : !Connections.All(open => open is { Carriers: not null } && IsWhole(open.Opened) && !open.Carriers.Contains(null!))
                ? "a connection that lacks something" : null;

        private bool IsWhole(OpenedConnection? opened) => opened is { Venue: not null, Wires: not null, Streams: not null }
            && opened.Wires.Length == opened.Streams.Length && !opened.Wires.Contains(null)
            && opened.Streams.All(number => number >= 0 && number < Streams.Count);

        public static Saved Of(GapTrackerState state) =>
            new(state.NextSeq, state.Now, state.Steady, state.Monotonic, state.Run, state.RunSeq, state.VenuesOfRun, state.Streams, state.Connections);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(GapTrackerState.Saved))]
internal sealed partial class GapTrackerJson : JsonSerializerContext;
