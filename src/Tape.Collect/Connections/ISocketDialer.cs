using System.Net.WebSockets;

namespace Tape.Collect.Connections;

/// <summary>Opens WebSockets; the seam at which tests put a scripted exchange.</summary>
public interface ISocketDialer
{
    /// <summary>Connects and shakes hands. The caller owns the socket.</summary>
    /// <exception cref="UpgradeRefusedException">The other side answered with another HTTP status than 101.</exception>
    /// <exception cref="WebSocketException">Unreachable, or not a WebSocket.</exception>
    Task<DialedSocket> DialAsync(Uri url, CancellationToken cancel);
}

/// <summary>An open socket.</summary>
/// <param name="Socket">Ready to receive; pings of the server are answered as long as a receive is pending.</param>
/// <param name="Local">Our address and port, or empty.</param>
public sealed record DialedSocket(WebSocket Socket, string Local);
