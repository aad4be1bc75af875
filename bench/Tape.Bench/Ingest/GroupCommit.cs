using Tape.Storage.Tapes;

namespace Tape.Bench.Ingest;

/// <summary>
/// Drives a tape's writer as the recorder does, on one thread with the syncs on another, and keeps the time from append to durable of some frames.
/// </summary>
internal sealed class GroupCommit(TapeWriter writer, TapeSyncThread disk, TimeProvider time, TapeBench.Plan plan)
{
    private const int SamplesMax = 4_000_000;

    /// <summary>Bytes that are written as soon as they wait, interval or not: as many as fit into the processor's cache.</summary>
    private const int WriteBytes = 1 << 20;

    private readonly long _interval = (long)(plan.CommitMs * time.TimestampFrequency / 1000);
    private readonly Queue<long> _waiting = new();
    private readonly Queue<(long Seq, long AppendedAt)> _written = new();
    private TapeSync? _sync;
    private long _dueWrite;
    private long _dueSync;
    private long _storageTicks;

    /// <summary>Syncs so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Seconds that the appending thread gave to the file instead of to appending.</summary>
    public double StorageSeconds => _storageTicks / (double)time.TimestampFrequency;

    /// <summary>Milliseconds from append to durable.</summary>
    public List<double> LatencyMs { get; } = new(1 << 16);

    /// <summary>The next append is one whose latency is wanted.</summary>
    public void Sample(long now)
    {
        if (LatencyMs.Count + _waiting.Count + _written.Count < SamplesMax) _waiting.Enqueue(now);
    }

    /// <summary>Writes and begins a sync when they are due, and takes over what became durable.</summary>
    public void Advance(long now)
    {
        if (_sync is { HasRun: true }) Complete();
        if (now < _dueWrite && writer.PendingBytes < WriteBytes) return;
        Write();
        if (now >= _dueWrite) _dueWrite = now + _interval;
        if (now >= _dueSync && _sync is null) Begin(now);
        _storageTicks += time.GetTimestamp() - now;
    }

    /// <summary>Makes everything durable.</summary>
    public void Finish()
    {
        var began = time.GetTimestamp();
        Write();
        if (_sync is not null) Complete();
        Begin(began);
        if (_sync is not null) Complete();
        _storageTicks += time.GetTimestamp() - began;
    }

    private void Write()
    {
        writer.Write();
        while (_waiting.TryDequeue(out var at)) _written.Enqueue((writer.NextSeq, at));
    }

    private void Begin(long now)
    {
        _sync = writer.BeginSync();
        if (_sync is null) return;
        _dueSync = now + _interval;
        disk.Begin(_sync);
    }

    private void Complete()
    {
        disk.Wait();
        writer.CompleteSync(_sync!);
        _sync = null;
        Commits++;
        var now = time.GetTimestamp();
        while (_written.TryPeek(out var oldest) && oldest.Seq <= writer.SyncedSeq)
        {
            _written.Dequeue();
            LatencyMs.Add((now - oldest.AppendedAt) * 1000.0 / time.TimestampFrequency);
        }
    }
}
