using Tape.Storage.Tapes.Notes;

namespace Tape.Collect.Health;

/// <summary>Makes of a status the notes that the tape keeps of it.</summary>
internal static class HealthNotes
{
    /// <summary>Streams in trouble that a note names; more are only counted.</summary>
    public const int TroubledMax = 50;

    /// <param name="before">The state until then.</param>
    /// <param name="freeBytes">See <see cref="HealthNote.FreeBytes"/>.</param>
    public static StateNote State(StateReport before, RecorderStatus status, long? freeBytes) => Fill(new StateNote(before.Name), status, freeBytes);

    /// <param name="every">Time until the next one.</param>
    /// <param name="freeBytes">See <see cref="HealthNote.FreeBytes"/>.</param>
    public static HeartbeatNote Heartbeat(TimeSpan every, RecorderStatus status, long? freeBytes) =>
        Fill(new HeartbeatNote(every.Ticks * 100), status, freeBytes);

    private static T Fill<T>(T note, RecorderStatus status, long? freeBytes)
        where T : HealthNote => note with
        {
            State = status.Report.Name,
            Since = status.Since.Value,
            Why = [.. status.Report.Why.Select(ErrorText.Shorten)],
            Advice = [.. status.Report.Advice.Select(ErrorText.Shorten)],
            UptimeNanos = (long)(status.UptimeSeconds * UnixNanos.PerSecond),
            Frames = status.Frames,
            FrameBytes = status.FrameBytes,
            Dropped = status.Dropped,
            QueueUtilization = Math.Round(status.QueueUtilization, 4),
            Connections = status.Connections.Count,
            ConnectionsOpen = status.Connections.Count(connection => connection.Connection != 0),
            Streams = Count(status.Streams),
            Troubled = [.. status.Streams.Where(stream => stream.Health is not (StreamHealth.Live or StreamHealth.Waiting)).Take(TroubledMax).Select(Describe)],
            FreeBytes = freeBytes,
            ClockOffsetNanos = status.Clock?.Nanos,
        };

    /// <summary>Counts streams by condition.</summary>
    public static StreamCounts Count(IReadOnlyList<StreamStatus> streams)
    {
        int Of(StreamHealth health) => streams.Count(stream => stream.Health == health);
        return new StreamCounts(Of(StreamHealth.Live), Of(StreamHealth.Waiting), Of(StreamHealth.Silent),
            Of(StreamHealth.Unproven) + Of(StreamHealth.Unacknowledged), Of(StreamHealth.Refused), Of(StreamHealth.Down));
    }

    private static TroubledStream Describe(StreamStatus stream) =>
        new(stream.Key.Venue, stream.Key.Channel, stream.Key.Symbol, stream.Health.ToString().ToLowerInvariant());
}
