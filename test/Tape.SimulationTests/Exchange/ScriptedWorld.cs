using Tape.Collect.Connections;
using Tape.Core.Values;
using Tape.Simulator.Journal;
using Tape.TestKit.Time;

namespace Tape.SimulationTests.Exchange;

/// <summary>All exchanges together, as the network leads to them.</summary>
internal sealed class ScriptedWorld : ISocketDialer
{
    private const int FirstPort = 20_000;
    private const int LastPort = 65_535;

    private readonly List<ScriptedExchange> _exchanges = [];
    private int _port = FirstPort;

    public ScriptedWorld(SimulationOptions options, FakeTime time, Random chance)
    {
        Venues = VenueScript.All(options, chance, UnixNanos.From(time.GetUtcNow()));
        foreach (var venue in Venues) _exchanges.Add(new ScriptedExchange(venue, time, new Random(chance.Next()), options.Calm, NextPort));
    }

    public IReadOnlyList<VenueScript> Venues { get; }

    /// <summary>What was delivered to whom.</summary>
    public IReadOnlyList<JournalConnection> Journal => [.. _exchanges.SelectMany(exchange => exchange.Journal.Connections)];

    /// <summary>Troubles made so far, by venue and name.</summary>
    public SortedDictionary<string, int> Troubles =>
        new(_exchanges.SelectMany(exchange => exchange.Troubles.Select(trouble => ($"{exchange.Venue} {trouble.Key}", trouble.Value))).ToDictionary(),
            StringComparer.Ordinal);

    public Task<DialedSocket> DialAsync(Uri url, CancellationToken cancel) => _exchanges.Single(exchange => exchange.Venue == url.Host).DialAsync(url, cancel);

    public void Advance()
    {
        foreach (var exchange in _exchanges) exchange.Advance();
    }

    /// <summary>The process at the other end is gone, and its sockets with it.</summary>
    public void ClientDied()
    {
        foreach (var exchange in _exchanges) exchange.ClientDied();
    }

    private int NextPort() => _port = _port == LastPort ? FirstPort : _port + 1;
}
