using Tape.Derive.Decoding;
using Tape.Storage.Tapes;
using Tape.Venues.Contract;

namespace Tape.Derive.Gaps;

/// <summary>The records that the tracker takes in; those before its place are passed over.</summary>
public sealed partial class GapTracker : RecordObserver
{
    protected internal override object? StateOf(OpenConnection connection, string wire, StreamKey stream) =>
        Find(connection.Connection) is { } tracked ? new Source(tracked, tracked.Find(wire)) : null;

    protected internal override void Frame(in TapeRecord record, ref DecodedFrame frame)
    {
        if (!Begins(record)) return;
        var source = (Source?)frame.State;
        if (source?.Carrier is { Stream.IsRead: false })
            Received(record, source.Connection);
        else if (frame.Decode(record) == FrameOutcome.Undecodable)
            Undecodable(record, frame.Venue, source?.Connection ?? Find(record.Connection), source?.Carrier);
        else if (source is not null)
            Frame(record, source.Connection, source.Carrier, frame.Events);
    }

    protected internal override void Other(in TapeRecord record) => Begins(record);

    /// <summary>Whether a record is still to be taken in; if so, it counts as taken.</summary>
    private bool Begins(in TapeRecord record)
    {
        if (record.Seq < NextSeq) return false;
        NextSeq = record.Seq + 1;
        return true;
    }

    /// <summary>Where a frame comes from.</summary>
    /// <param name="Carrier">Its stream on the connection; null when the connection was not to carry it.</param>
    private sealed record Source(TrackedConnection Connection, StreamCarrier? Carrier);
}
