using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Collect.Storing;

/// <summary>
/// A full disk: says when writing is tried again (each second, once there is more room than the reserve), and tells the pause on the tape, out of the room that
/// is kept free for it: at once, then after waits that double, so that the room lasts for days. Used by one thread.
/// </summary>
internal sealed class FullDiskPause(RecorderContext context, RecorderOptions options, IFiles files)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);
    private readonly Backoff _noteWait = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), chance: null);
    private Due _retry = new(context.Time);
    private Due _note = new(context.Time);

    /// <summary>Writing met a full disk.</summary>
    /// <param name="isNew">It had room before: the pause is told anew.</param>
    public void Begin(bool isNew)
    {
        _retry.In(RetryEvery);
        if (!isNew) return;
        _noteWait.Reset();
        _note.Now();
    }

    /// <summary>The next try is due at once.</summary>
    public void RetryNow() => _retry.Now();

    /// <summary>Whether a try is due.</summary>
    public bool IsRetryDue => _retry.IsReached;

    /// <summary>
    /// Whether there is more room than the reserve gave back, else the next records would eat the room of the notes. When not, the next try is a second away.
    /// </summary>
    public bool HasRoom()
    {
        if (FreeBytes() is not { } free || free >= 4L * options.Tape.ReserveBytes) return true;
        _retry.In(RetryEvery);
        return false;
    }

    /// <summary>Free bytes where the tape is; null where the volume does not tell.</summary>
    public long? FreeBytes()
    {
        try
        {
            return files.FreeBytes(options.TapeFolder);
        }
        catch (Exception fault) when (StorageLoop.IsStorageFault(fault))
        {
            return null; // Health notes say so by leaving it out; whether there is room, only trying to write tells.
        }
    }

    /// <summary>Says on the tape that recording is paused, when that is due.</summary>
    /// <exception cref="WriterBrokenException">See <see cref="TapeWriter.TryWriteReserved"/>.</exception>
    /// <returns>Whether a note was made durable, and with it all that is written.</returns>
    public bool TryNote(TapeWriter writer, string reason)
    {
        if (!_note.IsReached) return false;
        _note.In(_noteWait.Next());
        return writer.TryWriteReserved(context.Clock.Current.Now, new PausedNote(ErrorText.Shorten(reason), context.Dropped).ToJson());
    }
}
