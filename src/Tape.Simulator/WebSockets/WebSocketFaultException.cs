namespace Tape.Simulator.WebSockets;

/// <summary>A client broke the framing rules. The connection is closed with <see cref="CloseCode"/> and the message as its reason.</summary>
public sealed class WebSocketFaultException(int closeCode, string message) : TapeException(message)
{
    public int CloseCode { get; } = closeCode;
}

/// <summary>Close codes that the simulator sends (RFC 6455 section 7.4).</summary>
public static class WebSocketCloseCode
{
    public const int Normal = 1000;
    public const int GoingAway = 1001;
    public const int ProtocolError = 1002;
    public const int UnsupportedData = 1003;
    public const int InvalidText = 1007;
    public const int PolicyViolation = 1008;
    public const int TooBig = 1009;
}
