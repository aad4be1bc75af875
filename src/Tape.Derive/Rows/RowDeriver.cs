using System.Text;
using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Derive.Decoding;
using Tape.Derive.Gaps;
using Tape.Storage.Schema;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Tables.Rows;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Derive.Rows;

/// <summary>
/// Turns the records of a tape, in order, into rows. Pure: the same records from the same state give the same rows, whoever runs it and when;
/// it reads no clock and no file. Not thread-safe.
/// </summary>
public sealed class RowDeriver
{
    /// <summary>Number of the rules by which frames become rows. It rises when a release derives other rows from the same frames.</summary>
    public const string DecoderVersion = "1";

    /// <summary>Undecodable frames of a range that are named with their reason; more are only counted.</summary>
    public const int FaultsNamedMax = 100;

    private readonly Func<string, IVenue?> _venues;
    private readonly Dictionary<long, ConnectionContext> _open = [];
    private readonly Dictionary<string, FrameDecoder> _decoders = [];
    private readonly Dictionary<StreamKey, StreamTally> _tallies = [];
    private readonly List<UndecodableFrame> _faults = [];
    private readonly EventBuffer _events = new();
    private GapTracker? _gaps;

    /// <param name="state">Where the tape before the first record ended.</param>
    /// <param name="venues">Finds a venue by name; null for an unknown one, whose frames then count as undecodable.</param>
    public RowDeriver(DerivationState state, Func<string, IVenue?> venues)
    {
        _venues = venues;
        foreach (var open in state.Connections) Add(open);
    }

    /// <summary>A deriver that knows all venues of this program.</summary>
    public static RowDeriver From(DerivationState state) => new(state, VenueCatalog.Find);

    /// <summary>The rows derived since the last <see cref="Clear"/>.</summary>
    public RowSet Rows { get; private set; } = new();

    /// <summary>What each stream brought since the last <see cref="Clear"/>.</summary>
    public IReadOnlyCollection<StreamTally> Streams => _tallies.Values;

    /// <summary>Frames that could not be decoded since the last <see cref="Clear"/>, the first <see cref="FaultsNamedMax"/> of them.</summary>
    public IReadOnlyList<UndecodableFrame> Faults => _faults;

    /// <summary>Frames since the last <see cref="Clear"/>.</summary>
    public long Frames { get; private set; }

    /// <summary>Undecodable ones among them.</summary>
    public long Undecodable { get; private set; }

    /// <summary>Why the last undecodable frame could not be decoded; empty before the first one.</summary>
    public string LastFault { get; private set; } = "";

    /// <summary>The state after the last record taken in.</summary>
    public DerivationState State => new([.. _open.Values.Select(context => context.Open).OrderBy(open => open.Connection)]);

    /// <summary>Forgets rows and counts, keeps the state: the next range begins here.</summary>
    public void Clear()
    {
        Rows.Clear();
        Begin(Rows);
    }

    /// <summary>Begins the next range with other, empty rows; those before belong to whoever took them.</summary>
    public void Begin(RowSet rows)
    {
        Rows = rows;
        _tallies.Clear();
        _faults.Clear();
        Frames = Undecodable = 0;
        foreach (var context in _open.Values) context.ForgetTallies();
    }

    /// <summary>
    /// From here on lets a tracker see the records too, so that frames are decoded once for both. What it has taken in already it passes over.
    /// </summary>
    /// <param name="gaps">Stays the caller's; null for none.</param>
    public void Track(GapTracker? gaps)
    {
        _gaps = gaps;
        foreach (var context in _open.Values)
        {
            context.Tracked = gaps?.Find(context.Open.Connection);
            context.ForgetTallies();
        }
    }

    /// <summary>Takes in the next record of the tape.</summary>
    public void Take(in TapeRecord record)
    {
        var gaps = _gaps is not null && _gaps.Begins(record) ? _gaps : null;
        if (record.Kind == RecordKind.Frame) TakeFrame(record, gaps);
        else if (record.Kind == RecordKind.Note) TakeNote(record, gaps);
        else if (record.Kind == RecordKind.Tick) gaps?.Tick(record);
    }

    private void TakeFrame(in TapeRecord record, GapTracker? gaps)
    {
        Frames++;
        if (!_open.TryGetValue(record.Connection, out var context) || context.Decoder is not { } decoder)
        {
            Fault(record, context is null ? $"connection {record.Connection} is not known" : $"venue '{context.Venue}' is not known to this program");
            gaps?.Undecodable(record, context?.Venue ?? "", context?.Tracked, null);
            return;
        }

        var outcome = decoder.Decode(record.Payload, _events);
        var wire = decoder.StreamName(record.Payload);
        var stream = wire.IsEmpty ? null : context.Stream(wire);
        var tally = stream?.Tally;
        tally?.Count(record.Time.Value);
        if (gaps is not null && outcome != FrameOutcome.Undecodable && stream is not null && context.Tracked is { } tracked)
            gaps.Frame(record, tracked, stream.Carrier, _events);
        if (outcome == FrameOutcome.Events)
        {
            var rows = Rows.Add(_events, new RowOrigin(context.Venue, record.Time.Value, record.Connection, record.Seq));
            if (tally is not null) tally.Rows += rows;
        }
        else if (outcome == FrameOutcome.Undecodable)
        {
            if (tally is not null) tally.Undecodable++;
            Fault(record, decoder.Fault);
            gaps?.Undecodable(record, context.Venue, context.Tracked, stream?.Carrier);
        }
    }

    private void TakeNote(in TapeRecord record, GapTracker? gaps)
    {
        var said = Note.Parse(record.Payload);
        gaps?.Note(record, said);
        switch (said)
        {
            case StartedNote:
                // Whatever was open belonged to a run that is over, in order or by a crash.
                _open.Clear();
                break;
            case ConnectedNote note:
                Add(new OpenConnection(record.Connection, note.Venue, note.Streams));
                break;
            case DisconnectedNote:
                _open.Remove(record.Connection);
                break;
            case HealthNote note:
                Rows.AddHealth(note, new RowOrigin(RawSchema.HealthExchange, record.Time.Value, record.Connection, record.Seq));
                break;
            case DroppedNote note when _open.TryGetValue(record.Connection, out var context):
                foreach (var (wire, frames) in note.Streams) context.Stream(Encoding.UTF8.GetBytes(wire)).Tally.Dropped += frames;
                break;
        }
    }

    private void Add(OpenConnection open)
    {
        var venue = _venues(open.Venue);
        if (venue is not null && !_decoders.ContainsKey(venue.Name)) _decoders[venue.Name] = venue.CreateDecoder();
        _open[open.Connection] = new ConnectionContext(open, venue, venue is null ? null : _decoders[venue.Name], TallyOf)
        {
            Tracked = _gaps?.Find(open.Connection),
        };
    }

    private StreamTally TallyOf(StreamKey key)
    {
        if (!_tallies.TryGetValue(key, out var tally)) _tallies[key] = tally = new StreamTally(key);
        return tally;
    }

    private void Fault(in TapeRecord record, string reason)
    {
        Undecodable++;
        LastFault = reason;
        if (_faults.Count < FaultsNamedMax) _faults.Add(new UndecodableFrame(record.Seq, record.Connection, reason));
    }
}

/// <summary>A frame that could not be decoded; its bytes stay on the tape.</summary>
public sealed record UndecodableFrame(long TapeSeq, long Connection, string Reason);
