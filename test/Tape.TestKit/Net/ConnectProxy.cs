using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tape.TestKit.Net;

/// <summary>
/// A small HTTP proxy on loopback that knows CONNECT only (RFC 9110 section 9.3.6), and asks for a name and password when given one. Counts its tunnels.
/// Thread-safe.
/// </summary>
public sealed class ConnectProxy : IAsyncDisposable
{
    private const int HeadBytesMax = 16 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string? _authorization;
    private readonly Task _accepting;
    private int _tunnels;

    /// <param name="login"><c>name:password</c> that it wants to see; null lets everybody through.</param>
    public ConnectProxy(string? login = null)
    {
        _authorization = login is null ? null : $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(login))}";
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Tunnels opened so far.</summary>
    public int Tunnels => Volatile.Read(ref _tunnels);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // Disposing is how it ends.
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var own = client;
        try
        {
            var stream = client.GetStream();
            while (await ReadHeadAsync(stream) is { } head)
            {
                var words = head[0].Split(' ');
                if (_authorization is not null && !head.Contains(_authorization))
                {
                    await WriteAsync(stream, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: "
                        + "0\r\n\r\n");
                }
                else if (words is ["CONNECT", var target, _] && IPEndPoint.TryParse(target, out var address))
                {
                    await TunnelAsync(stream, address);
                    return;
                }
                else
                {
                    await WriteAsync(stream, "HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n");
                }
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // Either end went away, or the test is over: a tunnel has no more to say.
        }
    }

    private async Task TunnelAsync(NetworkStream client, IPEndPoint address)
    {
        using var target = new TcpClient();
        await target.ConnectAsync(address, _stop.Token);
        await WriteAsync(client, "HTTP/1.1 200 Connection established\r\n\r\n");
        Interlocked.Increment(ref _tunnels);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var there = client.CopyToAsync(target.GetStream(), ends.Token);
        var back = target.GetStream().CopyToAsync(client, ends.Token);
        await Task.WhenAny(there, back);
        target.Client.Shutdown(SocketShutdown.Send);
        client.Socket.Shutdown(SocketShutdown.Send);
        await Task.WhenAny(Task.WhenAll(there, back), Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, ends.Token));
        await ends.CancelAsync();
    }

    private async Task<string[]?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < HeadBytesMax && await stream.ReadAsync(one, _stop.Token) == 1)
        {
            head.Add(one[0]);
            if (head.Count >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n')
                return Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        }

        return null;
    }

    private Task WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stop.Token).AsTask();
}
