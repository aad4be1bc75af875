using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Tape.Core.Values;
using Tape.Simulator.Journal;
using Tape.Simulator.WebSockets;

namespace Tape.Simulator.Binance;

/// <summary>
/// One client connection: reads requests, keeps its subscriptions, answers, pings, and ends by the venue's rules. Acknowledges every name; a name that is
/// unknown, upper case or of another route stays silent.
/// </summary>
internal sealed class BinanceConnection : IDisposable
{
    private readonly BinanceHub _hub;
    private readonly BinanceSimulatorOptions _options;
    private readonly TimeProvider _time;
    private readonly FrameReader _reader;
    private readonly RateWindow _rate;
    private readonly List<string> _names = [];
    private readonly Dictionary<BinanceStream, int> _streams = [];
    private readonly Queue<(long DueTimestamp, byte[] Answer)> _answers = new();
    private readonly long _openedAt;
    private long _pingedAt, _unansweredSince;
    private bool _combined;
    private volatile ConnectionEnd _end;

    public BinanceConnection(BinanceHub hub, Stream stream, string route, bool combined, int clientPort, TimeProvider time)
    {
        (_hub, _options, _time, Route, _combined) = (hub, hub.Options, time, route, combined);
        Id = hub.Journal.Open(route, clientPort, UnixNanos.From(time.GetUtcNow()));
        _reader = new FrameReader(stream, _options.InboundMessageBytesMax);
        _rate = new RateWindow(_options.InboundPerSecondMax, TimeSpan.FromSeconds(1), time);
        Sender = new FrameSender(stream, hub.Journal, Id, new SendLimits(_options.SendBufferBytesMax, _options.CloseWithin), time);
        Faults = new FrameFaults(Sender, hub.FrameRules, route, Id, new Random(unchecked(_options.Seed * 31 + Id)));
        _openedAt = _pingedAt = time.GetTimestamp();
    }

    public int Id { get; }

    public string Route { get; }

    public FrameSender Sender { get; }

    public FrameFaults Faults { get; }

    /// <summary>Why it ended.</summary>
    public ConnectionEnd End => _end;

    /// <summary>Serves the connection to its end.</summary>
    /// <param name="streams">Streams named in the URL.</param>
    /// <param name="stop">Ends it with 1001.</param>
    /// <returns>How the sender ended: tells whether to reset the TCP connection.</returns>
    public async Task<SendOutcome> ServeAsync(IReadOnlyList<string> streams, CancellationToken stop)
    {
        using var reading = new CancellationTokenSource();
        using var sending = new CancellationTokenSource();
        await using var onStop = stop.Register(() => Close(ConnectionEnd.Stopped, WebSocketCloseCode.GoingAway, "Simulator stops"));
        lock (_hub.Gate) foreach (var name in streams) Subscribe(name);
        var write = Sender.RunAsync(sending.Token);
        var read = ReadAllAsync(reading.Token);
        try
        {
            await Task.WhenAny(read, write);
            if (read.IsCompleted && !Sender.IsClosing) await sending.CancelAsync();
            else if (read.IsCompleted) sending.CancelAfter(_options.CloseWithin);
            var outcome = await OutcomeAsync(write);
            if (outcome == SendOutcome.Closed) reading.CancelAfter(_options.CloseWithin);
            else await reading.CancelAsync();
            await read;
            if (Sender.Overflowed) _end = ConnectionEnd.SlowReader; // the reader saw only what followed from it
            else SetEnd(EndOf(outcome));
            return outcome;
        }
        finally
        {
            lock (_hub.Gate) UnsubscribeAll();
            await sending.CancelAsync();
            await reading.CancelAsync();
            await Task.WhenAll(read, write).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a fault is already on its way out
        }
    }

    /// <summary>Takes a data frame of a stream that it listens to. Under the hub's lock.</summary>
    public void Deliver(BinanceStream stream, ReadOnlySpan<byte> data, bool isWhole)
    {
        if (_combined && !isWhole) Faults.Send(stream.Name, stream.Wrap, data, "}"u8);
        else Faults.Send(stream.Name, data, default, default);
    }

    /// <summary>Does what time asks for: late answers, pings, age. Under the hub's lock.</summary>
    public void Tick()
    {
        var now = _time.GetTimestamp();
        while (_answers.TryPeek(out var waiting) && waiting.DueTimestamp <= now) Send(_answers.Dequeue().Answer);
        if (_time.GetElapsedTime(_openedAt, now) >= _options.Lifetime) Close(ConnectionEnd.Lifetime, WebSocketCloseCode.PolicyViolation, "Connection lifetime reached");
        else if (_unansweredSince != 0 && _time.GetElapsedTime(_unansweredSince, now) >= _options.PongWithin) Close(ConnectionEnd.NoPong, WebSocketCloseCode.PolicyViolation, "Pong timeout");
        else if (_time.GetElapsedTime(_pingedAt, now) >= _options.PingEvery) Ping(now);
        Sender.Flush();
    }

