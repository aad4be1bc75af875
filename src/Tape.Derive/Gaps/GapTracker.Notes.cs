using Tape.Storage.Gaps;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Sequences;

namespace Tape.Derive.Gaps;

/// <summary>What notes say about connections.</summary>
public sealed partial class GapTracker
{
    /// <summary>Venues of this run and when their first connection was made, on the clock of ticks; absent once their streams were looked through.</summary>
    private readonly SortedDictionary<string, long> _venuesOfRun = new(StringComparer.Ordinal);

    protected internal override void Note(in TapeRecord record, Note note)
    {
        if (!Begins(record)) return;
        switch (note)
        {
            case StartedNote started:
                Started(record, started);
                break;
            case ConnectedNote connected:
                Connected(record, connected);
                break;
            case AcknowledgedNote acknowledged when Find(record.Connection) is { } connection:
                Acknowledged(connection, acknowledged);
                break;
            case RefusedNote { Stream: { } wire } refused when Find(record.Connection)?.Find(wire) is { } carrier:
                Refused(carrier, refused, record);
                break;
            case DroppedNote dropped:
                Dropped(record, dropped, Find(record.Connection));
                break;
            case DisconnectedNote disconnected when Find(record.Connection) is { } connection:
                End(connection, CauseOf(disconnected.Cause), record);
                break;
        }
    }

    /// <summary>Whatever was open belonged to a run that was cut down.</summary>
    private void Started(in TapeRecord record, StartedNote note)
    {
        while (_connections.Count > 0) End(_connections[0], GapCause.CrashWindow, record);
        _monotonic = Absent.Integer;
        _run++;
        _runSeq = record.Seq;
        _venuesOfRun.Clear();
        foreach (var stream in _streams)
        {
            // The recorder learns anew, and the ledger with it.
            stream.Pace = UsualPace.Of(stream.Rule);
            if (stream.Open is { Cause: not GapCause.Unsubscribed } open && !note.Venues.Contains(stream.Key.Venue)) stream.Open = open with
            {
                Cause = GapCause.Unsubscribed,
            };
        }
    }

    private void Connected(in TapeRecord record, ConnectedNote note)
    {
        if (_byNumber.ContainsKey(record.Connection)) return;
        var streams = note.Streams.Select(noted => StreamOf(new StreamKey(note.Venue, noted.Channel, noted.Symbol))).ToList();
        var connection = Add(new OpenedConnection(record.Connection, note.Venue, [.. note.Streams.Select(noted => noted.Wire)],
            [.. streams.Select(stream => stream.Number)], record.Time.Value, record.Seq, _steady));
        _venuesOfRun.TryAdd(note.Venue, _steady);
        foreach (var stream in connection.Carriers.Select(carrier => carrier.Stream))
        {
            if (stream.Open is { CauseBefore: { } before } open && open.Run == _run) stream.Open = open with { Cause = before, CauseBefore = null };
            if (stream.BegunAt == Absent.Integer)
                stream.Open ??= new OpenGap(GapCause.VenueSilent, record.Time.Value, record.Connection, record.Seq, _steady, IsFirst: true);
        }
    }

    private TrackedConnection Add(OpenedConnection opened)
    {
        var connection = new TrackedConnection(opened);
        for (var place = 0; place < opened.Streams.Length; place++)
        {
            var carrier = new StreamCarrier(_streams[opened.Streams[place]], connection);
            connection.Add(carrier, opened.Wires[place]);
            if (carrier.Stream.Carriers.Count == 0) carrier.Stream.Pace?.Interrupt();
            carrier.Stream.Carriers.Add(carrier);
        }

        _connections.Add(connection);
        _byNumber[connection.Number] = connection;
        return connection;
    }

    private void Acknowledged(TrackedConnection connection, AcknowledgedNote note)
    {
        for (var place = Math.Max(0, note.StreamFrom); place < connection.Carriers.Count && place - note.StreamFrom < note.Streams; place++)
        {
            var carrier = connection.Carriers[place];
            if (carrier.AckedAt == Absent.Integer) (carrier.AckedAt, connection.HasNewAcks) = (_steady, true);
        }
    }

