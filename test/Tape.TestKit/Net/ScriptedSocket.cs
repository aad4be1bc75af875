using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace Tape.TestKit.Net;

/// <summary>The client's end of a WebSocket whose other end is the test.</summary>
public sealed class ScriptedSocket : WebSocket
{
    private readonly Channel<Part> _parts = Channel.CreateUnbounded<Part>();
    private readonly Lock _gate = new();
    private readonly List<string> _sent = [];
    private Part? _open;
    private long _delivered;
    private long _taken;
    private long _done;
    private WebSocketState _state = WebSocketState.Open;
    private WebSocketCloseStatus? _closeStatus;
    private string? _closeReason;

    /// <summary>Whether the venue answers our goodbye.</summary>
    public bool AnswersClose { get; init; } = true;

    /// <summary>Whether the client has said goodbye.</summary>
    public bool SawClose { get; private set; }

    /// <summary>Hears what the client sends, while it sends it.</summary>
    public Action<string>? Heard { get; set; }

    /// <summary>What the client sent.</summary>
    public IReadOnlyList<string> Sent
    {
        get { lock (_gate) return [.. _sent]; }
    }

    /// <summary>Whether the client has taken all that was delivered, and is done with it: it asks for more.</summary>
    public bool IsDrained => Volatile.Read(ref _done) == Volatile.Read(ref _delivered);

    public override WebSocketCloseStatus? CloseStatus => _closeStatus;

    public override string? CloseStatusDescription => _closeReason;

    public override WebSocketState State => _state;

    public override string? SubProtocol => null;

    /// <summary>The venue sends a message.</summary>
    public void Deliver(string text) => Deliver(Encoding.UTF8.GetBytes(text));

    public void Deliver(byte[] bytes)
    {
        Interlocked.Increment(ref _delivered);
        _parts.Writer.TryWrite(new Part(WebSocketMessageType.Text, bytes, null));
    }

    /// <summary>The venue closes.</summary>
    public void CloseByVenue(int code, string reason)
    {
        (_closeStatus, _closeReason) = ((WebSocketCloseStatus)code, reason);
        _parts.Writer.TryWrite(new Part(WebSocketMessageType.Close, default, null));
    }

    /// <summary>The connection breaks.</summary>
    public void Break(string reason) =>
        _parts.Writer.TryWrite(new Part(WebSocketMessageType.Text, default, new WebSocketException(WebSocketError.ConnectionClosedPrematurely, reason)));

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_open is null) Volatile.Write(ref _done, _taken);
        try
        {
            var part = _open ?? await _parts.Reader.ReadAsync(cancellationToken);
            if (part.Fault is not null) throw part.Fault;
            if (_open is null) _taken++;
            if (part.Type == WebSocketMessageType.Close)
            {
                _state = _state == WebSocketState.CloseSent ? WebSocketState.Closed : WebSocketState.CloseReceived;
                return new(0, WebSocketMessageType.Close, true);
            }

            var count = Math.Min(buffer.Length, part.Bytes.Length);
            part.Bytes.Span[..count].CopyTo(buffer.Span);
            _open = count < part.Bytes.Length ? part with { Bytes = part.Bytes[count..] } : null;
            return new(count, part.Type, _open is null);
        }
        catch
        {
            _state = WebSocketState.Aborted;
            throw;
        }
    }

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        if (_state is not (WebSocketState.Open or WebSocketState.CloseReceived)) throw new WebSocketException(WebSocketError.InvalidState);
        var text = Encoding.UTF8.GetString(buffer);
        lock (_gate) _sent.Add(text);
        Heard?.Invoke(text);
        return Task.CompletedTask;
    }

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        SawClose = true;
        _state = _state == WebSocketState.CloseReceived ? WebSocketState.Closed : WebSocketState.CloseSent;
        if (AnswersClose && _state == WebSocketState.CloseSent) CloseByVenue(1000, "");
        return Task.CompletedTask;
    }

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException("the recorder receives into memory");

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override void Abort() => _state = WebSocketState.Aborted;

    public override void Dispose() => Abort();

    private sealed record Part(WebSocketMessageType Type, Memory<byte> Bytes, Exception? Fault);
}
