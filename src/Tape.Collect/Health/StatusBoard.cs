using Tape.Collect.Logging;
using Tape.Core.Values;

namespace Tape.Collect.Health;

/// <summary>
/// Where the storage thread puts the latest status and others read it. Says state changes and heartbeats to the log.
/// One thread publishes; any thread reads.
/// </summary>
public sealed class StatusBoard(RecorderLog log, TimeProvider time, TimeSpan heartbeat)
{
    private readonly long _startedAt = time.GetTimestamp();
    private volatile RecorderStatus? _latest;
    private long _heartbeatAt = time.GetTimestamp();
    private StateReport _report = new(RecorderState.Offline, ["starting"], []);
    private UnixNanos _since = UnixNanos.From(time.GetUtcNow());

    /// <summary>The latest picture, about a second old at most while the recorder runs; null before the first.</summary>
    public RecorderStatus? Latest => _latest;

    internal void Publish(LiveView view, StorageCondition storage, string storageReason, RecorderContext context, long syncedSeq, bool stopping)
    {
        var now = context.Clock.Current.Now;
        var steady = context.Steady.Now;
        var report = HealthRules.Judge(view, storage, storageReason, context.Queue.Utilization, context.Refusals(), steady);
        if (report.State != _report.State && !stopping)
        {
            log.StateChanged(_report, report);
            _since = now;
        }

        _report = report;
        _latest = new RecorderStatus(
            now, report, _since, time.GetElapsedTime(_startedAt).TotalSeconds, view.Frames, view.FrameBytes, view.FramesPerSecond, context.Dropped,
            context.Queue.Utilization, syncedSeq, [.. view.Connections.Select(Describe)], [.. view.Connections.SelectMany(connection => connection.Streams).Select(stream => Describe(stream, steady))])
        {
            Clock = context.Clock.Offset,
        };
        if (time.GetElapsedTime(_heartbeatAt) < heartbeat) return;
        _heartbeatAt = time.GetTimestamp();
        log.Heartbeat(_latest);
    }

    private static ConnectionStatus Describe(ConnectionView view) =>
        new(view.Plan.Venue, view.Plan.Route, view.Plan.Shard, view.Connection, view.Frames, view.LastEnd);

    private static StreamStatus Describe(StreamView view, UnixNanos now) =>
        new(view.Plan.Key, view.Health(now), view.Frames, view.FramesPerSecond, view.Quiet(now)?.TotalSeconds, view.Dropped);
}