    /// <summary>The venue does not give the stream: unless another connection has it, it is missing from the last sign of it on.</summary>
    private void Refused(StreamCarrier carrier, RefusedNote note, in TapeRecord record)
    {
        var stream = carrier.Stream;
        var words = string.Create(CultureInfo.InvariantCulture, $"code {note.Code} {note.Message}");
        if (stream.Refusal != words) _news.Add(stream.Number);
        stream.Refusal = words;
        var wasProven = carrier.IsProven;
        (carrier.IsQuiet, carrier.IsProven, carrier.AckedAt, carrier.CoveredFrom) = (true, false, Absent.Integer, Absent.Integer);
        if (HasOtherLive(carrier)) return;
        if (stream.Open is { IsFirst: false, Cause: not (GapCause.VenueSilent or GapCause.Refused) } before && !stream.Rule.HasProof
            && record.Time.Value > before.From)
        {
            Tell(before.Entry(stream.Number, before.Cause, record.Time.Value, record.Connection, record.Seq, record.Seq));
            stream.Open = new OpenGap(GapCause.Refused, record.Time.Value, record.Connection, record.Seq, _steady, IsFirst: false);
        }
        else if (stream.Open is { } open)
        {
            stream.Open = open with { Cause = GapCause.Refused, CauseBefore = null };
        }
        else if (wasProven) Lose(stream, GapCause.Refused, record.Time.Value, record.Connection, record.Seq);
    }

    /// <summary>Frames that were received and not stored: they prove the connection alive, and are missing unless another connection delivers beside.</summary>
    private void Dropped(in TapeRecord record, DroppedNote note, TrackedConnection? connection)
    {
        if (connection is null) return;
        Received(record, connection);
        foreach (var (wire, _) in note.Streams)
        {
            var carrier = connection.Find(wire);
            if (carrier is { Stream.Rule.HasProof: true }) carrier.HasDrops = true;
            else if (carrier is null || !HasOtherLive(carrier)) TellDrop(record, note, connection, carrier);
        }
    }

    private void TellDrop(in TapeRecord record, DroppedNote note, TrackedConnection connection, StreamCarrier? carrier)
    {
        if (carrier is null) connection.DropSeq = record.Seq;
        var stream = carrier?.Stream ?? StreamOf(new StreamKey(connection.Opened.Venue, "", ""));
        var before = carrier is { LastSeq: not Absent.Integer } ? carrier.LastSeq : record.Seq;
        Tell(new(stream.Number, GapCause.DroppedHere, note.FirstAt, note.LastAt, Absent.Integer, Absent.Integer, Absent.Integer, false, record.Connection,
            record.Connection, before, record.Seq, record.Seq));
    }

    private void End(TrackedConnection connection, GapCause cause, in TapeRecord record)
    {
        _connections.Remove(connection);
        _byNumber.Remove(connection.Number);
        foreach (var carrier in connection.Carriers)
        {
            carrier.Stream.Carriers.Remove(carrier);
            if (carrier.IsProven) Lose(carrier, cause, record);
        }
    }

    /// <summary>
    /// A connection that proved a stream is gone. What silence had opened goes on under the new cause; where that is ours, silence ends where it begins.
    /// </summary>
    private void Lose(StreamCarrier carrier, GapCause cause, in TapeRecord record)
    {
        var (stream, connection) = (carrier.Stream, carrier.Connection);
        if (stream.Open is not { Cause: GapCause.VenueSilent, IsFirst: false } silent)
        {
            Lose(stream, carrier.HasDrops && cause == GapCause.ConnectionLost ? GapCause.DroppedHere : cause, connection.LastAt, connection.Number,
                connection.LastSeq);
        }
        else if (cause == GapCause.OurStop && !stream.Rule.HasProof && record.Time.Value > silent.From)
        {
            Tell(silent.Entry(stream.Number, silent.Cause, record.Time.Value, connection.Number, record.Seq, record.Seq));
            stream.Open = new OpenGap(cause, record.Time.Value, connection.Number, record.Seq, _steady, IsFirst: false);
        }
        else
        {
            stream.Open = silent with { Cause = cause };
        }
    }

    /// <summary>Streams of venues that are connected again and that no connection carries: they are not wanted any more.</summary>
    private void MarkUnsubscribed()
    {
        foreach (var (venue, since) in _venuesOfRun.ToList())
        {
            if (since == Absent.Integer || _steady - since < CarriedWithin) continue;
            _venuesOfRun[venue] = Absent.Integer;
            foreach (var stream in _streams)
                if (stream.Key.Venue == venue && stream.Carriers.Count == 0 && stream.Open is { Cause: not GapCause.Unsubscribed } open && open.Seq < _runSeq)
                    stream.Open = open with { Cause = GapCause.Unsubscribed, CauseBefore = open.Cause, Run = _run };
        }
    }

    private static GapCause CauseOf(string disconnected) => disconnected switch
    {
        "our_stop" => GapCause.OurStop,
        "silent" => GapCause.VenueSilent,
        _ => GapCause.ConnectionLost,
    };
}
