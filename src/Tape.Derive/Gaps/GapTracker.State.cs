namespace Tape.Derive.Gaps;

/// <summary>The tracker's state, and going on from it.</summary>
public sealed partial class GapTracker
{
    /// <summary>The state after the last record taken in.</summary>
    public GapTrackerState State => new()
    {
        NextSeq = NextSeq,
        Now = Now,
        Steady = _steady,
        Monotonic = _monotonic,
        Run = _run,
        RunSeq = _runSeq,
        VenuesOfRun = new(_venuesOfRun),
        Streams = [.. _streams.Select(Save)],
        Connections = [.. _connections.Select(Save)],
    };

    private static GapTrackerState.StreamState Save(TrackedStream stream) => new(
        stream.Key.Venue, stream.Key.Channel, stream.Key.Symbol, stream.BegunAt, stream.HighId, stream.HighAt, stream.HighSeq, stream.HighConnection,
        stream.Open, stream.Gaps.Count == 0 ? null : [.. stream.Gaps], [stream.Duplicates, stream.Reorders, stream.Overlaps, stream.Resets],
        stream.Pace?.State, stream.Refusal)
    { HighEventAt = stream.HighEventAt == Absent.Integer ? null : stream.HighEventAt };

    private static GapTrackerState.ConnectionState Save(TrackedConnection connection) => new(
        connection.Opened, connection.LastAt, connection.LastSeq, connection.LastSteady, connection.DamageSeq, connection.DropSeq, connection.Pace,
            connection.IsSilent, connection.HasNewAcks,
        [.. connection.Carriers.Select(Save)]);

    private static GapTrackerState.CarrierState Save(StreamCarrier carrier) => new(
        carrier.AckedAt, carrier.CoveredFrom, carrier.HasDelivered, carrier.IsProven, carrier.IsQuiet, carrier.LastId, carrier.LastAt, carrier.LastSeq,
            carrier.LastSteady, carrier.HasDrops, carrier.HasDamage);

    private void Restore(GapTrackerState state)
    {
        (NextSeq, Now, _steady, _monotonic, _run, _runSeq) = (state.NextSeq, state.Now, state.Steady, state.Monotonic, state.Run, state.RunSeq);
        foreach (var (venue, since) in state.VenuesOfRun) _venuesOfRun[venue] = since;
        foreach (var saved in state.Streams) Restore(saved);
        foreach (var saved in state.Connections) Restore(saved);
        foreach (var (stream, saved) in _streams.Zip(state.Streams))
            if (saved.Pace is { } learnt) stream.Pace?.Restore(learnt);
        _news.Clear();
    }

    private void Restore(GapTrackerState.StreamState saved)
    {
        var stream = StreamOf(new StreamKey(saved.Venue, saved.Channel, saved.Symbol));
        (stream.BegunAt, stream.Refusal) = (saved.BegunAt, saved.Refusal);
        (stream.HighId, stream.HighAt, stream.HighSeq, stream.HighConnection) = (saved.HighId, saved.HighAt, saved.HighSeq, saved.HighConnection);
        stream.HighEventAt = saved.HighEventAt ?? Absent.Integer;
        stream.Open = saved.Open;
        stream.Gaps.AddRange(saved.Holes ?? []);
        (stream.Duplicates, stream.Reorders, stream.Overlaps, stream.Resets) = (saved.Counts[0], saved.Counts[1], saved.Counts[2], saved.Counts[3]);
    }

    private void Restore(GapTrackerState.ConnectionState saved)
    {
        var connection = Add(saved.Opened);
        (connection.LastAt, connection.LastSeq, connection.LastSteady) = (saved.LastAt, saved.LastSeq, saved.LastSteady);
        (connection.DamageSeq, connection.DropSeq, connection.Pace) = (saved.DamageSeq, saved.DropSeq, saved.Pace);
        (connection.IsSilent, connection.HasNewAcks) = (saved.IsSilent, saved.HasNewAcks);
        foreach (var (carrier, was) in connection.Carriers.Zip(saved.Carriers))
        {
            (carrier.AckedAt, carrier.CoveredFrom, carrier.HasDelivered, carrier.IsProven, carrier.IsQuiet) =
                (was.AckedAt, was.CoveredFrom, was.HasDelivered, was.IsProven, was.IsQuiet);
            (carrier.LastId, carrier.LastAt, carrier.LastSeq, carrier.LastSteady) = (was.LastId, was.LastAt, was.LastSeq, was.LastSteady);
            (carrier.HasDrops, carrier.HasDamage) = (was.HasDrops, was.HasDamage);
        }
    }
}
