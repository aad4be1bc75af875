using Tape.Collect.Queue;
using Tape.Storage.Tapes;

namespace Tape.Collect.Storing;

/// <summary>
/// When what is written becomes durable: a sync begins no sooner than the commit interval after the one before began, unless the queue is half full. One runs
/// at a time, on a thread of its own, whose end wakes the queue. Used by one thread.
/// </summary>
internal sealed class GroupCommit(FrameQueue queue, TimeProvider time, TimeSpan interval) : IDisposable
{
    private readonly TapeSyncThread _thread = new(queue.Wake);
    private TapeSync? _running;
    private long _beganAt = time.GetTimestamp() - (long)(interval.TotalSeconds * time.TimestampFrequency);

    /// <summary>Whether a sync was begun that is not completed.</summary>
    public bool IsRunning => _running is not null;

    /// <summary>Time until the next sync may begin; none or negative when it is due.</summary>
    public TimeSpan UntilDue => queue.Utilization >= 0.5 ? TimeSpan.Zero : interval - time.GetElapsedTime(_beganAt);

    /// <summary>Begins a sync, unless one runs or all that is written is durable.</summary>
    /// <exception cref="Core.Errors.WriterBrokenException">See <see cref="TapeWriter.BeginSync"/>.</exception>
    public void Begin(TapeWriter writer)
    {
        if (_running is not null) return;
        _running = writer.BeginSync();
        if (_running is null) return;
        _beganAt = time.GetTimestamp();
        _thread.Begin(_running);
    }

    /// <summary>Counts as durable what a sync has made durable.</summary>
    /// <param name="mustWait">Whether to wait for the one that runs.</param>
    /// <exception cref="Core.Errors.WriterBrokenException">See <see cref="TapeWriter.CompleteSync"/>.</exception>
    public void Complete(TapeWriter writer, bool mustWait)
    {
        if (_running is not { } sync || !(mustWait || sync.HasRun)) return;
        Abandon();
        writer.CompleteSync(sync);
    }

    /// <summary>Lets a sync that runs end, so that its writer can be closed, and counts nothing.</summary>
    public void Abandon()
    {
        _thread.Wait();
        _running = null;
    }

    /// <summary>Waits for the rest of an interval, at most until the queue is half full: what comes within it is written together.</summary>
    public void Pace(long began)
    {
        var left = interval - time.GetElapsedTime(began);
        if (left > TimeSpan.Zero) queue.WaitUntilHalfFull(left);
    }

    /// <summary>Lets a sync that runs end first.</summary>
    public void Dispose() => _thread.Dispose();
}
