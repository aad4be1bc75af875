namespace Tape.Storage.Gaps;

/// <summary>Why something is missing from a stream. The numbers are part of the ledger's format.</summary>
public enum GapCause
{
    /// <summary>The recorder was stopped in order.</summary>
    OurStop = 1,

    /// <summary>The recorder was cut down; from the last record of the connection on.</summary>
    CrashWindow = 2,

    /// <summary>The socket ended while we wanted it open.</summary>
    ConnectionLost = 3,

    /// <summary>Received, and not stored: the queue or the disk was full.</summary>
    DroppedHere = 4,

    /// <summary>The venue left ids out on a connection that stood.</summary>
    VenueSkipped = 5,

    /// <summary>The connection stood, and nothing came for longer than normal.</summary>
    VenueSilent = 6,

    /// <summary>No connection is to carry the stream any more.</summary>
    Unsubscribed = 7,

    /// <summary>A frame is there that can't be decoded.</summary>
    Undecodable = 8,

    /// <summary>The venue refuses to subscribe the stream.</summary>
    Refused = 9,
}
