using System.Net.WebSockets;
using Tape.Collect.Clock;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Collect.Connections;

/// <summary>How a connection ended.</summary>
/// <param name="Cause">One of the causes of <see cref="DisconnectedNote"/>.</param>
internal sealed record SessionEnd(string Cause, string Detail);

/// <summary>
/// One open socket from its <c>connected</c> note to its <c>disconnected</c> one: subscribes at the allowed rate, keeps it alive, receives, leaves in order
/// when told. It runs by itself once opened; <see cref="Completed"/> is done when its last record is in the queue.
/// </summary>
internal sealed class ConnectionSession
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly WebSocket _socket;
    private readonly ConnectionPlan _plan;
    private readonly ConnectionRun _run;
    private readonly RecorderContext _context;
    private readonly CancellationTokenSource _leave;
    private readonly ConnectionSignals _watch;
    private readonly CancellationTokenSource _receiving = new();
    private readonly long _openedAt;
    private volatile string? _replacedBecause;

    private ConnectionSession(WebSocket socket, ConnectionPlan plan, ConnectionRun run, RecorderContext context, CancellationToken stop)
    {
        (_socket, _plan, _run, _context) = (socket, plan, run, context);
        _openedAt = context.Time.GetTimestamp();
        _leave = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _watch = context.Watch(run.Connection, _receiving);
        Completed = RunAsync();
    }

    /// <summary>Its number on the tape.</summary>
    public long Connection => _run.Connection;

    /// <summary>How long it has been open.</summary>
    public TimeSpan Age => _context.Time.GetElapsedTime(_openedAt);

    /// <summary>Done when the watchdogs have seen it deliver what its predecessor does; see <see cref="Health.HandoverRules"/>.</summary>
    public Task Proven => _watch.Proven;

    /// <summary>Done when another is to take its place before its time: the venue will close it soon, or the watchdogs want it.</summary>
    public Task ReplacementAsked => _watch.ReplacementAsked;

    /// <summary>Why, where it is not the venue's wish; else empty.</summary>
    public string ReplaceReason => _watch.ReplaceReason;

    /// <summary>How it ended, once all its records are in the queue.</summary>
    public Task<SessionEnd> Completed { get; }

    /// <summary>Puts the <c>connected</c> note into the queue and starts.</summary>
    /// <param name="socket">Owned from here on.</param>
    /// <param name="decoder">For this connection alone.</param>
    /// <param name="stop">Makes it leave in order.</param>
    /// <exception cref="OperationCanceledException">Stopped before there was room for the note; the socket is disposed.</exception>
    public static async Task<ConnectionSession> OpenAsync(DialedSocket socket, ConnectionPlan plan, FrameDecoder decoder, RecorderContext context,
        CancellationToken stop)
    {
        try
        {
            var streams = plan.Streams.Select(stream => new NotedStream(stream.Key.Channel, stream.Key.Symbol, stream.WireName));
            var note = new ConnectedNote(plan.Venue, plan.Route, plan.Shard, plan.Url.ToString(), socket.Local, [.. streams]).ToJson();
            while (true)
            {
                var clock = new ConnectionClock(context.Clock);
                if (context.TryOpenConnection(note, clock, out var connection))
                {
                    context.Log.Connected(plan, connection);
                    return new ConnectionSession(socket.Socket, plan, new ConnectionRun(connection, plan, decoder, clock, context), context, stop);
                }

                await ConnectionRun.WaitForRoomAsync(context, stop);
            }
        }
        catch
        {
            socket.Socket.Dispose();
            throw;
        }
    }

    /// <summary>Another connection has taken over: says goodbye to the venue and reads on until it answers, at most a second.</summary>
    /// <returns>Done when <see cref="Completed"/> is.</returns>
    public async Task ReplaceAsync(string because)
    {
        _replacedBecause = because;
        try
        {
            await _leave.CancelInOrderAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }

        await Completed;
    }

    private async Task<SessionEnd> RunAsync()
    {
        using var socket = _socket;
        using var leave = _leave;
        using var receiving = _receiving;
        var end = await RunSocketAsync();
        var note = new DisconnectedNote(end.Cause, ErrorText.Shorten(end.Detail), _run.Frames, _run.Bytes);
        await _run.EndAsync(note);
        _context.Log.Disconnected(_plan, Connection, note);
        if (end.Cause == "venue_closed") await AnswerCloseAsync();
        return end;
    }

    /// <summary>
    /// Cancelling a receive aborts the socket and loses what is under way in it, so only what must end at once cancels <see cref="_receiving"/>.
    /// </summary>
    private async Task<SessionEnd> RunSocketAsync()
    {
        var sending = SendAsync(_leave.Token);
        var leaving = LeaveAsync(sending, _leave.Token);
        var end = await ReceiveToEndAsync();
        var left = _run.IsLeaving;
        _context.Unwatch(Connection);
        await _watch.Ending;
        await _leave.CancelInOrderAsync();
        var failure = await sending;
        await _receiving.CancelInOrderAsync();
        await leaving;
        if (left) return _replacedBecause is { } because ? new("rotation", because) : new("our_stop", "");
        return failure is not null && end.Cause == "connection_lost" ? end with { Detail = $"{end.Detail}; while sending: {failure}" } : end;
    }

    /// <summary>When it is time to go: says so to the venue and goes on receiving until it answers, so that nothing under way is lost.</summary>
    private async Task LeaveAsync(Task sending, CancellationToken leave)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, _context.Time, leave).ConfigureAwait(InOrder.Quietly);
        await sending;
        if (_socket.State != WebSocketState.Open) return;
        _run.IsLeaving = true;
        try
        {
            using var limit = new CancellationTokenSource(CloseTimeout, _context.Time);
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            await Task.Delay(CloseTimeout, _context.Time, _receiving.Token).ConfigureAwait(InOrder.Quietly);
        }
        catch (Exception fault) when (IsSocketFault(fault))
        {
            _context.Log.CloseFailed(_plan, Connection, ErrorText.Reason(fault));
        }

        await _receiving.CancelInOrderAsync();
    }

    private async Task<SessionEnd> ReceiveToEndAsync()
    {
        try
        {
            return await ReceiveAsync(_receiving.Token);
        }
        catch (Exception fault) when (IsSocketFault(fault))
        {
            return _watch.Reason.Length > 0 ? new("silent", _watch.Reason) : new("connection_lost", ErrorText.Reason(fault));
        }
        catch (Exception fault)
        {
            // A fault of the program or of memory. The other connections go on, this one is dialed again, and tape and log say why.
            return new("failure", $"{fault.GetType().Name}: {ErrorText.Reason(fault)}");
        }
    }

    private async Task<SessionEnd> ReceiveAsync(CancellationToken cancel)
    {
        using var buffer = new ReceiveBuffer();
        while (true)
        {
            var room = buffer.Room();
            if (room.IsEmpty) return new("frame_too_long", $"a frame is longer than {VenueConnection.FrameBytesMax} bytes");
            var received = await _socket.ReceiveAsync(room, cancel);
            if (received.MessageType == WebSocketMessageType.Close)
                return new("venue_closed", $"{(int?)_socket.CloseStatus} {_socket.CloseStatusDescription}".Trim());
            buffer.Received(received.Count);
            if (!received.EndOfMessage) continue;
            _run.Keep(buffer.Message);
            buffer.Clear();
        }
    }

    /// <summary>Subscribes, then sends what keeps the connection open and what is asked for again, until told to leave.</summary>
    /// <returns>Why it could not; null when it was told to leave.</returns>
    private async Task<string?> SendAsync(CancellationToken leave)
    {
        try
        {
            var sends = new RateGate(_plan.Limits.SendsPerSecond, TimeSpan.FromSeconds(1), _context.Time);
            foreach (var request in _plan.Requests) await SendAsync(request.Frame, sends, leave);
            var keptAliveAt = _context.Time.GetTimestamp();
            while (true)
            {
                await InOrder.WaitAsync(UntilKeepAlive(keptAliveAt), _context.Time, leave, _watch.Asked);
                while (UntilKeepAlive(keptAliveAt) != TimeSpan.Zero && _watch.TakeAsk() is { } request) await SendAsync(request.Frame, sends, leave);
                if (UntilKeepAlive(keptAliveAt) != TimeSpan.Zero) continue;
                await SendAsync(_plan.KeepAlive!.Frame, sends, leave);
                keptAliveAt = _context.Time.GetTimestamp();
            }
        }
        catch (Exception fault) when (IsSocketFault(fault))
        {
            return leave.IsCancellationRequested ? null : ErrorText.Reason(fault);
        }
    }

    /// <summary>Time until the next frame that keeps the connection open, in whole ms; zero when it is due, infinite where there is none.</summary>
    private TimeSpan UntilKeepAlive(long keptAliveAt)
    {
        if (_plan.KeepAlive is not { } keepAlive) return Timeout.InfiniteTimeSpan;
        var left = keepAlive.Every - _context.Time.GetElapsedTime(keptAliveAt);
        return left > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : TimeSpan.Zero;
    }

    /// <summary>Sends one frame in its turn; the record of it goes into the queue first.</summary>
    private async Task SendAsync(string text, RateGate sends, CancellationToken cancel)
    {
        await sends.WaitAsync(cancel);
        var frame = Encoding.UTF8.GetBytes(text);
        await _run.EnqueueAsync(RecordKind.Sent, frame, cancel);
        await _socket.SendAsync(frame.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, cancel);
    }

    private async Task AnswerCloseAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(CloseTimeout, _context.Time);
            if (_socket.State == WebSocketState.CloseReceived) await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (Exception fault) when (IsSocketFault(fault))
        {
            _context.Log.CloseFailed(_plan, Connection, ErrorText.Reason(fault));
        }
    }

    private static bool IsSocketFault(Exception fault) => fault is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException;
}
