using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tape.Simulator.WebSockets;

/// <summary>The server's half of the opening handshake (RFC 6455 section 4.2). No extension and no subprotocol is ever accepted.</summary>
public static class WebSocketHandshake
{
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>The <c>Sec-WebSocket-Accept</c> that answers a <c>Sec-WebSocket-Key</c>.</summary>
    public static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Guid)));

    /// <summary>Says what keeps a request from being a WebSocket handshake, or null when it is one.</summary>
    public static string? Fault(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method)) return $"found method {request.Method}, expected GET";
        if (!request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)) return "header Upgrade is not 'websocket'";
        if (request.Headers.SecWebSocketVersion.ToString() != "13") return "header Sec-WebSocket-Version is not 13";
        Span<byte> key = stackalloc byte[24];
        return Convert.TryFromBase64String(request.Headers.SecWebSocketKey.ToString(), key, out var length) && length == 16
            ? null
            : "header Sec-WebSocket-Key is not 16 bytes of base64";
    }

    /// <summary>Answers 101 and hands over the raw stream; check <see cref="Fault"/> first. The stream ends with the request.</summary>
    public static async Task<Stream> UpgradeAsync(HttpContext context)
    {
        var upgrade = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        context.Response.Headers.SecWebSocketAccept = Accept(context.Request.Headers.SecWebSocketKey.ToString());
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.Connection = "Upgrade";
        return await upgrade.UpgradeAsync();
    }
}
