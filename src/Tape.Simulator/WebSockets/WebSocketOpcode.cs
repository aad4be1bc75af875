namespace Tape.Simulator.WebSockets;

/// <summary>What a WebSocket frame is, by its number on the wire (RFC 6455 section 5.2).</summary>
public enum WebSocketOpcode : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}
