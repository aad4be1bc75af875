using Tape.Storage.Gaps;
using Tape.Storage.Tapes;
using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Derive.Gaps;

/// <summary>
/// Finds the gaps in every stream from the records of a tape, in order: by ids where the venue gives them, from connections, ticks and silence otherwise.
/// Pure: the same records from the same state give the same entries, however they are cut into ranges. Allocates nothing per frame in steady state. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// Ids prove: contiguous ones across a lost connection are no gap, and a gap inside of one is the venue's unless we declared a drop there. A gap is reported
/// after <see cref="SettlesAfter"/>, when a frame out of order, or another connection beside, can no longer be expected to fill it. A stream without ids is
/// received from its first frame on, or from the first frame of its connection behind the acknowledgement, until its last connection ends or goes silent
/// (<see cref="TrackedConnection"/>).
/// </remarks>
public sealed partial class GapTracker
{
    /// <summary>Ids that come later than this are reported as missing first, then as repaired.</summary>
    public static readonly TimeSpan SettlesAfter = TimeSpan.FromSeconds(10);

    /// <summary>Ids that come later than this stay missing in the ledger.</summary>
    public static readonly TimeSpan RepairsWithin = TimeSpan.FromMinutes(10);

    /// <summary>Pieces of gaps of one stream that may still be filled; beyond, the oldest counts as final.</summary>
    public const int GapsMax = 64;

    private readonly Func<string, IVenue?> _venues;
    private readonly Func<SequenceRule, bool>? _reads;
    private readonly List<TrackedStream> _streams = [];
    private readonly Dictionary<StreamKey, TrackedStream> _byKey = [];
    private readonly List<TrackedConnection> _connections = [];
    private readonly Dictionary<long, TrackedConnection> _byNumber = [];
    private readonly SortedSet<int> _news = [];
    private List<GapEntry> _entries = [];
    private long _steady;
    private long _monotonic = Absent.Integer;
    private int _run;
    private long _runSeq;

    /// <param name="state">Where the tape before the first record ended.</param>
    /// <param name="venues">Finds a venue by name; null for an unknown one, whose streams have no ids.</param>
    /// <param name="reads">Whose streams are followed; of others a frame only proves that its connection delivers, and is not decoded for it. Null for
    /// all.</param>
    public GapTracker(GapTrackerState state, Func<string, IVenue?> venues, Func<SequenceRule, bool>? reads = null)
    {
        (_venues, _reads) = (venues, reads);
        Restore(state);
    }

    /// <summary>Number of the next record to take in; records before it are passed over.</summary>
    public long NextSeq { get; private set; }

    /// <summary>The latest tick or data frame, ns; absent before the first.</summary>
    public long Now { get; private set; } = Absent.Integer;

    /// <summary>What was established since the last <see cref="TakeBatch"/>.</summary>
    public IReadOnlyList<GapEntry> Entries => _entries;

    /// <summary>Takes what was established since the last time, with the state behind it.</summary>
    public GapBatch TakeBatch()
    {
        var batch = new GapBatch(NextSeq, [.. _news.Select(number => Describe(_streams[number]))], _entries, State.ToJson());
        _entries = [];
        _news.Clear();
        return batch;
    }

    private TrackedConnection? Find(long connection) => _byNumber.GetValueOrDefault(connection);

    /// <summary>Takes in a data frame that was decoded.</summary>
    /// <param name="carrier">Its stream on the connection; null when the connection was not to carry it.</param>
    private void Frame(in TapeRecord record, TrackedConnection connection, StreamCarrier? carrier, EventBuffer events)
    {
        Received(record, connection);
        if (carrier is null) return;
        if (!carrier.HasDelivered || carrier.IsQuiet) Delivers(carrier, record);
        var stream = carrier.Stream;
        if (stream.Rule.Kind != SequenceKind.None) TakeIds(carrier, record, events);
        else if (stream.Carriers.Count > 1 && stream.Carriers[0] != carrier) stream.Overlaps++;
        carrier.HasDrops = carrier.HasDamage = false;
        (carrier.LastAt, carrier.LastSeq, carrier.LastSteady) = (record.Time.Value, record.Seq, _steady);
        stream.Pace?.Received(_steady);
    }

    /// <summary>Takes in a frame that could not be decoded.</summary>
    /// <param name="venue">The venue's name; empty when it is not known.</param>
    /// <param name="carrier">Its stream, where it can be told.</param>
    private void Undecodable(in TapeRecord record, string venue, TrackedConnection? connection, StreamCarrier? carrier)
    {
        if (connection is not null) Received(record, connection);
        if (carrier is { Stream.Rule.HasProof: true })
        {
            carrier.HasDamage = true;
            return;
        }

        if (carrier is null && connection is not null) connection.DamageSeq = record.Seq;
        if (carrier is not null && HasOtherLive(carrier)) return;
        var stream = carrier?.Stream ?? StreamOf(new StreamKey(venue, "", ""));
        Tell(new(stream.Number, GapCause.Undecodable, record.Time.Value, record.Time.Value, Absent.Integer, Absent.Integer, Absent.Integer, false,
            record.Connection, record.Connection, record.Seq, record.Seq, record.Seq));
    }

    private void Received(in TapeRecord record, TrackedConnection connection)
    {
        Now = record.Time.Value;
        connection.Received(record, _steady);
        if (connection.IsSilent) Wake(connection, record);
        if (connection.HasNewAcks) CoverAcknowledged(connection, record);
    }

    private TrackedStream StreamOf(StreamKey key)
    {
        if (_byKey.TryGetValue(key, out var stream)) return stream;
        var rule = key.Symbol.Length == 0 ? null : _venues(key.Venue)?.SequenceOf(key.Channel);
        stream = new TrackedStream(_streams.Count, key, rule ?? SequenceRule.None) { IsRead = _reads?.Invoke(rule ?? SequenceRule.None) != false };
        _streams.Add(stream);
        _byKey[key] = stream;
        _news.Add(stream.Number);
        return stream;
    }

    private static GapStream Describe(TrackedStream stream) => new(stream.Number, stream.Key, stream.BegunAt, stream.Refusal);

    private void Tell(in GapEntry entry) => _entries.Add(entry);

    private static bool HasOtherLive(StreamCarrier carrier)
    {
        foreach (var other in carrier.Stream.Carriers)
            if (other != carrier && other.IsLive) return true;
        return false;
    }
}
