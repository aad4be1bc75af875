using System.Text;
using Tape.Core.Values;
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
public sealed class RecentActivity
{
    /// <summary>Streams that are told apart; frames of further ones are counted together, under no name.</summary>
    public const int StreamsMax = 20_000;

    private static readonly StreamKey Others = new("", "others", "");

    private readonly Func<string, IVenue?> _venues;
    private readonly LiveBooks? _books;
    private readonly Dictionary<long, ConnectionContext> _open = [];
    private readonly Dictionary<string, FrameDecoder> _decoders = [];
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
        (_venues, _books) = (venues, books);
        foreach (var open in state.Connections) Open(open, null);
    }

    /// <summary>Wall clock of the last tick; null before the first.</summary>
    public UnixNanos? LastTick => _lastTick;

    /// <summary>Takes in the next record.</summary>
    public void Take(in TapeRecord record)
    {
        _nextSeq = record.Seq + 1;
        if (record.Kind == RecordKind.Frame) TakeFrame(record);
        else if (record.Kind == RecordKind.Tick) TakeTick(record);
        else if (record.Kind == RecordKind.Note) TakeNote(record);
    }

    /// <summary>How it is after the last record.</summary>
    public ActivitySnapshot Snapshot()
    {
        var carried = _open.Values.SelectMany(context => context.Open.Streams.Select(stream => new StreamKey(context.Venue, stream.Channel, stream.Symbol)))
            .ToHashSet();
        return new ActivitySnapshot(
            _nextSeq, _lastTick, _health?.Note, _health?.At, _startedAt, _stopped?.Note, _stopped?.At, _paused?.Note, _paused?.At, _open.Count,
            [
                .. _streams.Values.Select(stream => Describe(stream, carried))
                    .OrderBy(stream => stream.Key.Venue, StringComparer.Ordinal).ThenBy(stream => stream.Key.Channel, StringComparer.Ordinal)
                        .ThenBy(stream => stream.Key.Symbol, StringComparer.Ordinal),
            ],
            _minutes.Minutes());
    }

    /// <summary>What the streams brought since the first record, in the form of the seal log (without rows).</summary>
    public IEnumerable<StreamStatistics> Statistics() => _streams.Values.Select(stream => new StreamStatistics(
        stream.Key.Venue, stream.Key.Channel, stream.Key.Symbol, stream.Frames, 0, stream.Frames == 0 ? null : stream.FirstReceived,
            stream.Frames == 0 ? null : stream.LastReceived, stream.Dropped));

    private StreamActivity Describe(StreamTally stream, HashSet<StreamKey> carried)
    {
        var (frames, dropped) = _minutes.Oldest.Before(stream.Key);
        return new StreamActivity(stream.Key, carried.Contains(stream.Key), stream.Frames, stream.Dropped, stream.Frames - frames, stream.Dropped - dropped,
            stream.Frames == 0 ? null : new UnixNanos(stream.LastReceived))
        { Book = _books?.StandingOf(stream.Key) };
    }

    private void TakeFrame(in TapeRecord record)
    {
        _minutes.Now.Frames++;
        _minutes.Now.FrameBytes += record.Payload.Length;
        if (!_open.TryGetValue(record.Connection, out var context) || context.Decoder is not { } decoder) return;
        var wire = decoder.StreamName(record.Payload);
        if (wire.IsEmpty) return;
        var stream = context.Stream(wire);
        stream.Tally.Count(record.Time.Value);
        if (stream.Book is { } book) _books!.Frame(book, decoder, record);
    }

    private void TakeTick(in TapeRecord record)
    {
        _lastTick = new UnixNanos(Tick.Read(record.Payload).WallNanos);
        _minutes.Tick(_lastTick.Value, () => _streams.ToDictionary(stream => stream.Key, stream => (stream.Value.Frames, stream.Value.Dropped)));
    }

    private void TakeNote(in TapeRecord record)
    {
        switch (Note.Parse(record.Payload))
        {
            case StartedNote: Start(record.Time); break;
            case StoppedNote note: _stopped = (note, record.Time); break;
            case HealthNote note: _health = (note, record.Time); break;
            case ResumedNote: _paused = null; break;
            case PausedNote note:
                if (_paused is null) _minutes.Now.Interruptions++;
                _paused = (note, _paused?.At ?? record.Time);
                break;
            case ConnectedNote note: Open(new OpenConnection(record.Connection, note.Venue, note.Streams), record.Time); break;
            case DisconnectedNote note:
                _open.Remove(record.Connection);
                _books?.Close(record.Connection, record.Time);
                if (!note.IsOurs) _minutes.Now.Interruptions++;
                break;
            case DroppedNote note: Drop(note, record.Connection); break;
        }
    }

    /// <summary>Whatever was open belonged to a run that is over; one that did not say so ended by a crash.</summary>
    private void Start(UnixNanos at)
    {
        if (_open.Count > 0) _minutes.Now.Interruptions++;
        _open.Clear();
        _books?.CloseAll(at);
        (_startedAt, _health, _stopped, _paused) = (at, null, null, null);
    }

    private void Drop(DroppedNote note, long connection)
    {
        _minutes.Now.Dropped += note.Frames;
        _minutes.Now.Interruptions++;
        if (!_open.TryGetValue(connection, out var context)) return;
        foreach (var (wire, frames) in note.Streams)
            if (wire.Length > 0) context.Stream(Encoding.UTF8.GetBytes(wire)).Tally.Dropped += frames;
    }

    /// <param name="at">When; null when that lies before the first record.</param>
    private void Open(OpenConnection open, UnixNanos? at)
    {
        var venue = _venues(open.Venue);
        if (venue is not null && !_decoders.ContainsKey(venue.Name)) _decoders[venue.Name] = venue.CreateDecoder();
        var context = new ConnectionContext(open, venue, venue is null ? null : _decoders[venue.Name], TallyOf)
        {
            Books = _books is null ? null : key => _books.Find(open.Connection, key),
        };
        _books?.Open(open, at);
        _open[open.Connection] = context;
        foreach (var stream in open.Streams) TallyOf(new StreamKey(context.Venue, stream.Channel, stream.Symbol));
    }

    private StreamTally TallyOf(StreamKey key)
    {
        if (_streams.TryGetValue(key, out var tally)) return tally;
        if (_streams.Count >= StreamsMax && key != Others) return TallyOf(Others);
        return _streams[key] = new StreamTally(key);
    }
}
