using Tape.Collect.Logging;
using Tape.Storage.Tapes.Notes;

namespace Tape.Collect.Health;

/// <summary>
/// Where the storage thread puts the latest status and others read it. Says state changes and heartbeats to the log, and hands out the notes that tell them on
/// the tape. One thread publishes; any thread reads.
/// </summary>
public sealed class StatusBoard(RecorderLog log, TimeProvider time, TimeSpan heartbeat)
{
    private readonly long _startedAt = time.GetTimestamp();
    private volatile RecorderStatus? _latest;
    private long _heartbeatAt = time.GetTimestamp();
    private readonly DiskForecast _disk = new();
    private StateReport _report = new(RecorderState.Offline, ["starting"], []);
    private UnixNanos _since = UnixNanos.From(time.GetUtcNow());

    /// <summary>The latest picture, about a second old at most while the recorder runs; null before the first.</summary>
    public RecorderStatus? Latest => _latest;

    /// <summary>Hears of each change of the state, on the storage thread: it must return at once and not throw.</summary>
    public Action<StateChange>? Changed { get; set; }

    /// <param name="freeBytes">Asked every few seconds, and when a note is made.</param>
    /// <param name="stopping">Nothing more can be written: no change is told.</param>
    /// <returns>Notes for the tape, in order: of a change, of a heartbeat that is due.</returns>
    internal IReadOnlyList<HealthNote> Publish(LiveView view, StorageCondition storage, string storageReason, RecorderContext context, long syncedSeq,
        Func<long?> freeBytes, bool stopping)
    {
        var now = context.Clock.Current.Now;
        var steady = context.Steady.Now;
        var before = _report;
        _disk.Look(steady, freeBytes);
        _report = HealthRules.Judge(view, storage, storageReason, context.Queue.Utilization, context.Refusals(), steady, _disk.Worry(), context.DialFailure);
        var isChanged = _report.State != before.State && !stopping;
        if (isChanged) _since = now;
        _latest = new RecorderStatus(
            now, _report, _since, time.GetElapsedTime(_startedAt).TotalSeconds, view.Frames, view.FrameBytes, view.FramesPerSecond, context.Dropped,
            context.Queue.Utilization, syncedSeq, [.. view.Connections.Select(Describe)],
                [.. view.Connections.SelectMany(connection => connection.Streams).Select(stream => Describe(stream, steady))])
        {
            Clock = context.Clock.Offset,
        };
        var isDue = time.GetElapsedTime(_heartbeatAt) >= heartbeat;
        if (!isChanged && !isDue) return [];
        return Tell(isChanged ? before : null, _latest, freeBytes(), isDue);
    }

    private List<HealthNote> Tell(StateReport? before, RecorderStatus status, long? free, bool isDue)
    {
        var notes = new List<HealthNote>(2);
        if (before is not null)
        {
            log.StateChanged(before, status.Report);
            notes.Add(HealthNotes.State(before, status, free));
            Changed?.Invoke(new StateChange(status.At, before, status.Report));
        }

        if (!isDue) return notes;
        _heartbeatAt = time.GetTimestamp();
        log.Heartbeat(status);
        notes.Add(HealthNotes.Heartbeat(heartbeat, status, free));
        return notes;
    }

    private static ConnectionStatus Describe(ConnectionView view) =>
        new(view.Plan.Venue, view.Plan.Route, view.Plan.Shard, view.Connection, view.Frames, view.LastEnd);

    private static StreamStatus Describe(StreamView view, UnixNanos now) =>
        new(view.Plan.Key, view.Health(now), view.Frames, view.FramesPerSecond, view.Quiet(now)?.TotalSeconds, view.Dropped);
}
