namespace Tape.Collect.Health;

/// <summary>A picture of the recorder at a moment; immutable.</summary>
/// <param name="At">When it was taken.</param>
/// <param name="Report">State, reasons, advice.</param>
/// <param name="Since">Since when the state holds.</param>
/// <param name="UptimeSeconds">Seconds since the start.</param>
/// <param name="Frames">Frames on the tape in this run.</param>
/// <param name="FrameBytes">Their bytes.</param>
/// <param name="FramesPerSecond">Over the last second.</param>
/// <param name="Dropped">Frames dropped in this run.</param>
/// <param name="QueueUtilization">0 to 1.</param>
/// <param name="SyncedSeq">Record number that the next committed record gets; all below are durable.</param>
public sealed record RecorderStatus(
    UnixNanos At, StateReport Report, UnixNanos Since, double UptimeSeconds, long Frames, long FrameBytes, double FramesPerSecond, long Dropped,
    double QueueUtilization, long SyncedSeq, IReadOnlyList<ConnectionStatus> Connections, IReadOnlyList<StreamStatus> Streams)
{
    /// <summary>How far our clock is from a venue's; null when that is not known.</summary>
    public ClockOffset? Clock { get; init; }
}

/// <summary>A planned connection.</summary>
/// <param name="Connection">Its number on the tape, or 0 when not open.</param>
public sealed record ConnectionStatus(string Venue, string Route, int Shard, long Connection, long Frames, string LastEnd);

/// <summary>A stream.</summary>
/// <param name="QuietSeconds">Since its last frame (or since it was connected); null when down.</param>
public sealed record StreamStatus(StreamKey Key, StreamHealth Health, long Frames, double FramesPerSecond, double? QuietSeconds, long Dropped);
