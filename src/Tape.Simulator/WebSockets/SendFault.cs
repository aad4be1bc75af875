namespace Tape.Simulator.WebSockets;

/// <summary>What a sender does wrong on purpose, at its place in the order of frames.</summary>
public enum SendFaultKind
{
    /// <summary>Ends the TCP connection after what was sent before, without a close frame.</summary>
    Cut,

    /// <summary>Resets the TCP connection: bytes on their way may be lost.</summary>
    Reset,

    /// <summary>Sends a part of the next message and then ends the TCP connection.</summary>
    CutInside,

    /// <summary>Sends nothing for a while; frames wait in the buffer.</summary>
    Stall,

    /// <summary>Sends a part of the next message, nothing for a while, then the rest.</summary>
    StallInside,

    /// <summary>Sends only so many bytes a second for a while.</summary>
    Slow,

    /// <summary>Writes bytes that are no WebSocket frame.</summary>
    Raw,
}

/// <summary>A fault for <see cref="FrameSender.Fault"/>.</summary>
/// <param name="Duration">How long; not used by cuts.</param>
/// <param name="BytesPerSecond">For <see cref="SendFaultKind.Slow"/>.</param>
/// <param name="Bytes">For <see cref="SendFaultKind.Raw"/>.</param>
public sealed record SendFault(SendFaultKind Kind, TimeSpan Duration = default, int BytesPerSecond = 0, byte[]? Bytes = null);
