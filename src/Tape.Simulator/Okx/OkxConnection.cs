using Tape.Simulator.Journal;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Okx;

/// <summary>
/// One client connection by OKX's rules: an answer for each argument, pings and pongs as plain text, and an end when nothing was pushed for a while.
/// </summary>
internal sealed class OkxConnection(SimulatorHub hub, OkxSimulatorOptions options, Stream stream, string route, int clientPort, TimeProvider time)
    : SimulatedConnection(hub, stream, route, clientPort, time)
{
    private const int NoDataCode = 4004;
    private static readonly string[] _forVips = ["books-l2-tbt", "books50-l2-tbt"];
    private readonly RateWindow _requests = new(options.RequestsPerHourMax, TimeSpan.FromHours(1), time);
    private long _pushedAt = time.GetTimestamp();

    private string ConnectionId => string.Create(CultureInfo.InvariantCulture, $"{unchecked((uint)(options.Seed * 7919 + Id)):x8}");

    public override void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole)
    {
        _pushedAt = Time.GetTimestamp();
        base.Deliver(stream, data, isWhole);
    }

    protected override void Keep(long now)
    {
        if (Time.GetElapsedTime(_pushedAt, now) >= options.IdleMax) Close(ConnectionEnd.Idle, NoDataCode, "No data received in 30s.");
    }

    protected override byte[] Notice() =>
        Encoding.UTF8.GetBytes($"{{\"event\":\"notice\",\"code\":\"64008\",\"msg\":\"The connection will soon be closed for a service upgrade. Please "
            + $"reconnect.\",\"connId\":\"{ConnectionId}\"}}");

    protected override void Handle(ReadOnlyMemory<byte> message)
    {
        if (message.Span.SequenceEqual("ping"u8))
        {
            _pushedAt = Time.GetTimestamp();
            Reply("pong"u8.ToArray());
            return;
        }

        var request = OkxRequest.Parse(message);
        if (!_requests.Take()) Reply(request.Refused("60014", "Requests too frequent", ConnectionId));
        else if (request.IsFaulty) Reply(request.Refused("60012", $"Invalid request: {request.Text}", ConnectionId));
        else foreach (var (name, json) in request.Arguments) Answer(request, name, json);
    }

    /// <summary>The answer goes out before the first data of what it is about.</summary>
    private void Answer(OkxRequest request, string? name, string json)
    {
        if (name is null) Reply(request.Refused("60012", $"Invalid request: {request.Text}", ConnectionId));
        else if (_forVips.Contains(name.Split(':')[0]))
            Reply(request.Refused("64003", "Your trading fee tier doesn't meet the requirement to access this channel.", ConnectionId));
        else if (Hub.Find(name) is not { } stream || !Delivers(stream)) Reply(request.Refused("60018", Unknown(name), ConnectionId));
        else
        {
            Reply(request.Accepted(json, ConnectionId));
            if (request.Operation == "subscribe") Subscribe(name);
            else Unsubscribe(name);
        }
    }

    private static string Unknown(string name)
    {
        var colon = name.IndexOf(':');
        return $"Wrong URL or channel:{name[..colon]},instId:{name[(colon + 1)..]} doesn't exist. Please use the correct URL, channel and parameters "
            + $"referring to API document.";
    }
}
