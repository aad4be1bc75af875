using Tape.Derive.Decoding;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Tables.Rows;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Derive.Rows;

/// <summary>
/// Turns the records of a tape, in order, into rows. Pure: the same records from the same state give the same rows on any machine and at any time; it reads no
/// clock and no file. Not thread-safe.
/// </summary>
public sealed class RowDeriver : RecordObserver
{
    /// <summary>Number of the rules by which frames become rows. It rises when a release derives other rows from the same frames.</summary>
    public const string DecoderVersion = "2";

    /// <summary>Undecodable frames of a range that are named with their reason; more are only counted.</summary>
    public const int FaultsNamedMax = 100;

    private readonly Dictionary<StreamKey, StreamTally> _tallies = [];
    private readonly List<UndecodableFrame> _faults = [];

    /// <param name="state">Where the tape before the first record ended.</param>
    /// <param name="venues">Finds a venue by name; null for an unknown one, whose frames then count as undecodable.</param>
    public RowDeriver(DerivationState state, Func<string, IVenue?> venues)
    {
        Records = new RecordDecoder(state, venues);
        Records.Add(this);
    }

    /// <summary>A deriver that knows all venues of this program.</summary>
    public static RowDeriver From(DerivationState state) => new(state, VenueCatalog.Find);

    /// <summary>The rules of the next records.</summary>
    public RowRules Rules { get; set; } = RowRules.Current;

    /// <summary>Decodes the records; others may observe them here too.</summary>
    public RecordDecoder Records { get; }

    /// <summary>The rules behind a decoder version; null for one that this program does not know.</summary>
    public static RowRules? RulesOf(string version) => version switch
    {
        "1" => RowRules.First,
        DecoderVersion => RowRules.Current,
        _ => null,
    };

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
    public DerivationState State => Records.State;

    /// <summary>What the streams brought since the last <see cref="Clear"/>, in the form of the seal log, in a fixed order.</summary>
    public IReadOnlyList<StreamStatistics> Statistics() =>
    [
        .. _tallies.Values
            .OrderBy(tally => tally.Key.Venue, StringComparer.Ordinal).ThenBy(tally => tally.Key.Channel, StringComparer.Ordinal)
                .ThenBy(tally => tally.Key.Symbol, StringComparer.Ordinal)
            .Select(tally => tally.Statistics()),
    ];

    /// <summary>Forgets rows and counts, keeps the state: the next range begins here.</summary>
    public void Clear()
    {
        Rows.Clear();
        Begin(Rows);
    }

    /// <summary>Begins the next range with other, empty rows; those before belong to the one who took them.</summary>
    public void Begin(RowSet rows)
    {
        Rows = rows;
        _tallies.Clear();
        _faults.Clear();
        Frames = Undecodable = 0;
        Records.ForgetStreams();
    }

    /// <summary>Takes in the next record of the tape.</summary>
    public void Take(in TapeRecord record) => Records.Take(record);

    protected internal override object StateOf(OpenConnection connection, string wire, StreamKey stream) => TallyOf(stream);

    protected internal override void Frame(in TapeRecord record, ref DecodedFrame frame)
    {
        Frames++;
        var outcome = frame.Decode(record);
        var tally = (StreamTally?)frame.State;
        tally?.Count(record.Time.Value);
        if (outcome == FrameOutcome.Events)
        {
            var origin = new RowOrigin(frame.Venue, record.Time.Value, record.Connection, record.Seq);
            var rows = Rules == RowRules.First ? Rows.AddByFirstRules(frame.Events, origin) : Rows.Add(frame.Events, origin);
            if (tally is not null) tally.Rows += rows;
        }
        else if (outcome == FrameOutcome.Undecodable)
        {
            if (tally is not null) tally.Undecodable++;
            Undecodable++;
            LastFault = frame.Fault(record);
            if (_faults.Count < FaultsNamedMax) _faults.Add(new UndecodableFrame(record.Seq, record.Connection, LastFault));
        }
    }

    protected internal override void Note(in TapeRecord record, Note note)
    {
        if (note is HealthNote health) Rows.AddHealth(health, new RowOrigin(RawSchema.HealthExchange, record.Time.Value, record.Connection, record.Seq));
        if (note is not DroppedNote dropped) return;
        foreach (var (wire, frames) in dropped.Streams)
            if (Records.KeyOf(record.Connection, wire) is { } stream) TallyOf(stream).Dropped += frames;
    }

    private StreamTally TallyOf(StreamKey key)
    {
        if (!_tallies.TryGetValue(key, out var tally)) _tallies[key] = tally = new StreamTally(key);
        return tally;
    }
}

/// <summary>A frame that could not be decoded; its bytes stay on the tape.</summary>
public sealed record UndecodableFrame(long TapeSeq, long Connection, string Reason);
