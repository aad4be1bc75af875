using Tape.Storage.Tapes;

namespace Tape.Collect.Storing;

/// <summary>
/// Opens a broken writer again, through recovery: after waits of 1 s doubling to 30 s, and only onto a tape that has all that was durable. Used by one thread.
/// </summary>
/// <param name="open">Opens the tape.</param>
internal sealed class WriterReopening(TimeProvider time, IFiles files, string tapeFolder, Func<TapeWriter> open)
{
    private readonly Backoff _wait = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), chance: null);
    private Due _retry = new(time);

    /// <summary>Whether a try is due.</summary>
    public bool IsDue => _retry.IsReached;

    /// <summary>The writer broke, or could not be opened: the next try comes after a longer wait.</summary>
    public void Schedule() => _retry.In(_wait.Next());

    /// <summary>The next try is due at once.</summary>
    public void RetryNow() => _retry.Now();

    /// <summary>Records are durable again: waits begin anew.</summary>
    public void Reset() => _wait.Reset();

    /// <summary>Opens the tape and finds out what it has of the batches in hand; the rest of them counts as not written.</summary>
    /// <param name="syncedSeq">Records below this number were durable.</param>
    /// <exception cref="DamagedException">An older copy of the tape is in its place, or it holds something else where the batches should be.</exception>
    /// <exception cref="TapeException">It could not be opened.</exception>
    public TapeWriter Open(long syncedSeq, BatchesInHand inHand)
    {
        var writer = open();
        try
        {
            if (writer.NextSeq < syncedSeq)
                throw new DamagedException(
                    $"{tapeFolder}: found records up to {writer.NextSeq}, expected {syncedSeq}: an older copy of the tape is in its place",
                    "Bring the newer one back, or stop the recorder and start it again to go on with this one.");
            inHand.LookUpStored(files, tapeFolder, writer.NextSeq);
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }
}
