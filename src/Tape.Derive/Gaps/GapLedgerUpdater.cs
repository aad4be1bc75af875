using Tape.Storage.Gaps;
using Tape.Storage.Journal;
using Tape.Venues.Contract;

namespace Tape.Derive.Gaps;

/// <summary>Keeps the gap ledger beside sealing, under the lock of the seal log. Not thread-safe.</summary>
internal sealed class GapLedgerUpdater : IDisposable
{
    private readonly GapLedger _ledger;

    private GapLedgerUpdater(GapLedger ledger, GapTracker tracker) => (_ledger, Tracker) = (ledger, tracker);

    /// <summary>Has taken in all records before the place for which this was opened.</summary>
    public GapTracker Tracker { get; }

    /// <summary>Opens the ledger and brings it up to a place on the tape.</summary>
    /// <param name="toSeqExcl">The place: the end of the last seal.</param>
    /// <exception cref="TapeException">The ledger is damaged or can't be written, or the tape can't be read.</exception>
    /// <param name="expected">How far the ledger had come once, as the seal log says.</param>
    public static GapLedgerUpdater Open(IFiles files, string vault, long tapeId, long toSeqExcl, Func<string, IVenue?> venues, LogHead? expected = null)
    {
        var ledger = GapLedger.Open(files, vault, tapeId.ToString("x16", CultureInfo.InvariantCulture), expected);
        try
        {
            var tracker = new GapTracker(ledger.State is { } state ? GapTrackerState.Parse(state.State) : GapTrackerState.Knowing(ledger.Streams), venues);
            if (tracker.NextSeq < toSeqExcl)
            {
                GapReports.Follow(files, vault, tracker, venues, toSeqExcl, CancellationToken.None);
                ledger.Append(tracker.TakeBatch());
            }

            return new(ledger, tracker);
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    /// <summary>How far the ledger has come.</summary>
    public LogHead Head => _ledger.Head;

    /// <summary>Writes what a sealed range established.</summary>
    /// <exception cref="TapeException">It could not be written.</exception>
    public void Append(GapBatch batch) => _ledger.Append(batch);

    public void Dispose() => _ledger.Dispose();
}
