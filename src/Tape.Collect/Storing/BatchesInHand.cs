using Tape.Collect.Health;
using Tape.Collect.Queue;
using Tape.Storage.Tapes;

namespace Tape.Collect.Storing;

/// <summary>
/// What was taken from the queue and is not durable yet, oldest first: batches that are written, then those that are not. How many there are is bounded by the
/// queue, whose room they hold. Not thread-safe.
/// </summary>
internal sealed class BatchesInHand(FrameQueue queue)
{
    private readonly Queue<StorageBatch> _batches = new();
    private readonly Stack<StorageBatch> _spare = new();

    /// <summary>Whether everything that was taken is durable.</summary>
    public bool AreNone => _batches.Count == 0;

    /// <summary>Whether everything that was taken is written.</summary>
    public bool AreWritten
    {
        get
        {
            foreach (var batch in _batches)
                if (!batch.IsWritten) return false;
            return true;
        }
    }

    /// <summary>Takes what there is, if anything.</summary>
    /// <param name="own">Records of the storage thread's own, which go first; empty afterwards.</param>
    /// <param name="nextSeq">The tape's next number.</param>
    public void Take(List<StorageBatch.OwnRecord> own, long nextSeq)
    {
        if (!_spare.TryPop(out var batch)) batch = new StorageBatch();
        if (batch.TryBegin(own, queue, nextSeq)) _batches.Enqueue(batch);
        else _spare.Push(batch);
    }

    /// <summary>Writes what is not written.</summary>
    /// <inheritdoc cref="StorageBatch.WriteTo" path="/exception"/>
    public void WriteTo(TapeWriter writer)
    {
        foreach (var batch in _batches)
            if (!batch.IsWritten) batch.WriteTo(writer);
    }

    /// <summary>Shows the oldest batch and gives its room back, if all of it lies below a number that is durable.</summary>
    /// <param name="now">See <see cref="LiveView.Observe"/>.</param>
    public bool TryRelease(long syncedSeq, LiveView view, UnixNanos now)
    {
        if (!_batches.TryPeek(out var batch) || batch.ToSeqExcl > syncedSeq) return false;
        batch.ShowTo(view, now);
        batch.End(queue);
        _spare.Push(_batches.Dequeue());
        return true;
    }

    /// <summary>
    /// After a writer broke and recovery has run, so that all that is left is durable: finds out what is there; the rest counts as not written.
    /// </summary>
    /// <inheritdoc cref="StorageBatch.LookUpStored" path="/exception"/>
    public void LookUpStored(IFiles files, string tapeFolder, long nextSeq)
    {
        if (AreNone) return;
        using var tape = TapeReader.Open(files, tapeFolder, _batches.Peek().FromSeq);
        var isThere = true;
        foreach (var batch in _batches)
        {
            if (isThere) isThere = batch.LookUpStored(tape);
            else batch.Rewind(nextSeq);
        }
    }
}
