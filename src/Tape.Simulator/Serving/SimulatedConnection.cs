using Microsoft.AspNetCore.Connections;
using Tape.Simulator.Faults;
using Tape.Simulator.Journal;
using Tape.Simulator.WebSockets;

namespace Tape.Simulator.Serving;

/// <summary>
/// One client connection: reads messages, keeps its subscriptions, sends what its streams deliver, and ends by the rules. What requests and answers look like,
/// when the venue pings and when it hangs up is for the venue's own connection to say.
/// </summary>
internal abstract class SimulatedConnection : IFrameSink, IDisposable
{
    private readonly FrameReader _reader;
    private readonly List<string> _names = [];
    private readonly Dictionary<SimulatedStream, int> _streams = [];
    private readonly Queue<(long DueTimestamp, byte[] Answer)> _answers = new();
    private readonly long _openedAt;
    private long _closeAt;
    private volatile ConnectionEnd _end;
    private bool _isUnanswered;

    protected SimulatedConnection(SimulatorHub hub, Stream stream, string route, int clientPort, TimeProvider time)
    {
        (Hub, Time, Route) = (hub, time, route);
        Id = hub.Journal.Open(route, clientPort, UnixNanos.From(time.GetUtcNow()));
        _reader = new FrameReader(stream, hub.Options.InboundMessageBytesMax);
        Sender = new FrameSender(stream, hub.Journal, Id, new SendLimits(hub.Options.SendBufferBytesMax, hub.Options.CloseWithin), time);
        Faults = new FrameFaults(Sender, stream => hub.IsMuted(route, Id, stream), AnnounceEnd, hub.FrameRules, route, Id,
            new Random(unchecked(hub.Options.Seed * 31 + Id)));
        _openedAt = time.GetTimestamp();
    }

    public int Id { get; }

    public string Route { get; }

    public FrameSender Sender { get; }

    public FrameFaults Faults { get; }

    /// <summary>Why it ended.</summary>
    public ConnectionEnd End => _end;

    protected SimulatorHub Hub { get; }

    protected TimeProvider Time { get; }

    /// <summary>What the client has subscribed to, in its order.</summary>
    protected IReadOnlyList<string> Names => _names;

    /// <summary>Serves the connection to its end.</summary>
    /// <param name="stop">Ends it with 1001.</param>
    /// <returns>How the sender ended: tells whether to reset the TCP connection.</returns>
    public async Task<SendOutcome> ServeAsync(CancellationToken stop)
    {
        using var reading = new CancellationTokenSource();
        using var sending = new CancellationTokenSource();
        await using var onStop = stop.Register(() => Close(ConnectionEnd.Stopped, WebSocketCloseCode.GoingAway, "Simulator stops"));
        lock (Hub.Gate) Opened();
        var write = Sender.RunAsync(sending.Token);
        var read = ReadAllAsync(reading.Token);
        try
        {
            await Task.WhenAny(read, write);
            if (read.IsCompleted && !Sender.IsClosing) await sending.CancelAsync();
            else if (read.IsCompleted) sending.CancelAfter(Hub.Options.CloseWithin);
            var outcome = await OutcomeAsync(write);
            if (outcome == SendOutcome.Closed) reading.CancelAfter(Hub.Options.CloseWithin);
            else await reading.CancelAsync();
            await read;
            if (Sender.Overflowed) _end = ConnectionEnd.SlowReader; // the reader saw only what followed from it
            else SetEnd(EndOf(outcome));
            return outcome;
        }
        finally
        {
            lock (Hub.Gate) UnsubscribeAll();
            await sending.CancelAsync();
            await reading.CancelAsync();
            await Task.WhenAll(read, write).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a fault is already on its way out
        }
    }

