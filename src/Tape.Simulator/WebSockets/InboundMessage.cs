namespace Tape.Simulator.WebSockets;

/// <summary>A whole message or control frame of a client, unmasked.</summary>
/// <param name="Opcode">Never <see cref="WebSocketOpcode.Continuation"/>: fragments are joined.</param>
/// <param name="Payload">Valid until the next read.</param>
public readonly record struct InboundMessage(WebSocketOpcode Opcode, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The close code of a close frame; 1005 ("none given") when it is empty.</summary>
    public int CloseCode => Payload.Length >= 2 ? (Payload.Span[0] << 8) | Payload.Span[1] : 1005;
}
