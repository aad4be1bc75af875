using Tape.Derive.Books;
using Tape.Derive.Decoding;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Derive.Activity;

/// <summary>
/// Follows the records of a tape and keeps what a person wants to know now: the last state, the streams, the last <see cref="MinuteWindow.Kept"/> minutes. It
/// looks only at the names of streams in frames and at notes; of books, where they are followed, at ids too. Pure: time comes from ticks. Bounded by
/// <see cref="StreamsMax"/>. Not thread-safe.
/// </summary>
public sealed class RecentActivity : RecordObserver
{
    /// <summary>Streams that are counted one by one; frames of further ones are counted together, under no name.</summary>
    public const int StreamsMax = 20_000;

    private static readonly StreamKey Others = new("", "others", "");

    private readonly RecordDecoder _records;
    private readonly LiveBooks? _books;
    private readonly Dictionary<StreamKey, StreamTally> _streams = [];
    private readonly MinuteWindow _minutes = new();
    private long _nextSeq;
    private UnixNanos? _lastTick;
    private (HealthNote Note, UnixNanos At)? _health;
    private UnixNanos? _startedAt;
    private (StoppedNote Note, UnixNanos At)? _stopped;
    private (PausedNote Note, UnixNanos At)? _paused;

    /// <param name="state">Where the tape before the first record ended.</param>
    /// <param name="venues">Finds a venue by name; frames of unknown ones count for no stream.</param>
    /// <param name="books">Follows books as well, which means decoding their frames; null for none.</param>
    public RecentActivity(DerivationState state, Func<string, IVenue?> venues, LiveBooks? books = null)
    {
        (_records, _books) = (new RecordDecoder(state, venues), books);
        if (books is not null) _records.Add(books);
        _records.Add(this);
    }

    /// <summary>Wall clock of the last tick; null before the first.</summary>
    public UnixNanos? LastTick => _lastTick;

    /// <summary>Takes in the next record.</summary>
    public void Take(in TapeRecord record)
    {
        _nextSeq = record.Seq + 1;
        _records.Take(record);
    }

    /// <summary>How it is after the last record.</summary>
    public ActivitySnapshot Snapshot()
    {
        var carried = _records.State.Connections.SelectMany(Keys).ToHashSet();
        return new ActivitySnapshot(
            _nextSeq, _lastTick, _health?.Note, _health?.At, _startedAt, _stopped?.Note, _stopped?.At, _paused?.Note, _paused?.At, _records.OpenCount,
            [
                .. _streams.Values.Select(stream => Describe(stream, carried))
                    .OrderBy(stream => stream.Key.Venue, StringComparer.Ordinal).ThenBy(stream => stream.Key.Channel, StringComparer.Ordinal)
                        .ThenBy(stream => stream.Key.Symbol, StringComparer.Ordinal),
            ],
            _minutes.Minutes());
    }

    /// <summary>What the streams brought since the first record, in the form of the seal log (without rows).</summary>
    public IEnumerable<StreamStatistics> Statistics() => _streams.Values.Select(stream => stream.Statistics());

    private StreamActivity Describe(StreamTally stream, HashSet<StreamKey> carried)
    {
        var (frames, dropped) = _minutes.Oldest.Before(stream.Key);
        return new StreamActivity(stream.Key, carried.Contains(stream.Key), stream.Frames, stream.Dropped, stream.Frames - frames, stream.Dropped - dropped,
            stream.Frames == 0 ? null : new UnixNanos(stream.LastReceived))
        { Book = _books?.StandingOf(stream.Key) };
    }

    protected internal override object StateOf(OpenConnection connection, string wire, StreamKey stream) => TallyOf(stream);

    protected internal override void Opened(OpenConnection connection, UnixNanos? at)
    {
        foreach (var stream in Keys(connection)) TallyOf(stream);
    }

    protected internal override void Frame(in TapeRecord record, ref DecodedFrame frame)
    {
        _minutes.Now.Frames++;
        _minutes.Now.FrameBytes += record.Payload.Length;
        ((StreamTally?)frame.State)?.Count(record.Time.Value);
    }

    protected internal override void Tick(in TapeRecord record)
    {
        _lastTick = new UnixNanos(Storage.Tapes.Notes.Tick.Read(record.Payload).WallNanos);
        _minutes.Tick(_lastTick.Value, () => _streams.ToDictionary(stream => stream.Key, stream => (stream.Value.Frames, stream.Value.Dropped)));
    }

    protected internal override void Note(in TapeRecord record, Note note)
    {
        switch (note)
        {
            case StartedNote: Start(record.Time); break;
            case StoppedNote stopped: _stopped = (stopped, record.Time); break;
            case HealthNote health: _health = (health, record.Time); break;
            case ResumedNote: _paused = null; break;
            case PausedNote paused:
                if (_paused is null) _minutes.Now.Interruptions++;
                _paused = (paused, _paused?.At ?? record.Time);
                break;
            case DisconnectedNote { IsOurs: false }: _minutes.Now.Interruptions++; break;
            case DroppedNote dropped: Drop(dropped, record.Connection); break;
        }
    }

    /// <summary>Whatever was open belonged to a run that is over; one that did not say so ended by a crash.</summary>
    private void Start(UnixNanos at)
    {
        if (_records.OpenCount > 0) _minutes.Now.Interruptions++;
        (_startedAt, _health, _stopped, _paused) = (at, null, null, null);
    }

    private void Drop(DroppedNote note, long connection)
    {
        _minutes.Now.Dropped += note.Frames;
        _minutes.Now.Interruptions++;
        foreach (var (wire, frames) in note.Streams)
            if (wire.Length > 0 && _records.KeyOf(connection, wire) is { } stream) TallyOf(stream).Dropped += frames;
    }

    private static IEnumerable<StreamKey> Keys(OpenConnection connection) =>
        connection.Streams.Select(stream => new StreamKey(connection.Venue, stream.Channel, stream.Symbol));

    private StreamTally TallyOf(StreamKey key)
    {
        if (_streams.TryGetValue(key, out var tally)) return tally;
        if (_streams.Count >= StreamsMax && key != Others) return TallyOf(Others);
        return _streams[key] = new StreamTally(key);
    }
}
