using System.Net.WebSockets;
using System.Text.Json;
using Tape.Collect.Connections;
using Tape.Core.Values;
using Tape.Simulator.Binance;
using Tape.Simulator.Journal;
using Tape.Simulator.Market;
using Tape.Simulator.Serving;
using Tape.TestKit.Net;
using Tape.TestKit.Time;
using ConnectionEnd = Tape.Simulator.Journal.ConnectionEnd;

namespace Tape.SimulationTests.Exchange;

/// <summary>
/// Binance without a network: sockets that are objects, frames of the synthetic market, and a journal of all that was delivered. Chance decides when a connection is cut, closed, stalls
/// or brings garbage, and when a dial fails.
/// </summary>
internal sealed class ScriptedExchange : ISocketDialer, IFrameSink
{
    /// <summary>Between two troubles of one connection, on average.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(25);
    private const double DialsFailing = 0.1;

    private readonly FakeTime _time;
    private readonly Random _chance;
    private readonly SyntheticMarket _market;
    private readonly List<ScriptedPeer> _peers = [];
    private int _nextPort = 40_000;

    public ScriptedExchange(IReadOnlyList<SymbolSpec> symbols, double framesPerSecond, FakeTime time, Random chance)
    {
        (_time, _chance) = (time, chance);
        _market = new BinanceMarket(symbols, framesPerSecond, new Random(chance.Next()), Now);
    }

    /// <summary>What was delivered to whom.</summary>
    public SimulatorJournal Journal { get; } = SimulatorJournal.InMemory(40_000_000);

    /// <summary>Troubles made so far, by name.</summary>
    public SortedDictionary<string, int> Troubles { get; } = new(StringComparer.Ordinal);

    private UnixNanos Now => UnixNanos.From(_time.GetUtcNow());

    public Task<DialedSocket> DialAsync(Uri url, CancellationToken cancel)
    {
        if (_chance.NextDouble() < DialsFailing)
        {
            Count("dial refused");
            throw new WebSocketException(WebSocketError.Faulted, "the scripted exchange is not there");
        }

        // A port comes back only after all others: the proof pairs connections by it.
        var port = _nextPort = _nextPort == 65_535 ? 40_000 : _nextPort + 1;
        var peer = new ScriptedPeer(new ScriptedSocket(), url.Segments[1].TrimEnd('/'), Journal, port, Now);
        peer.Socket.Heard = text => Answer(peer, text);
        PlanTrouble(peer);
        _peers.Add(peer);
        return Task.FromResult(new DialedSocket(peer.Socket, $"127.0.0.1:{port}"));
    }

    /// <summary>Sends what is due up to now, and makes the troubles that are due.</summary>
    public void Advance()
    {
        foreach (var peer in _peers.Where(peer => peer.TroubleAt <= Now).ToList()) MakeTrouble(peer);
        foreach (var gone in _peers.Where(peer => peer.Socket.State is WebSocketState.Aborted or WebSocketState.Closed).ToList()) Remove(gone, ConnectionEnd.ClientGone);
        _market.Advance(Now, this);
    }

    /// <summary>The process at the other end is gone, and its sockets with it.</summary>
    public void ClientDied()
    {
        foreach (var peer in _peers.ToList()) Remove(peer, ConnectionEnd.ClientGone);
    }

    public void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole)
    {
        byte[]? payload = null;
        foreach (var peer in _peers)
        {
            if (!peer.Listens(stream.Name)) continue;
            payload ??= isWhole ? data.ToArray() : [.. stream.Wrap, .. data, (byte)'}'];
            peer.Send(JournalEntryKind.Data, payload, Now);
        }
    }

    private void Answer(ScriptedPeer peer, string text)
    {
        using var request = JsonDocument.Parse(text);
        foreach (var name in request.RootElement.GetProperty("params").EnumerateArray())
        {
            peer.Subscribe(name.GetString()!);
            if (_market.Find(name.GetString()!) is { } stream) _market.SetActive(stream, active: true, Now);
        }

        peer.Send(JournalEntryKind.Answer, JsonSerializer.SerializeToUtf8Bytes(new { result = (string?)null, id = request.RootElement.GetProperty("id").GetInt64() }), Now);
    }

    private void PlanTrouble(ScriptedPeer peer) => peer.TroubleAt = Now.Add(-Math.Log(1 - _chance.NextDouble()) * Calm);

    private void MakeTrouble(ScriptedPeer peer)
    {
        PlanTrouble(peer);
        switch (_chance.Next(5))
        {
            case 0:
                Count("cut");
                peer.Socket.Break("the scripted exchange cut it");
                Remove(peer, ConnectionEnd.FaultCut);
                break;
            case 1:
                Count("closed");
                peer.Socket.CloseByVenue(1001, "going away");
                Remove(peer, ConnectionEnd.FaultClose);
                break;
            case 2:
                Count("stall");
                peer.IsStalled = true;
                break;
            case 3:
                Count("garbage");
                var garbage = new byte[_chance.Next(1, 300)];
                _chance.NextBytes(garbage);
                peer.Send(JournalEntryKind.Garbage, garbage, Now);
                break;
            default:
                Count("truncated frame");
                peer.CutNext = true;
                break;
        }
    }

    private void Remove(ScriptedPeer peer, ConnectionEnd end)
    {
        _peers.Remove(peer);
        peer.Close(end, Now);
    }

    private void Count(string trouble) => Troubles[trouble] = Troubles.GetValueOrDefault(trouble) + 1;
}
