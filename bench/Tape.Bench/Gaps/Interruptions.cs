using Tape.Storage.Gaps;
using Tape.Storage.Tapes.Notes;
using Tape.Venues;

namespace Tape.Bench.Gaps;

/// <summary>What can go wrong with connections and with the recorder, and what only looks like it.</summary>
internal sealed class Interruptions(RehearsedWorld world)
{
    private readonly Random _chance = world.Chance;
    private readonly RehearsedTape _tape = world.Tape;

    public IReadOnlyList<(string Name, Action<RehearsedConnection> Plant)> All =>
    [
        ("cut", connection => Cut("cut", connection, "connection_lost", GapCause.ConnectionLost)),
            ("close", connection => Cut("close", connection, "venue_closed", GapCause.ConnectionLost)),
        ("stall with loss", StallWithLoss), ("stall without loss", StallWithoutLoss), ("stall, then cut", StallThenCut), ("pause", Pause),
            ("rotation", Rotation), ("cut beside a successor", CutBeside),
        ("our stop", _ => Stop(isCrash: false)), ("crash", _ => Stop(isCrash: true)), ("unsubscribed", Unsubscribe),
    ];

    private void Cut(string anomaly, RehearsedConnection connection, string cause, GapCause planned)
    {
        var from = _tape.Now;
        Disconnect(connection, cause);
        world.Run(_chance.Next(4) == 0 ? 0.1 : _chance.NextDouble() * 40);
        Reconnect(anomaly, connection, planned, from);
    }

    private void StallWithLoss(RehearsedConnection connection)
    {
        var from = _tape.Now;
        connection.IsDeaf = true;
        world.Run(_chance.Next(60, 120));
        connection.IsDeaf = false;
        world.PlanLoss("stall with loss", connection, GapCause.VenueSilent, from, GapCause.VenueSkipped);
        world.Flush(connection);
    }

    private void StallWithoutLoss(RehearsedConnection connection)
    {
        var from = _tape.Now;
        Hold(connection, _chance.Next(60, 120));
        world.PlanLoss("stall without loss", connection, GapCause.VenueSilent, from);
        world.Flush(connection);
    }

    private void StallThenCut(RehearsedConnection connection)
    {
        var from = _tape.Now;
        connection.IsDeaf = true;
        world.Run(_chance.Next(60, 120));
        connection.IsDeaf = false;
        var isSeen = _chance.Next(2) == 0;
        Disconnect(connection, isSeen ? "silent" : "connection_lost");
        Reconnect("stall, then cut", connection, isSeen ? GapCause.VenueSilent : GapCause.ConnectionLost, from);
    }

    /// <summary>Too short to mean anything.</summary>
    private void Pause(RehearsedConnection connection)
    {
        Hold(connection, 1 + 5 * _chance.NextDouble());
        world.Flush(connection);
    }

    private void Rotation(RehearsedConnection connection) => Replace(connection, "rotation");

    private void CutBeside(RehearsedConnection connection) => Replace(connection, "connection_lost");

    private void Replace(RehearsedConnection connection, string cause)
    {
        connection.Successor = world.Open(connection);
        world.Run(_chance.Next(3, 20));
        foreach (var stream in connection.Active) BothHave(connection, stream);
        _tape.Note(connection.Number, new DisconnectedNote(cause, "", 0, 0));
        (connection.Number, connection.Successor) = (connection.Successor, 0);
    }

    private void BothHave(RehearsedConnection connection, RehearsedStream stream)
    {
        var frame = stream.Next(_tape.Now);
        stream.Delivered = stream.Current;
        _tape.Frame(connection.Successor, frame);
        _tape.Frame(connection.Number, frame);
    }

    private void Stop(bool isCrash)
    {
        var from = _tape.Now;
        End(isCrash);
        world.Run(_chance.NextDouble() * 30);
        Restart(isCrash ? "crash" : "our stop", isCrash ? GapCause.CrashWindow : GapCause.OurStop, from);
    }

    private void Unsubscribe(RehearsedConnection picked)
    {
        var symbols = picked.Streams.Select(stream => stream.Key.Symbol).Where(symbol => symbol.Length > 0).Distinct().ToList();
        var symbol = symbols[_chance.Next(symbols.Count)];
        var (first, connections) = (_tape.Now, world.Connections.Where(connection => connection.Plan.Venue == picked.Plan.Venue).ToList());
        var unwanted = connections.SelectMany(connection => connection.Streams).Where(stream => stream.Key.Symbol == symbol).ToList();
        End(isCrash: false);
        connections.ForEach(connection => connection.LeftOut = symbol);
        Restart("unsubscribed", GapCause.OurStop, first);
        world.Run(_chance.Next(70, 100));
        var second = _tape.Now;
        End(isCrash: false);
        world.Run(1);
        foreach (var connection in world.Connections) world.PlanLoss("unsubscribed", connection, GapCause.OurStop, second);
        connections.ForEach(connection => connection.LeftOut = null);
        foreach (var stream in unwanted) world.PlanLoss("unsubscribed", stream, GapCause.Unsubscribed, first);
        Open();
    }

    private void End(bool isCrash)
    {
        if (!isCrash)
        {
            foreach (var connection in world.Connections) _tape.Note(connection.Number, new DisconnectedNote("our_stop", "", 0, 0));
            _tape.Note(0, new StoppedNote("bench"));
        }

        foreach (var connection in world.Connections) connection.Number = 0;
    }

    private void Restart(string anomaly, GapCause cause, long from)
    {
        foreach (var connection in world.Connections) world.PlanLoss(anomaly, connection, cause, from);
        Open();
    }

    private void Open()
    {
        _tape.Note(0, new StartedNote("bench", 1, [.. VenueCatalog.All.Select(venue => venue.Name)]));
        foreach (var connection in world.Connections) world.Connect(connection);
        foreach (var connection in world.Connections) world.Flush(connection);
    }

    private void Disconnect(RehearsedConnection connection, string cause)
    {
        _tape.Note(connection.Number, new DisconnectedNote(cause, "", 0, 0));
        connection.Number = 0;
    }

    private void Reconnect(string anomaly, RehearsedConnection connection, GapCause cause, long from)
    {
        world.PlanLoss(anomaly, connection, cause, from);
        world.Connect(connection);
        world.Flush(connection);
    }

    private void Hold(RehearsedConnection connection, double seconds)
    {
        connection.Held = [];
        world.Run(seconds);
        var held = connection.Held;
        connection.Held = null;
        foreach (var frame in held) world.Deliver(connection, frame);
    }
}
