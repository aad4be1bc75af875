using Tape.Storage.Gaps;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Sequences;

namespace Tape.Bench.Gaps;

/// <summary>What can go wrong with one stream, and what only looks like it. Each leaves the world as it should be, and the plan with what it cost.</summary>
internal sealed class Anomalies(RehearsedWorld world)
{
    private readonly Random _chance = world.Chance;
    private readonly RehearsedTape _tape = world.Tape;

    public IReadOnlyList<(string Name, Action<RehearsedConnection> Plant)> All =>
    [
        ("skip", Skip), ("drop", Drop), ("drop of a stream that can't be told", DropUnnamed), ("undecodable", Undecodable),
            ("undecodable without a name", UndecodableUnnamed),
        ("late metronome", LateMetronome), ("silent stream", SilentStream),
        ("late repair", LateRepair), ("duplicate", Duplicate), ("reorder", Reorder), ("honest silence", HonestSilence),
            ("picture anew", SnapshotAnew),
    ];

    private void Skip(RehearsedConnection connection)
    {
        var stream = Pick(connection, one => one.Rule.HasProof);
        if (stream is null) return;
        var from = _tape.Now;
        Lose(stream);
        world.PlanLoss("skip", stream, GapCause.VenueSkipped, from);
        world.Send(connection, stream);
    }

    private void Drop(RehearsedConnection connection) => Drop(connection, isNamed: true);

    private void DropUnnamed(RehearsedConnection connection) => Drop(connection, isNamed: false);

    private void Drop(RehearsedConnection connection, bool isNamed)
    {
        var stream = Pick(connection, one => isNamed || one.Rule.HasProof)!;
        if (stream is null) return;
        var from = _tape.Now;
        var frames = Lose(stream);
        _tape.Pass(1_000_000);
        _tape.Note(connection.Number, new DroppedNote("queue_full", frames, from, _tape.Now - 1, new() { [isNamed ? stream.Plan.WireName : ""] = frames }));
        world.PlanLoss("drop", stream, GapCause.DroppedHere, from);
        if (!isNamed) world.Planned.Add(new("drop", new StreamKey(connection.Plan.Venue, "", ""), GapCause.DroppedHere, from, _tape.Now));
        world.Send(connection, stream);
    }

    private void Undecodable(RehearsedConnection connection)
    {
        var stream = Pick(connection, _ => true)!;
        var from = _tape.Now;
        _tape.Frame(connection.Number, stream.Next(_tape.Now)[..^2]);
        world.PlanLoss("undecodable", stream, GapCause.Undecodable, from);
        world.Send(connection, stream);
    }

    private void UndecodableUnnamed(RehearsedConnection connection)
    {
        var stream = Pick(connection, one => one.Rule.HasProof);
        if (stream is null) return;
        var from = _tape.Now;
        var frame = stream.Next(_tape.Now);
        frame.AsSpan(0, 12).Fill((byte)'x');
        _tape.Frame(connection.Number, frame);
        world.PlanLoss("undecodable", stream, GapCause.Undecodable, from);
        world.Planned.Add(new("undecodable", new StreamKey(connection.Plan.Venue, "", ""), GapCause.Undecodable, from, _tape.Now));
        world.Send(connection, stream);
    }

    private void LateMetronome(RehearsedConnection connection)
    {
        if (Pick(connection, one => one.Rule.Cadence is not null) is { } stream)
            Mute("late metronome", connection, stream, stream.Rule.Cadence!.Value.TotalSeconds);
    }

    /// <summary>It says nothing for longer than its own pace can allow, while its siblings go on.</summary>
    private void SilentStream(RehearsedConnection connection)
    {
        if (Pick(connection, one => one.Rule.Cadence is null && one.Rule.SilentAfter <= UsualPace.Least) is { } stream)
            Mute("silent stream", connection, stream, UsualPace.LoosensTo * stream.Rule.SilentAfter!.Value.TotalSeconds);
    }

    private void Mute(string anomaly, RehearsedConnection connection, RehearsedStream stream, double limit)
    {
        var from = _tape.Now;
        stream.MuteUntil = _tape.Now + (long)(limit + _chance.Next(5, 20)) * UnixNanos.PerSecond;
        world.Run((stream.MuteUntil - _tape.Now) / 1e9);
        world.Send(connection, stream);
        world.PlanLoss(anomaly, stream, GapCause.VenueSilent, from);
    }

    private void LateRepair(RehearsedConnection connection)
    {
        var stream = Pick(connection, one => one.Rule.HasProof);
        if (stream is null) return;
        var from = _tape.Now;
        var (low, late) = (stream.Current + 1, stream.Next(_tape.Now));
        var high = stream.Current;
        world.Send(connection, stream);
        world.Run(_chance.Next(13, 60));
        world.Planned.Add(new("late repair", stream.Key, GapCause.VenueSkipped, from, _tape.Now, low, high, IsRepaired: true));
        _tape.Frame(connection.Number, late);
    }

    private void Duplicate(RehearsedConnection connection)
    {
        var stream = Pick(connection, _ => true)!;
        var frame = stream.Next(_tape.Now);
        stream.Delivered = stream.Current;
        for (var times = _chance.Next(2, 4); times > 0; times--) _tape.Frame(connection.Number, frame);
    }

    private void Reorder(RehearsedConnection connection)
    {
        var stream = Pick(connection, _ => true)!;
        var first = stream.Next(_tape.Now);
        stream.MuteUntil = _tape.Now + 3 * UnixNanos.PerSecond;
        world.Send(connection, stream);
        world.Run(_chance.NextDouble() * 3);
        _tape.Frame(connection.Number, first);
        stream.Delivered = stream.Current;
    }

    private void HonestSilence(RehearsedConnection connection)
    {
        var stream = Pick(connection, one => one.Rule.Cadence is null)!;
        var seconds = _chance.Next(20, stream.Rule.SilentAfter is { } limit && limit < TimeSpan.FromSeconds(200) ? (int)limit.TotalSeconds - 5 : 200);
        stream.MuteUntil = _tape.Now + seconds * UnixNanos.PerSecond;
        world.Run(seconds);
    }

    private void SnapshotAnew(RehearsedConnection connection)
    {
        var stream = Pick(connection, one => one.HasSnapshots);
        if (stream is null) return;
        var way = _chance.Next(3);
        if (way == 0) _tape.Frame(connection.Number, stream.Snapshot(_tape.Now));
        else if (way == 1 && stream.Key.Venue == "okx") _tape.Frame(connection.Number, stream.Idle(_tape.Now));
        else _tape.Frame(connection.Number, stream.Renumber(_tape.Now));
        world.Send(connection, stream);
    }

    private int Lose(RehearsedStream stream)
    {
        var frames = _chance.Next(1, 6);
        for (var frame = 0; frame < frames; frame++) stream.Next(_tape.Now);
        return frames;
    }

    private RehearsedStream? Pick(RehearsedConnection connection, Func<RehearsedStream, bool> fits)
    {
        var streams = connection.Active.Where(fits).ToList();
        return streams.Count == 0 ? null : streams[_chance.Next(streams.Count)];
    }
}