    public void Dispose() => Sender.Dispose();

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
                if (!_rate.Take()) Close(ConnectionEnd.TooManyRequests, WebSocketCloseCode.PolicyViolation, "Too many requests");
                else Handle(message);
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

    private void Handle(InboundMessage message)
    {
        if (message.Opcode == WebSocketOpcode.Pong) Interlocked.Exchange(ref _unansweredSince, 0);
        else if (message.Opcode == WebSocketOpcode.Ping)
        {
            Sender.Enqueue(JournalEntryKind.Pong, WebSocketOpcode.Pong, message.Payload.Span);
            Sender.Flush();
        }
        else
        {
            var request = BinanceRequest.Parse(message.Payload);
            lock (_hub.Gate) Answer(request);
        }
    }

    private void Answer(BinanceRequest request)
    {
        if (request.Fault is not null) Reply(request.Refused(2, request.Fault));
        else if (request.Method == "SUBSCRIBE") AnswerSubscribe(request);
        else if (request.Method == "UNSUBSCRIBE")
        {
            foreach (var name in request.Names) Unsubscribe(name);
            Reply(request.Accepted());
        }
        else if (request.Method == "LIST_SUBSCRIPTIONS") Reply(request.Accepted(JsonSerializer.Serialize(_names)));
        else if (request.Method == "SET_PROPERTY" && request.Names is ["combined"] && request.Flag is { } combined)
        {
            _combined = combined;
            Reply(request.Accepted());
        }
        else if (request.Method == "GET_PROPERTY" && request.Names is ["combined"]) Reply(request.Accepted(_combined ? "true" : "false"));
        else Reply(request.Refused(2, $"Invalid request: unknown variant `{request.Method}`, or wrong parameters"));
    }

    private void AnswerSubscribe(BinanceRequest request)
    {
        if (request.Names.Count == 0)
        {
            Reply(request.Refused(2, "Invalid request: `params` is missing or empty"));
            return;
        }
        if (_names.Union(request.Names).Count() > _options.StreamsPerConnectionMax)
        {
            Send(request.Refused(4, "Too many subscriptions"));
            Close(ConnectionEnd.TooManyStreams, WebSocketCloseCode.PolicyViolation, "Invalid request");
            return;
        }
        foreach (var name in request.Names) Subscribe(name);
        Reply(request.Accepted());
    }

    private void Subscribe(string name)
    {
        if (_names.Count >= _options.StreamsPerConnectionMax || _names.Contains(name)) return;
        _names.Add(name);
        if (_hub.Find(name) is not { } stream || !BinanceRoute.Delivers(Route, stream.Route)) return;
        var listens = _streams[stream] = _streams.GetValueOrDefault(stream) + 1;
        if (listens == 1) _hub.Listen(stream, this);
    }

    private void Unsubscribe(string name)
    {
        if (!_names.Remove(name) || _hub.Find(name) is not { } stream || !_streams.TryGetValue(stream, out var listens)) return;
        if (listens > 1) _streams[stream] = listens - 1;
        else
        {
            _streams.Remove(stream);
            _hub.Unlisten(stream, this);
        }
    }

    private void UnsubscribeAll()
    {
        foreach (var stream in _streams.Keys) _hub.Unlisten(stream, this);
        _streams.Clear();
        _names.Clear();
    }

    private void Reply(byte[] answer)
    {
        if (_options.AnswerDelay == TimeSpan.Zero) Send(answer);
        else _answers.Enqueue((_time.GetTimestamp() + (long)(_options.AnswerDelay.TotalSeconds * _time.TimestampFrequency), answer));
    }

    private void Send(byte[] answer)
    {
        Sender.Enqueue(JournalEntryKind.Answer, WebSocketOpcode.Text, answer);
        Sender.Flush();
    }

    private void Ping(long now)
    {
        Span<byte> payload = stackalloc byte[20];
        Utf8Formatter.TryFormat(_time.GetUtcNow().ToUnixTimeMilliseconds(), payload, out var length);
        Sender.Enqueue(JournalEntryKind.Ping, WebSocketOpcode.Ping, payload[..length]);
        _pingedAt = now;
        Interlocked.CompareExchange(ref _unansweredSince, now, 0);
    }

    private void Close(ConnectionEnd end, int code, string reason)
    {
        if (Sender.IsClosing) return;
        SetEnd(end);
        Sender.Close(code, reason);
    }

    /// <summary>The first cause stays.</summary>
    private void SetEnd(ConnectionEnd end)
    {
        if (_end == ConnectionEnd.Open) _end = end;
    }
}
