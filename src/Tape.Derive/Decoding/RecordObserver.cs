using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Derive.Decoding;

/// <summary>
/// Subscribes to the records of a tape, in order, at a <see cref="RecordDecoder"/>. Observers do not know each other: what one derives does not depend on
/// which others are there. A class, not an interface: its calls stay cheap where observers of several types take turns.
/// </summary>
public abstract class RecordObserver
{
    /// <summary>
    /// What this observer keeps for a stream on a connection; it finds it again in <see cref="DecodedFrame.State"/>. Asked when the stream first brings a
    /// frame, and again after <see cref="RecordDecoder.ForgetStreams"/>.
    /// </summary>
    /// <param name="wire">The venue's name of the stream.</param>
    /// <param name="stream">Under which channel and symbol it was subscribed; otherwise the channel is <paramref name="wire"/>, without a symbol.</param>
    protected internal virtual object? StateOf(OpenConnection connection, string wire, StreamKey stream) => null;

    /// <summary>A frame. Its events are there once it is asked for its outcome.</summary>
    protected internal abstract void Frame(in TapeRecord record, ref DecodedFrame frame);

    /// <summary>A note, before the connections change that it opens or ends.</summary>
    protected internal virtual void Note(in TapeRecord record, Note note)
    {
    }

    /// <summary>A tick.</summary>
    protected internal virtual void Tick(in TapeRecord record)
    {
    }

    /// <summary>Any other record: what we sent, a heartbeat.</summary>
    protected internal virtual void Other(in TapeRecord record)
    {
    }

    /// <summary>A connection is open.</summary>
    /// <param name="at">Since when; null when that lies before the first record that this observer sees.</param>
    protected internal virtual void Opened(OpenConnection connection, UnixNanos? at)
    {
    }

    /// <summary>A connection has ended, or belonged to a run that is over.</summary>
    protected internal virtual void Closed(long connection, UnixNanos at)
    {
    }
}
