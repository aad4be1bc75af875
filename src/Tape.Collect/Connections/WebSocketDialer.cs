using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using Tape.Core.Net;

namespace Tape.Collect.Connections;

/// <summary>
/// Dials with the platform's WebSocket client: no compression, our own keep-alive pings, answers to the server's pings by the client itself. Goes through the
/// configured proxy, or directly; what the environment says of proxies is not looked at, so that one place tells how the recorder reaches the world.
/// </summary>
/// <param name="network">How the outside world is reached.</param>
/// <param name="time">The wall clock that a <c>Retry-After</c> with a date is held against.</param>
public sealed class WebSocketDialer(NetworkOptions network, TimeProvider time) : ISocketDialer
{
    /// <summary>A connection without an answer to our ping for this long is dead.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    /// <exception cref="UpgradeRefusedException">The other side answered with another HTTP status than 101.</exception>
    public async Task<DialedSocket> DialAsync(Uri url, CancellationToken cancel)
    {
        var local = "";
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = network.Proxy is not null,
            Proxy = Proxy(network),
            ConnectCallback = async (context, stop) =>
            {
                var stream = await ConnectAsync(context.DnsEndPoint, stop);
                local = stream.Socket.LocalEndPoint?.ToString() ?? "";
                return stream;
            },
        };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        var client = new ClientWebSocket();
        client.Options.KeepAliveInterval = KeepAlive;
        client.Options.KeepAliveTimeout = KeepAlive;
        client.Options.CollectHttpResponseDetails = true;
        try
        {
            await client.ConnectAsync(url, invoker, cancel);
            return new DialedSocket(client, local);
        }
        catch (WebSocketException fault) when ((int)client.HttpStatusCode is not (0 or 101))
        {
            var refused = new UpgradeRefusedException((int)client.HttpStatusCode, RetryAfter(client.HttpResponseHeaders), fault);
            client.Dispose();
            throw refused;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static WebProxy? Proxy(NetworkOptions network)
    {
        if (network.ProxyParts is not { } parts) return null;
        var proxy = new WebProxy(parts.Address);
        if (parts.User.Length > 0) proxy.Credentials = new NetworkCredential(parts.User, parts.Password);
        return proxy;
    }

    private static async Task<NetworkStream> ConnectAsync(DnsEndPoint address, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4 << 20 };
        try
        {
            await socket.ConnectAsync(address, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Null when there is none or it can't be read.</summary>
    private TimeSpan? RetryAfter(IReadOnlyDictionary<string, IEnumerable<string>>? headers)
    {
        var text = headers?.FirstOrDefault(header => header.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
        return RetryConditionHeaderValue.TryParse(text, out var parsed) ? HttpStatus.RetryAfter(parsed.Delta, parsed.Date, time.GetUtcNow()) : null;
    }
}
