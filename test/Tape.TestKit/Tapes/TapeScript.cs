using Tape.Core.Values;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.TestKit.Tapes;

/// <summary>
/// A tape out of a seed, one record after the other: connections of several venues that come and go, frames of theirs and of nobody's, damaged frames, drops,
/// ticks, notes of the future and of the recorder about itself, runs that end by a crash, clocks that step back between connections. The frames themselves are
/// the caller's.
/// </summary>
public sealed class TapeScript
{
    private static readonly byte[] FutureNote = """{"note":"seen_in_the_future","what":1}"""u8.ToArray();

    private readonly Random _random;
    private readonly string[] _venues;
    private readonly IReadOnlyList<(string Stream, byte[] Payload)> _frames;
    private readonly List<long> _open = [];
    private readonly List<ScriptedRecord> _records = [];
    private readonly long _step;
    private UnixNanos _now;
    private long _nextConnection = 1;
    private int _nextFrame;

    /// <param name="seed">Decides everything.</param>
    /// <param name="venues">Names that connections are made for.</param>
    /// <param name="frames">Frames that are received, in turn; at least one.</param>
    /// <param name="step">Greatest time between two records.</param>
    public TapeScript(int seed, UnixNanos start, TimeSpan step, string[] venues, IReadOnlyList<(string Stream, byte[] Payload)> frames)
    {
        (_random, _now, _step, _venues, _frames) = (new Random(seed), start, step.Ticks * 100, venues, frames);
        Note(0, new StartedNote("test", 1, venues));
        Connect();
    }

    /// <summary>Makes a tape of so many records, at least 2.</summary>
    public IReadOnlyList<ScriptedRecord> Make(int records)
    {
        while (_records.Count < records) Next(_random.Next(100));
        return _records;
    }

    private void Next(int chance)
    {
        _now = _now.Add(TimeSpan.FromTicks(_random.NextInt64(_step / 100)));
        if (chance < 72) Frame(_open.Count == 0 ? 0 : _open[_random.Next(_open.Count)], Payload());
        else if (chance < 77) Frame(_open.Count == 0 ? 7 : _open[_random.Next(_open.Count)], Damaged());
        else if (chance < 80) Frame(_random.NextInt64(1, _nextConnection + 1000), Payload());
        else if (chance < 84) Add(RecordKind.Tick, 0, TickPayload());
        else if (chance < 87) Drop();
        else if (chance < 90) Disconnect();
        else if (chance < 95) Connect();
        else if (chance < 97) Crash();
        else if (chance < 98)
            Add(RecordKind.Note, 0, _records.Count % 2 == 0 ? FutureNote : new HeartbeatNote(1) { State = "READY", Frames = _records.Count }.ToJson());
        else if (chance < 99) Add(RecordKind.Sent, _nextConnection, "{}"u8.ToArray());
        else _now = _now.Add(-TimeSpan.FromTicks(_random.NextInt64(_step / 10)));
    }

    private byte[] Payload() => _frames[_nextFrame++ % _frames.Count].Payload;

    private byte[] Damaged()
    {
        var frame = (byte[])Payload().Clone();
        if (_random.Next(2) == 0) return frame[.._random.Next(frame.Length)];
        frame[_random.Next(frame.Length)] ^= (byte)_random.Next(1, 256);
        return frame;
    }

    private byte[] TickPayload()
    {
        var payload = new byte[Tick.Bytes];
        new Tick(_records.Count, _now.Value, Absent.Integer).Write(payload);
        return payload;
    }

    private void Connect()
    {
        var streams = _frames.Select(frame => frame.Stream).Distinct().Take(4)
            .Select(wire => new NotedStream(wire[(wire.IndexOf('@') + 1)..], wire[..wire.IndexOf('@')].ToUpperInvariant(), wire));
        _open.Add(_nextConnection);
        Note(_nextConnection++, new ConnectedNote(_venues[_random.Next(_venues.Length)], "public", 0, "ws://test", "127.0.0.1:1", [.. streams]));
    }

    private void Drop()
    {
        var wires = new Dictionary<string, long> { [_frames[_random.Next(_frames.Count)].Stream] = _random.Next(1, 5), ["never@asked"] = 1 };
        Note(_open.Count == 0 ? 3 : _open[_random.Next(_open.Count)], new DroppedNote("queue_full", wires.Values.Sum(), _now.Value, _now.Value, wires));
    }

    private void Disconnect()
    {
        if (_open.Count == 0) return;
        var index = _random.Next(_open.Count);
        Note(_open[index], new DisconnectedNote("venue_closed", "", 0, 0));
        _open.RemoveAt(index);
    }

    private void Crash()
    {
        _open.Clear();
        Note(0, new StartedNote("test", 2, _venues));
    }

    private void Frame(long connection, byte[] payload) => Add(RecordKind.Frame, connection, payload);

    private void Note(long connection, Note note) => Add(RecordKind.Note, connection, note.ToJson());

    private void Add(RecordKind kind, long connection, byte[] payload) => _records.Add(new ScriptedRecord(kind, connection, _now, payload));
}
