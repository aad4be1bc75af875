using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Api.Live;
using Tape.Storage.Tapes.Notes;

namespace Tape.Api.Documents;

/// <summary>The answer of <c>/status</c>; <c>tape status</c> shows the same. Times are ISO 8601 in UTC. What is null is left out, except for times.</summary>
/// <param name="State">STARTING, READY, DEGRADED, OFFLINE or ERROR.</param>
/// <param name="Why">The reasons; empty when READY.</param>
/// <param name="Advice">What to do, one sentence a reason.</param>
/// <param name="Since">Since when the state holds; null where that is not known.</param>
/// <param name="Recording">Whether frames are recorded: READY or DEGRADED.</param>
/// <param name="Now">The clock of the process that made the document.</param>
/// <param name="LastTick">Wall clock of the last tick on the tape; null before the first.</param>
/// <param name="UptimeS">Seconds since the recorder started; null while none runs.</param>
/// <param name="Recorder">What the recorder last said of itself; null while none runs.</param>
/// <param name="Recent">The last 15 minutes.</param>
/// <param name="GapsFault">Why the gap ledger could not be read; null when it could.</param>
/// <param name="Streams">By venue, channel and symbol.</param>
public sealed record StatusDocument(
    string State, IReadOnlyList<string> Why, IReadOnlyList<string> Advice, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Since,
    bool Recording, string Now, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LastTick, double? UptimeS, RecorderDocument? Recorder,
    RecentDocument Recent, string? GapsFault, IReadOnlyList<StreamDocument> Streams)
{
    /// <summary>Sums up a look at a vault.</summary>
    /// <param name="now">The clock of this process.</param>
    public static StatusDocument Of(VaultStatus look, UnixNanos now)
    {
        var (snapshot, judged) = (look.Snapshot, RecorderHealth.Judge(look, now));
        var health = judged.IsRunning ? snapshot.Health : null;
        var at = snapshot.HealthAt.GetValueOrDefault();
        var conditions = (snapshot.Health?.Troubled ?? []).DistinctBy(Key).ToDictionary(Key, stream => stream.Condition);
        return new(
            judged.Report.Name, judged.Report.Why, judged.Report.Advice, judged.Since?.ToString(), judged.IsRecording, now.ToString(),
                snapshot.LastTick?.ToString(),
            health is null ? null : Math.Round(health.UptimeNanos / (double)UnixNanos.PerSecond + Math.Max(0, now.Since(at).TotalSeconds), 1),
            health is null ? null : RecorderDocument.Of(health, at), RecentDocument.Of(snapshot.Minutes, look.Gaps), look.GapsFault,
            [.. snapshot.Streams.Select(stream => StreamDocument.Of(stream, conditions.GetValueOrDefault(stream.Key), now))]);
    }

    /// <summary>Reads what <see cref="ToJson"/> and the server write.</summary>
    /// <exception cref="JsonException">It is another document.</exception>
    public static StatusDocument Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<StatusDocument>(json, DocumentJson.Readable) ?? throw new JsonException("found null, expected the document of /status");

    /// <summary>The document as one line, as the server writes it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DocumentJson.Readable);

    private static StreamKey Key(TroubledStream stream) => new(stream.Venue, stream.Channel, stream.Symbol);
}

/// <summary>The recorder's own figures, those of the present run.</summary>
/// <param name="At">When it told them.</param>
/// <param name="Frames">Frames on the tape.</param>
/// <param name="FrameBytes">Their bytes.</param>
/// <param name="Dropped">Frames received and thrown away.</param>
/// <param name="QueueUtilization">How full the queue before the tape is, 0 to 1.</param>
/// <param name="Connections">Planned sockets.</param>
/// <param name="ConnectionsOpen">Those of them that are open.</param>
/// <param name="Streams">Streams by condition.</param>
/// <param name="FreeBytes">Free on the volume of the tape; null where it could not be told.</param>
/// <param name="ClockOffsetMs">Our clock minus the venue's, in milliseconds; null when that is not known.</param>
public sealed record RecorderDocument(string At, long Frames, long FrameBytes, long Dropped, double QueueUtilization, int Connections, int ConnectionsOpen,
    StreamCounts Streams, long? FreeBytes, decimal? ClockOffsetMs)
{
    internal static RecorderDocument Of(HealthNote health, UnixNanos at) => new(
        at.ToString(), health.Frames, health.FrameBytes, health.Dropped, health.QueueUtilization, health.Connections, health.ConnectionsOpen, health.Streams,
        health.FreeBytes, (decimal?)health.ClockOffsetNanos / UnixNanos.PerMillisecond);
}

/// <summary>The answer of <c>/health</c>, which needs no token: no reasons, since those may name symbols and paths.</summary>
/// <param name="State">STARTING, READY, DEGRADED, OFFLINE or ERROR.</param>
public sealed record HealthDocument(string State);