    /// <summary>Takes a data frame of a stream that it listens to. Under the hub's lock.</summary>
    public virtual void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole) => Faults.Send(stream.Name, data, default, default);

    /// <summary>Does what time asks for: late answers, pings, age. Under the hub's lock.</summary>
    public void Tick()
    {
        var now = Time.GetTimestamp();
        while (_answers.TryPeek(out var waiting) && waiting.DueTimestamp <= now) Send(_answers.Dequeue().Answer);
        if (_closeAt != 0 && now >= _closeAt) Close(ConnectionEnd.FaultClose, WebSocketCloseCode.GoingAway, "Service upgrade");
        else if (Time.GetElapsedTime(_openedAt, now) >= Hub.Options.Lifetime)
            Close(ConnectionEnd.Lifetime, WebSocketCloseCode.PolicyViolation, "Connection lifetime reached");
        else Keep(now);
        Sender.Flush();
    }

    public void Dispose() => Sender.Dispose();

    /// <summary>The connection is open. Under the hub's lock.</summary>
    protected virtual void Opened()
    {
    }

    /// <summary>A ping by the venue, or the end of a connection that was idle too long. Under the hub's lock.</summary>
    protected abstract void Keep(long now);

    /// <summary>Answers a text or binary message of the client. Under the hub's lock.</summary>
    protected abstract void Handle(ReadOnlyMemory<byte> message);

    /// <summary>Whether the client may send this one message more; if not, the connection has been closed.</summary>
    protected virtual bool Admit() => true;

    /// <summary>The client answered a ping.</summary>
    protected virtual void Ponged()
    {
    }

    /// <summary>What the venue says before it closes a connection for an upgrade; null where it says nothing.</summary>
    protected virtual byte[]? Notice() => null;

    /// <summary>Whether this connection is given the data of a stream; if not, a subscription is taken and stays silent.</summary>
    protected virtual bool Delivers(SimulatedStream stream) => stream.Route == Route;

    /// <summary>Whether the client has subscribed to a name.</summary>
    protected bool Has(string name) => _names.Contains(name);

    /// <summary>Takes a subscription; one that is there already changes nothing.</summary>
    protected void Subscribe(string name)
    {
        if (_names.Contains(name)) return;
        _names.Add(name);
        if (Hub.Find(name) is not { } stream || !Delivers(stream)) return;
        var listens = _streams[stream] = _streams.GetValueOrDefault(stream) + 1;
        if (listens == 1) Hub.Listen(stream, this);
    }

    protected void Unsubscribe(string name)
    {
        if (!_names.Remove(name) || Hub.Find(name) is not { } stream || !_streams.TryGetValue(stream, out var listens)) return;
        if (listens > 1) _streams[stream] = listens - 1;
        else
        {
            _streams.Remove(stream);
            Hub.Unlisten(stream, this);
        }
    }

    /// <summary>Answers a request, as late as the options say.</summary>
    protected void Reply(byte[] answer)
    {
        if (_isUnanswered) return;
        if (Hub.Options.AnswerDelay == TimeSpan.Zero) Send(answer);
        else _answers.Enqueue((Time.GetTimestamp() + (long)(Hub.Options.AnswerDelay.TotalSeconds * Time.TimestampFrequency), answer));
    }

    /// <summary>Sends an answer at once.</summary>
    protected void Send(byte[] answer)
    {
        Sender.Enqueue(JournalEntryKind.Answer, WebSocketOpcode.Text, answer);
        Sender.Flush();
    }

    protected void Close(ConnectionEnd end, int code, string reason)
    {
        if (Sender.IsClosing) return;
        SetEnd(end);
        Sender.Close(code, reason);
    }

    /// <summary>Tells the client, where the venue has a word for it, that the connection will end, and ends it after a while. Under the hub's lock.</summary>
    private void AnnounceEnd(TimeSpan after)
    {
        if (Notice() is { } notice) Send(notice);
        _closeAt = Time.GetTimestamp() + (long)(after.TotalSeconds * Time.TimestampFrequency);
    }

    private static async Task<SendOutcome> OutcomeAsync(Task<SendOutcome> write)
    {
        await Task.WhenAny(write);
        return write.IsCanceled ? SendOutcome.Lost : await write;
    }

    private static ConnectionEnd EndOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Cut => ConnectionEnd.FaultCut,
        SendOutcome.Reset => ConnectionEnd.FaultReset,
        SendOutcome.Closed => ConnectionEnd.FaultClose,
        _ => ConnectionEnd.ClientGone,
    };

    /// <summary>Reads until the client closes, breaks a rule or is gone. Ends by having something to write or by cancelling the writer.</summary>
    private async Task ReadAllAsync(CancellationToken cancel)
    {
        try
        {
            while (await _reader.ReadAsync(cancel) is { } message)
            {
                if (message.Opcode == WebSocketOpcode.Close)
                {
                    Close(ConnectionEnd.ClientClosed, message.CloseCode == 1005 ? WebSocketCloseCode.Normal : message.CloseCode, "");
                    return;
                }
                if (Admit()) Take(message);
            }
            SetEnd(ConnectionEnd.ClientGone);
        }
        catch (WebSocketFaultException fault)
        {
            Close(ConnectionEnd.ProtocolFault, fault.CloseCode, fault.Message);
        }
        catch (Exception gone) when (gone is IOException or ConnectionAbortedException or ConnectionResetException)
        {
            SetEnd(ConnectionEnd.ClientGone);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            SetEnd(ConnectionEnd.Open);
        }
    }

    private void Take(InboundMessage message)
    {
        if (message.Opcode == WebSocketOpcode.Pong) Ponged();
        else if (message.Opcode == WebSocketOpcode.Ping)
        {
            Sender.Enqueue(JournalEntryKind.Pong, WebSocketOpcode.Pong, message.Payload.Span);
            Sender.Flush();
        }
        else lock (Hub.Gate) Hear(message.Payload);
    }

    private void Hear(ReadOnlyMemory<byte> message)
    {
        var isRequest = message.Span.IndexOf("ubscribe"u8) >= 0 || message.Span.IndexOf("SUBSCRIBE"u8) >= 0;
        if (isRequest && Hub.Meets(FaultKind.Ignore, Route, Id, message.Length)) return;
        _isUnanswered = isRequest && Hub.Meets(FaultKind.Unanswered, Route, Id, message.Length);
        Handle(message);
        _isUnanswered = false;
    }

    private void UnsubscribeAll()
    {
        foreach (var stream in _streams.Keys) Hub.Unlisten(stream, this);
        _streams.Clear();
        _names.Clear();
    }

    /// <summary>The first cause stays.</summary>
    private void SetEnd(ConnectionEnd end)
    {
        if (_end == ConnectionEnd.Open) _end = end;
    }
}
