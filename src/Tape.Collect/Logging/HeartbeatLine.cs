using System.Text.Json;
using System.Text.Json.Serialization;
using Tape.Collect.Health;
using Tape.Storage.Tapes.Notes;

namespace Tape.Collect.Logging;

/// <summary>
/// The fields of a heartbeat in the log. Its length does not grow with the number of streams: totals, and the worst few connections and streams; the server
/// has the rest at <c>/status</c>.
/// </summary>
/// <param name="ConnectionCounts">All planned sockets.</param>
/// <param name="Connections">At most <see cref="ConnectionsMax"/>, those that are not open first.</param>
/// <param name="StreamCounts">All streams by condition.</param>
/// <param name="Streams">At most <see cref="StreamsMax"/>, the worst first: of those in trouble the longest without a frame, of live ones the
/// busiest.</param>
public sealed record HeartbeatLine(
    string State, IReadOnlyList<string> Why, string Since, IReadOnlyList<string> Advice, double UptimeS, long Frames, long FrameBytes, double FramesPerS,
    long Dropped, double QueueUtilization, long SyncedSeq, HeartbeatConnectionCounts ConnectionCounts,
    IReadOnlyList<HeartbeatConnection> Connections, StreamCounts StreamCounts, IReadOnlyList<HeartbeatStream> Streams, long LogLinesLost,
        HeartbeatClock? Clock = null)
{
    /// <summary>Connections in a line.</summary>
    public const int ConnectionsMax = 10;

    /// <summary>Streams in a line.</summary>
    public const int StreamsMax = 20;

    /// <summary>Sums a status up.</summary>
    public static HeartbeatLine Of(RecorderStatus status, long logLinesLost) => new(
        status.Report.Name, status.Report.Why, status.Since.ToString(), status.Report.Advice, Math.Round(status.UptimeSeconds, 3), status.Frames,
        status.FrameBytes, Math.Round(status.FramesPerSecond, 1), status.Dropped, Math.Round(status.QueueUtilization, 4), status.SyncedSeq,
        new(status.Connections.Count, status.Connections.Count(connection => connection.Connection != 0)),
        [.. status.Connections.OrderBy(connection => connection.Connection != 0).Take(ConnectionsMax).Select(HeartbeatConnection.Of)],
        HealthNotes.Count(status.Streams),
        [.. status.Streams.OrderByDescending(stream => Badness(stream.Health))
            .ThenByDescending(stream => stream.Health == StreamHealth.Live ? null : stream.QuietSeconds).ThenByDescending(stream => stream.Frames)
            .Take(StreamsMax).Select(HeartbeatStream.Of)],
        logLinesLost, status.Clock is { } clock ? HeartbeatClock.Of(clock) : null);

    /// <summary>Reads what the log has.</summary>
    /// <exception cref="JsonException">A field is missing or of another type.</exception>
    public static HeartbeatLine Read(JsonElement line) =>
        line.Deserialize(HeartbeatContext.Default.HeartbeatLine) ?? throw new JsonException("found null, expected a heartbeat");

    private static int Badness(StreamHealth health) => health switch
    {
        StreamHealth.Live => 0,
        StreamHealth.Waiting => 1,
        StreamHealth.Unproven => 2,
        StreamHealth.Silent => 3,
        StreamHealth.Down => 4,
        _ => 5,
    };
}

/// <summary>Planned sockets.</summary>
public sealed record HeartbeatConnectionCounts(int Planned, int Open);

/// <summary>Our clock minus a venue's, as last measured.</summary>
public sealed record HeartbeatClock(string Venue, string MeasuredAt, decimal OffsetMs, decimal UncertaintyMs)
{
    /// <summary>Whether it is certainly farther from the venue's than is fine.</summary>
    [JsonIgnore]
    public bool IsFar => Math.Abs(OffsetMs) - UncertaintyMs > (decimal)ClockOffset.WarnFrom.TotalMilliseconds;

    internal static HeartbeatClock Of(ClockOffset clock) =>
        new(clock.Venue, clock.MeasuredAt.ToString(), Milliseconds(clock.Nanos), Milliseconds(clock.UncertaintyNanos));

    internal static decimal Milliseconds(long nanos) => (decimal)nanos / UnixNanos.PerMillisecond;
}

/// <summary>A planned socket.</summary>
/// <param name="Conn">Its number on the tape; 0 when it is not open.</param>
/// <param name="LastEnd">How it last ended; absent when it never did.</param>
public sealed record HeartbeatConnection(string Venue, string Route, int Shard, long Conn, long Frames, string? LastEnd = null)
{
    internal static HeartbeatConnection Of(ConnectionStatus status) => new(
        status.Venue, status.Route, status.Shard, status.Connection, status.Frames, status.LastEnd.Length > 0 ? status.LastEnd : null);
}

/// <summary>A stream.</summary>
/// <param name="QuietS">Seconds since its last frame, or since it was connected; absent when down.</param>
public sealed record HeartbeatStream(
    string Venue, string Channel, string Symbol, string Health, long Frames, double FramesPerS, long Dropped, double? QuietS = null)
{
    internal static HeartbeatStream Of(StreamStatus status) => new(
        status.Key.Venue, status.Key.Channel, status.Key.Symbol, status.Health.ToString().ToLowerInvariant(), status.Frames,
        Math.Round(status.FramesPerSecond, 1), status.Dropped, status.QuietSeconds is { } quiet ? Math.Round(quiet, 1) : null);
}

/// <summary>The contract of heartbeat lines, generated when the program is built.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(HeartbeatLine))]
internal sealed partial class HeartbeatContext : JsonSerializerContext;
