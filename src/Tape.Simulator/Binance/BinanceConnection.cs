using System.Buffers.Text;
using System.Text.Json;
using Tape.Simulator.Journal;
using Tape.Simulator.Serving;
using Tape.Simulator.WebSockets;

namespace Tape.Simulator.Binance;

/// <summary>
/// One client connection by Binance's rules. Acknowledges every name; a name that is unknown, upper case or of another route stays silent.
/// </summary>
internal sealed class BinanceConnection : SimulatedConnection
{
    private readonly BinanceSimulatorOptions _options;
    private readonly BinancePath _path;
    private readonly RateWindow _rate;
    private long _pingedAt, _unansweredSince;
    private bool _combined;

    public BinanceConnection(SimulatorHub hub, BinanceSimulatorOptions options, Stream stream, BinancePath path, int clientPort, TimeProvider time)
        : base(hub, stream, path.Route, clientPort, time)
    {
        (_options, _path, _combined) = (options, path, path.Combined);
        _rate = new RateWindow(options.InboundPerSecondMax, TimeSpan.FromSeconds(1), time);
        _pingedAt = time.GetTimestamp();
    }

    public override void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole)
    {
        if (_combined && !isWhole) Faults.Send(stream.Name, stream.Wrap, data, "}"u8);
        else base.Deliver(stream, data, isWhole);
    }

    /// <summary>Streams named in the URL; those beyond the limit are left out.</summary>
    protected override void Opened()
    {
        foreach (var name in _path.Streams) if (Names.Count < _options.StreamsPerConnectionMax) Subscribe(name);
    }

    protected override bool Delivers(SimulatedStream stream) => BinanceRoute.Delivers(Route, stream.Route);

    protected override bool Admit()
    {
        if (_rate.Take()) return true;
        Close(ConnectionEnd.TooManyRequests, WebSocketCloseCode.PolicyViolation, "Too many requests");
        return false;
    }

    protected override void Ponged() => Interlocked.Exchange(ref _unansweredSince, 0);

    protected override void Keep(long now)
    {
        if (_unansweredSince != 0 && Time.GetElapsedTime(_unansweredSince, now) >= _options.PongWithin)
            Close(ConnectionEnd.NoPong, WebSocketCloseCode.PolicyViolation, "Pong timeout");
        else if (Time.GetElapsedTime(_pingedAt, now) >= _options.PingEvery) Ping(now);
    }

    protected override void Handle(ReadOnlyMemory<byte> message)
    {
        var request = BinanceRequest.Parse(message);
        if (request.Fault is not null) Reply(request.Refused(2, request.Fault));
        else if (request.Method == "SUBSCRIBE") AnswerSubscribe(request);
        else if (request.Method == "UNSUBSCRIBE")
        {
            foreach (var name in request.Names) Unsubscribe(name);
            Reply(request.Accepted());
        }
        else if (request.Method == "LIST_SUBSCRIPTIONS") Reply(request.Accepted(JsonSerializer.Serialize(Names)));
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
        if (Names.Union(request.Names).Count() > _options.StreamsPerConnectionMax)
        {
            Send(request.Refused(4, "Too many subscriptions"));
            Close(ConnectionEnd.TooManyStreams, WebSocketCloseCode.PolicyViolation, "Invalid request");
            return;
        }
        foreach (var name in request.Names) Subscribe(name);
        Reply(request.Accepted());
    }

    private void Ping(long now)
    {
        Span<byte> payload = stackalloc byte[20];
        Utf8Formatter.TryFormat(Time.GetUtcNow().ToUnixTimeMilliseconds(), payload, out var length);
        Sender.Enqueue(JournalEntryKind.Ping, WebSocketOpcode.Ping, payload[..length]);
        _pingedAt = now;
        Interlocked.CompareExchange(ref _unansweredSince, now, 0);
    }
}
