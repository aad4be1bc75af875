namespace Tape.Simulator.Journal;

/// <summary>Why a connection ended. The numbers are part of the journal's file format: never change or reuse one.</summary>
public enum ConnectionEnd : byte
{
    /// <summary>Still open, or the simulator was killed before it could say.</summary>
    Open = 0,

    /// <summary>The client sent a close frame.</summary>
    ClientClosed = 1,

    /// <summary>The TCP connection went away without a close frame.</summary>
    ClientGone = 2,

    /// <summary>More inbound messages a second than allowed: 1008.</summary>
    TooManyRequests = 3,

    /// <summary>More streams than allowed: 1008.</summary>
    TooManyStreams = 4,

    /// <summary>The client read too slowly and the send buffer was full: 1008.</summary>
    SlowReader = 5,

    /// <summary>No pong came in time.</summary>
    NoPong = 6,

    /// <summary>The connection reached the lifetime that the venue allows.</summary>
    Lifetime = 7,

    /// <summary>The client broke the framing rules: 1002, 1007 or 1009.</summary>
    ProtocolFault = 8,

    /// <summary>A fault script cut it: TCP end without a close frame.</summary>
    FaultCut = 9,

    /// <summary>A fault script reset it: unsent and unread bytes are lost.</summary>
    FaultReset = 10,

    /// <summary>A fault script closed it with a close frame.</summary>
    FaultClose = 11,

    /// <summary>The simulator stopped: 1001.</summary>
    Stopped = 12,

    /// <summary>Nothing went over it for longer than the venue allows.</summary>
    Idle = 13,
}
