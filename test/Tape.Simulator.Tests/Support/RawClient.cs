using System.Net.Sockets;
using System.Text;
using Tape.TestKit.Time;

namespace Tape.Simulator.Tests.Support;

/// <summary>A TCP client that speaks the handshake and then whatever bytes a test wants, right or wrong.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _tcp = new();
    private readonly CancellationTokenSource _limit = new(Patience.Max);
    private NetworkStream _stream = null!;

    /// <summary>The head of the server's answer.</summary>
    public string Head { get; private set; } = "";

    public static async Task<RawClient> ConnectAsync(Uri endpoint, string path,
        string headers = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
    {
        var client = new RawClient();
        await client._tcp.ConnectAsync(endpoint.Host, endpoint.Port, client._limit.Token);
        client._stream = client._tcp.GetStream();
        await client._stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n"), client._limit.Token);
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await client._stream.ReadAsync(one, client._limit.Token) == 1)
            head.Append((char)one[0]);
        client.Head = head.ToString();
        return client;
    }

    public Task SendAsync(params byte[] bytes) => _stream.WriteAsync(bytes, _limit.Token).AsTask();

    /// <summary>A frame with the mask 1,2,3,4.</summary>
    public static byte[] Frame(byte first, ReadOnlySpan<byte> payload)
    {
        var masked = payload.ToArray();
        for (var i = 0; i < masked.Length; i++) masked[i] ^= (byte)(i % 4 + 1);
        return payload.Length < 126 ? [first, (byte)(0x80 | payload.Length), 1, 2, 3, 4, .. masked]
            : [first, 0xFE, (byte)(payload.Length >> 8), (byte)payload.Length, 1, 2, 3, 4, .. masked];
    }

    /// <summary>The next frame of the server: its first byte and its payload.</summary>
    public async Task<(byte First, byte[] Payload)> ReceiveAsync()
    {
        var head = new byte[2];
        await _stream.ReadExactlyAsync(head, _limit.Token);
        var length = (int)head[1];
        if (length == 126)
        {
            var more = new byte[2];
            await _stream.ReadExactlyAsync(more, _limit.Token);
            length = (more[0] << 8) | more[1];
        }
        var payload = new byte[length];
        await _stream.ReadExactlyAsync(payload, _limit.Token);
        return (head[0], payload);
    }

    /// <summary>The close code of the next close frame.</summary>
    public async Task<int> CloseCodeAsync()
    {
        while (true)
        {
            var (first, payload) = await ReceiveAsync();
            if (first == 0x88) return (payload[0] << 8) | payload[1];
        }
    }

    public void Dispose()
    {
        _tcp.Dispose();
        _limit.Dispose();
    }
}
