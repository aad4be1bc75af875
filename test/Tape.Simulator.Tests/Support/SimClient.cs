using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Tape.Core.Values;
using Tape.Simulator.Journal;
using Tape.TestKit.Time;

namespace Tape.Simulator.Tests.Support;

/// <summary>
/// An independent WebSocket client (.NET's own) that keeps what it receives, as a recorder would. Every wait ends after <see cref="Patience"/> with a failure.
/// </summary>
internal sealed class SimClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _limit = new(Patience.Max);
    private readonly byte[] _buffer = new byte[1 << 20];

    public List<byte[]> Received { get; } = [];

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public WebSocketState State => _socket.State;

    public CancellationToken Limit => _limit.Token;

    public static async Task<SimClient> ConnectAsync(Uri endpoint, string path)
    {
        var client = new SimClient();
        client._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await client._socket.ConnectAsync(new Uri(endpoint, path), client._limit.Token);
        return client;
    }

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, _limit.Token);

    public Task SubscribeAsync(int id, params string[] names) => SendAsync(JsonSerializer.Serialize(new { method = "SUBSCRIBE", @params = names, id }));

    /// <summary>The next whole message, or null when the server closed or the connection broke.</summary>
    public async Task<string?> ReceiveAsync()
    {
        var length = 0;
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), _limit.Token);
                if (part.MessageType == WebSocketMessageType.Close) return null;
                length += part.Count;
                if (!part.EndOfMessage) continue;
                Received.Add(_buffer[..length]);
                return Encoding.UTF8.GetString(_buffer, 0, length);
            }
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    /// <summary>Receives until a message fits; fails when the connection ends before.</summary>
    public async Task<string> ReceiveUntilAsync(Func<string, bool> fits)
    {
        while (await ReceiveAsync() is { } text) if (fits(text)) return text;
        throw new InvalidOperationException($"the connection ended (close status {CloseStatus}) before the awaited message came; received {Received.Count}");
    }

    public Task<string> AnswerAsync(int id) => ReceiveUntilAsync(text => text.EndsWith($"\"id\":{id}}}", StringComparison.Ordinal));

    /// <summary>Receives so many messages.</summary>
    public async Task ReceiveManyAsync(int count)
    {
        for (var i = 0; i < count; i++) Assert.NotNull(await ReceiveAsync());
    }

    /// <summary>Receives to the end of the connection.</summary>
    public async Task ReceiveToEndAsync()
    {
        while (await ReceiveAsync() is not null)
        {
        }
    }

    public Task CloseAsync() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", _limit.Token);

    /// <summary>Ends the TCP connection without a word.</summary>
    public void Abort() => _socket.Abort();

    /// <summary>What a recorder would have stored.</summary>
    public IEnumerable<StoredItem> Stored() => Received.Select(frame => StoredItem.Frame(frame, default(UnixNanos)));

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }
}
