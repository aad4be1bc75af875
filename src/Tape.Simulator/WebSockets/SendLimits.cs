namespace Tape.Simulator.WebSockets;

/// <summary>Limits of a sender.</summary>
/// <param name="BufferBytesMax">Bytes that may wait for a slow reader; at the limit the waiting frames are thrown away and 1008 is sent.</param>
/// <param name="CloseWithin">How long a close frame may take to leave, and the client's answer to come, before the connection is cut.</param>
public sealed record SendLimits(int BufferBytesMax, TimeSpan CloseWithin);

/// <summary>How a sender ended.</summary>
public enum SendOutcome
{
    /// <summary>A close frame was sent.</summary>
    Closed,

    /// <summary>A fault asked for the end of the TCP connection.</summary>
    Cut,

    /// <summary>A fault asked for a reset.</summary>
    Reset,

    /// <summary>The client is gone.</summary>
    Lost,

    /// <summary>The close frame could not be sent in time: the client does not read.</summary>
    TooSlow,
}
