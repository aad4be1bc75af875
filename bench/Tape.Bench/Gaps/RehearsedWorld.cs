using Tape.Storage.Gaps;
using Tape.Storage.Tapes.Notes;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Bench.Gaps;

/// <summary>Venues that talk, and a recorder that listens: all channels of all venues over the connections that the venues plan.</summary>
internal sealed class RehearsedWorld
{
    private const long Step = UnixNanos.PerSecond / 10;
    private static readonly Dictionary<string, string[]> Symbols = new() { ["okx"] = ["BTC-USDT-SWAP", "ETH-USDT-SWAP"] };

    private long _nextConnection = 1;

    public RehearsedWorld(Random chance)
    {
        (Chance, Tape) = (chance, new RehearsedTape(chance));
        foreach (var venue in VenueCatalog.All)
        {
            var request = new SubscriptionRequest(Symbols.GetValueOrDefault(venue.Name) ?? ["BTCUSDT", "ETHUSDT"],
                [.. venue.Channels.Select(channel => channel.Name)]);
            foreach (var plan in venue.Plan(request))
                Connections.Add(new RehearsedConnection(plan,
                    [.. plan.Streams.Select(stream => new RehearsedStream(stream, venue.SequenceOf(stream.Key.Channel), chance))]));
        }
    }

    public Random Chance { get; }

    public RehearsedTape Tape { get; }

    public List<RehearsedConnection> Connections { get; } = [];

    /// <summary>The gaps that were planted.</summary>
    public List<PlannedGap> Planned { get; } = [];

    public void Start()
    {
        Tape.Begin();
        foreach (var connection in Connections) Connect(connection);
    }

    /// <summary>Lets the venues talk for a while.</summary>
    public void Run(double seconds)
    {
        for (var end = Tape.Now + (long)(seconds * UnixNanos.PerSecond); Tape.Now < end;)
        {
            Tape.Pass(Step);
            foreach (var connection in Connections)
                foreach (var stream in connection.Streams)
                    if (stream.Speaks(Tape.Now, Step)) Send(connection, stream);
        }
    }

    /// <summary>Each stream of a connection says something, so that what it lacks shows.</summary>
    public void Flush(RehearsedConnection connection)
    {
        foreach (var stream in connection.Active) Send(connection, stream);
    }

    /// <summary>The next event of a stream, to its open connections.</summary>
    public void Send(RehearsedConnection connection, RehearsedStream stream)
    {
        var frame = stream.Next(Tape.Now);
        if (connection.Number == 0 || connection.IsDeaf || !connection.Carries(stream)) return;
        if (connection.Held is { } held) held.Add(frame);
        else Deliver(connection, frame);
        stream.Delivered = stream.Current;
    }

    public void Deliver(RehearsedConnection connection, byte[] frame)
    {
        // While two connections stand side by side, what one of them misses the other one has.
        var only = connection.Successor == 0 ? 0 : Chance.Next(10);
        if (only != 1) Tape.Frame(connection.Number, frame);
        if (connection.Successor != 0 && only != 2) Tape.Frame(connection.Successor, frame);
    }

    public void Connect(RehearsedConnection connection) => connection.Number = Open(connection);

    /// <summary>A new socket for a plan: its note, the acknowledgements, snapshots of books.</summary>
    /// <returns>Its number.</returns>
    public long Open(RehearsedConnection connection)
    {
        var (number, plan) = (_nextConnection++, connection.Plan);
        var active = connection.Active.ToList();
        Tape.Note(number, new ConnectedNote(plan.Venue, plan.Route, plan.Shard, "ws://bench", "",
            [.. active.Select(stream => new NotedStream(stream.Key.Channel, stream.Key.Symbol, stream.Plan.WireName))]));
        Tape.Pass(Step);
        Tape.Note(number, new AcknowledgedNote(1, 0, active.Count));
        foreach (var stream in active.Where(stream => stream.HasSnapshots)) Tape.Frame(number, stream.Snapshot(Tape.Now));
        return number;
    }

    /// <summary>Plans what a time without hearing cost, and takes it for delivered from here on.</summary>
    public void PlanLoss(string anomaly, RehearsedConnection connection, GapCause cause, long from, GapCause? causeOfIds = null)
    {
        foreach (var stream in connection.Active) PlanLoss(anomaly, stream, cause, from, causeOfIds);
    }

    public void PlanLoss(string anomaly, RehearsedStream stream, GapCause cause, long from, GapCause? causeOfIds = null)
    {
        if (!stream.Rule.HasProof) Planned.Add(new(anomaly, stream.Key, cause, from, Tape.Now));
        else if (stream.Current > stream.Delivered)
            Planned.Add(new(anomaly, stream.Key, causeOfIds ?? cause, from, Tape.Now, stream.Delivered + 1, stream.Current));
        stream.Delivered = stream.Current;
    }
}
