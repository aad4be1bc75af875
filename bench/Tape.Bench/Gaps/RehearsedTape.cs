using Tape.Derive.Decoding;
using Tape.Derive.Gaps;
using Tape.Derive.Rows;
using Tape.Storage.Gaps;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.Venues;

namespace Tape.Bench.Gaps;

/// <summary>A tape that the tracker reads while it is made up, record by record; only what the tracker finds is kept.</summary>
internal sealed class RehearsedTape(Random chance)
{
    private const int RowsMax = 5000;

    private readonly RowDeriver _deriver = RowDeriver.From(DerivationState.Start);
    private GapTracker _tracker = new(GapTrackerState.Start, VenueCatalog.Find);
    private readonly List<GapEntry> _told = [];
    private long _seq;
    private long _nextTick;

    /// <summary>The time of the next record, ns.</summary>
    public long Now { get; private set; } = 1_790_000_000 * UnixNanos.PerSecond;

    public long Frames { get; private set; }

    public long Records => _seq;

    public IReadOnlyList<StreamGapStatus> Standings => _tracker.Standings;

    /// <summary>What was found, with what is open at the end.</summary>
    public IReadOnlyList<GapEntry> Finish()
    {
        Collect();
        return [.. _told, .. _tracker.Unsettled()];
    }

    public void Begin()
    {
        _deriver.Records.Add(_tracker);
        Note(0, new StartedNote("bench", 1, [.. VenueCatalog.All.Select(venue => venue.Name)]));
    }

    /// <summary>Lets time go on, with a tick each second.</summary>
    public void Pass(long nanos)
    {
        Now += nanos;
        if (Now < _nextTick) return;
        _nextTick = Now + UnixNanos.PerSecond;
        var payload = new byte[Tick.Bytes];
        new Tick(Now, Now, Absent.Integer).Write(payload);
        Take(RecordKind.Tick, 0, payload);
        // As a sealer does: now and then the state goes to disk and comes back.
        if (chance.Next(500) == 0) GoOnFromState();
    }

    public void Frame(long connection, byte[] payload)
    {
        Frames++;
        Now += chance.Next(1, 20_000);
        Take(RecordKind.Frame, connection, payload);
        if (_deriver.Rows.Rows > RowsMax) _deriver.Clear();
    }

    public void Note(long connection, Note note) => Take(RecordKind.Note, connection, note.ToJson());

    private void Take(RecordKind kind, long connection, byte[] payload) => _deriver.Take(new TapeRecord(_seq++, kind, connection, new UnixNanos(Now), payload));

    private void GoOnFromState()
    {
        Collect();
        _deriver.Records.Remove(_tracker);
        _tracker = new GapTracker(GapTrackerState.Parse(_tracker.State.ToJson()), VenueCatalog.Find);
        _deriver.Records.Add(_tracker);
    }

    /// <summary>A gap that turns out to be filled takes the place of its first report, as in the ledger.</summary>
    private void Collect()
    {
        foreach (var gap in _tracker.TakeBatch().Gaps)
        {
            var told = gap.Repaired ? _told.FindLastIndex(other => other.IsSameGap(gap)) : -1;
            if (told < 0) _told.Add(gap);
            else _told[told] = gap;
        }
    }
}
