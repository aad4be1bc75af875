using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Derive.Survey;

/// <summary>Goes over the records of a tape and remembers its connections and what its notes declare. Pure. Not thread-safe.</summary>
public sealed class TapeSurvey
{
    /// <summary>Connections that are kept; a tape has a few a day.</summary>
    public const int ConnectionsMax = 1_000_000;

    private readonly Dictionary<long, ConnectionSpan> _byNumber = [];
    private readonly List<ConnectionSpan> _spans = [];
    private bool _runStarted;

    /// <summary>All connections in the order of their notes.</summary>
    public IReadOnlyList<ConnectionSpan> Connections => _spans;

    public long Records { get; private set; }

    /// <summary>Number of the first record. Above 0 the beginning has expired, and with it the notes of connections that were open then.</summary>
    public long FirstSeq { get; private set; }

    public long Frames { get; private set; }

    public long Ticks { get; private set; }

    /// <summary>Runs of the recorder.</summary>
    public int Runs { get; private set; }

    /// <summary>Torn tails that opening cut.</summary>
    public int Recoveries { get; private set; }

    /// <summary>Steps of the wall clock.</summary>
    public int ClockSteps { get; private set; }

    /// <summary>Pauses of storage.</summary>
    public int Pauses { get; private set; }

    /// <summary>Frames declared dropped.</summary>
    public long Dropped { get; private set; }

    /// <summary>What breaks the promises of the tape, as sentences; at most 100.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Takes in the next record.</summary>
    public void Take(in TapeRecord record)
    {
        if (Records++ == 0) FirstSeq = record.Seq;
        switch (record.Kind)
        {
            case RecordKind.Tick:
                Ticks++;
                break;
            case RecordKind.Frame:
                TakeFrame(record);
                break;
            case RecordKind.Note:
                TakeNote(record);
                break;
        }
    }

    /// <summary>The times in which planned sockets were not connected, in order.</summary>
    public IReadOnlyList<Downtime> Downtimes()
    {
        var downtimes = new List<Downtime>();
        foreach (var slot in _spans.GroupBy(span => span.Slot))
        {
            // A connection that is being replaced overlaps with its successors: the slot is down only after the one that reaches furthest. Records tell what
            // overlaps, not times: the clock may have been set back in between.
            ConnectionSpan? furthest = null;
            foreach (var span in slot)
            {
                if (furthest is not null && furthest.EndSeq < span.OpenSeq) downtimes.Add(Between(furthest, span));
                if (furthest is null || span.EndSeq > furthest.EndSeq || (span.EndSeq == furthest.EndSeq && span.LastAt > furthest.LastAt)) furthest = span;
            }

            if (furthest is { EndSeq: not long.MaxValue }) downtimes.Add(Between(furthest, null));
        }

        return [.. downtimes.OrderBy(downtime => downtime.From.Value)];
    }

    private static Downtime Between(ConnectionSpan before, ConnectionSpan? after) =>
        new(before.Note.Venue, before.Note.Route, before.Note.Shard, before.LastAt, after?.OpenedAt, before.End?.Cause ?? "crash", before.Note.Streams);

    private void TakeFrame(in TapeRecord record)
    {
        Frames++;
        if (!_byNumber.TryGetValue(record.Connection, out var span))
        {
            if (!IsInherited) Fault($"record {record.Seq}: a frame of connection {record.Connection}, whose connected note is not on the tape");
            return;
        }

        if (span.Frames++ > 0 && record.Time < span.LastAt)
            Fault($"record {record.Seq}: received at {record.Time}, before the frame ahead of it on connection {record.Connection} ({span.LastAt})");
        span.LastAt = record.Time;
    }

    /// <summary>
    /// Whether a connection may have been opened before the first record that is left: until a run begins, whose connections are all its own.
    /// </summary>
    private bool IsInherited => FirstSeq > 0 && !_runStarted;

    private void TakeNote(in TapeRecord record)
    {
        switch (Note.Parse(record.Payload))
        {
            case StartedNote:
                Runs++;
                _runStarted = true;
                foreach (var open in _spans.Where(span => span is { End: null, Crashed: false })) (open.Crashed, open.EndSeq) = (true, record.Seq);
                break;
            case RecoveredNote: Recoveries++; break;
            case ClockStepNote: ClockSteps++; break;
            case PausedNote: Pauses++; break;
            case ConnectedNote note when _spans.Count < ConnectionsMax:
                var opened = new ConnectionSpan(record.Connection, note, record.Time, record.Seq);
                if (!_byNumber.TryAdd(record.Connection, opened)) Fault($"record {record.Seq}: connection number {record.Connection} is used twice");
                else _spans.Add(opened);
                break;
            case DroppedNote note:
                Dropped += note.Frames;
                if (_byNumber.TryGetValue(record.Connection, out var dropping)) dropping.Dropped += note.Frames;
                break;
            case DisconnectedNote note when _byNumber.TryGetValue(record.Connection, out var ending):
                (ending.End, ending.EndSeq) = (note, record.Seq);
                if (note.Frames != ending.Frames + ending.Dropped)
                    Fault($"record {record.Seq}: connection {record.Connection} received {note.Frames} frames, found {ending.Frames} on the tape and "
                        + $"{ending.Dropped} declared dropped");
                break;
        }
    }

    private void Fault(string text)
    {
        if (Faults.Count < 100) Faults.Add(text);
    }
}
