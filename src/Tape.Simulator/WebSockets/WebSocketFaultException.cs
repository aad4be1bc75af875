using Tape.Core.Errors;

namespace Tape.Simulator.WebSockets;

/// <summary>A client broke the framing rules. The connection is closed with <see cref="CloseCode"/> and the message as its reason.</summary>
public sealed class WebSocketFaultException(int closeCode, string message) : TapeException(message)
{
    public int CloseCode { get; } = closeCode;
}
