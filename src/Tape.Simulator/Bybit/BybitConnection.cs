using Tape.Simulator.Journal;
using Tape.Simulator.Serving;
using Tape.Simulator.WebSockets;

namespace Tape.Simulator.Bybit;

/// <summary>One client connection by Bybit's rules: an answer a request, which is taken or refused as a whole; pings are requests of the client.</summary>
internal sealed class BybitConnection(SimulatorHub hub, BybitSimulatorOptions options, Stream stream, int clientPort, TimeProvider time)
    : SimulatedConnection(hub, stream, BybitChannels.Linear, clientPort, time)
{
    private long _heardAt = time.GetTimestamp();

    private string ConnectionId => string.Create(CultureInfo.InvariantCulture, $"sim{options.Seed:x}-{Id:x6}");

    protected override bool Admit()
    {
        Interlocked.Exchange(ref _heardAt, Time.GetTimestamp());
        return true;
    }

    protected override void Keep(long now)
    {
        if (Time.GetElapsedTime(Interlocked.Read(ref _heardAt), now) >= options.HeartbeatWithin)
            Close(ConnectionEnd.Idle, WebSocketCloseCode.PolicyViolation, "No heartbeat");
    }

    protected override void Handle(ReadOnlyMemory<byte> message)
    {
        var request = BybitRequest.Parse(message);
        if (request.Fault is { } fault) Reply(request.Answer(false, fault, ConnectionId));
        else if (request.Operation == "ping") Reply(request.Answer(true, "pong", ConnectionId));
        else if (request.Operation == "subscribe") AnswerSubscribe(request);
        else if (request.Operation == "unsubscribe")
        {
            foreach (var topic in request.Topics) Unsubscribe(topic);
            Reply(request.Answer(true, "", ConnectionId));
        }
        else Reply(request.Answer(false, $"Unknown operation: {request.Operation}", ConnectionId));
    }

    /// <summary>Data of what is taken may come before the answer.</summary>
    private void AnswerSubscribe(BybitRequest request)
    {
        if (request.Topics.FirstOrDefault(topic => Hub.Find(topic) is null) is { } unknown)
            Reply(request.Answer(false, $"error:handler not found,topic:{unknown}", ConnectionId));
        else if (request.Topics.FirstOrDefault(Has) is { } twice) Reply(request.Answer(false, $"error:already subscribed,topic:{twice}", ConnectionId));
        else if (Names.Concat(request.Topics).Sum(topic => topic.Length) > options.TopicCharactersMax)
            Reply(request.Answer(false, $"error:args size is larger than {options.TopicCharactersMax}", ConnectionId));
        else
        {
            foreach (var topic in request.Topics) Subscribe(topic);
            Reply(request.Answer(true, "", ConnectionId));
        }
    }
}
