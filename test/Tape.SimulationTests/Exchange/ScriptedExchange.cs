using System.Net.WebSockets;
using Tape.Collect.Connections;
using Tape.Core.Values;
using Tape.Simulator.Journal;
using Tape.Simulator.Serving;
using Tape.TestKit.Net;
using Tape.TestKit.Time;
using ConnectionEnd = Tape.Simulator.Journal.ConnectionEnd;

namespace Tape.SimulationTests.Exchange;

/// <summary>
/// An exchange without a network: sockets that are objects, frames of its synthetic market, and a journal of all that was delivered. Chance decides when a
/// connection is cut, closed, stalls or brings garbage, when a dial fails, and when the service restarts.
/// </summary>
internal sealed class ScriptedExchange : ISocketDialer, IFrameSink
{
    private const double DialsFailing = 0.1;

    private readonly FakeTime _time;
    private readonly Random _chance;
    private readonly VenueScript _venue;
    private readonly TimeSpan _calm;
    private readonly Func<int> _nextPort;
    private readonly List<ScriptedPeer> _peers = [];

    /// <param name="calm">Between two troubles of one connection, on average.</param>
    /// <param name="nextPort">Gives the client's port of each connection; the proof pairs connections by it, so it comes back late.</param>
    public ScriptedExchange(VenueScript venue, FakeTime time, Random chance, TimeSpan calm, Func<int> nextPort) =>
        (_venue, _time, _chance, _calm, _nextPort) = (venue, time, chance, calm, nextPort);

    /// <summary>What was delivered to whom.</summary>
    public SimulatorJournal Journal { get; } = SimulatorJournal.InMemory(40_000_000);

    /// <summary>Troubles made so far, by name.</summary>
    public SortedDictionary<string, int> Troubles { get; } = new(StringComparer.Ordinal);

    public string Venue => _venue.Venue;

    private UnixNanos Now => UnixNanos.From(_time.GetUtcNow());

    public Task<DialedSocket> DialAsync(Uri url, CancellationToken cancel)
    {
        if (_chance.NextDouble() < DialsFailing)
        {
            Count("dial refused");
            throw new WebSocketException(WebSocketError.Faulted, "the scripted exchange is not there");
        }

        var port = _nextPort();
        var peer = new ScriptedPeer(new ScriptedSocket(), _venue.RouteOf(url), Journal, port, Now);
        peer.Socket.Heard = text => Answer(peer, text);
        PlanTrouble(peer);
        _peers.Add(peer);
        return Task.FromResult(new DialedSocket(peer.Socket, $"127.0.0.1:{port}"));
    }

    /// <summary>Sends what is due up to now, and makes the troubles that are due.</summary>
    public void Advance()
    {
        foreach (var peer in _peers.Where(peer => peer.TroubleAt <= Now).ToList()) MakeTrouble(peer);
        foreach (var gone in _peers.Where(peer => peer.Socket.State is WebSocketState.Aborted or WebSocketState.Closed).ToList())
            Remove(gone, ConnectionEnd.ClientGone);
        _venue.Market.Advance(Now, this);
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
            payload ??= _venue.Frame(stream, data, isWhole);
            peer.Send(JournalEntryKind.Data, payload, Now);
        }
    }

    private void Answer(ScriptedPeer peer, string text)
    {
        var (streams, left, answers) = _venue.Hear(text);
        foreach (var name in left) peer.Unsubscribe(name);
        foreach (var answer in answers) peer.Send(JournalEntryKind.Answer, answer, Now);
        foreach (var name in streams)
        {
            if (!peer.Subscribe(name) || _venue.Market.Find(name) is not { } stream) continue;
            _venue.Market.SetActive(stream, active: true, Now);
            _venue.Market.Greet(stream, Now, new OnlyTo(peer, this));
        }
    }

    private void PlanTrouble(ScriptedPeer peer) => peer.TroubleAt = Now.Add(-Math.Log(1 - _chance.NextDouble()) * _calm);

    private void MakeTrouble(ScriptedPeer peer)
    {
        PlanTrouble(peer);
        switch (_chance.Next(8))
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
                Count("restart");
                _venue.Market.Restart();
                break;
            case 4:
                Count("garbage");
                var garbage = new byte[_chance.Next(1, 300)];
                _chance.NextBytes(garbage);
                peer.Send(JournalEntryKind.Garbage, garbage, Now);
                break;
            case 5:
                Count("frame left out");
                peer.SkipNext = true;
                break;
            case 6:
                Count("frames swapped");
                peer.HoldNext = true;
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

    /// <summary>What one subscriber gets that the others have already.</summary>
    private sealed class OnlyTo(ScriptedPeer peer, ScriptedExchange exchange) : IFrameSink
    {
        public void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole) =>
            peer.Send(JournalEntryKind.Data, exchange._venue.Frame(stream, data, isWhole), exchange.Now);
    }
}
