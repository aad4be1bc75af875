using Tape.Storage.Gaps;
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
    public static GapLedgerUpdater Open(IFiles files, string vault, long tapeId, long toSeqExcl, Func<string, IVenue?> venues)
    {
        var ledger = GapLedger.Open(files, vault, tapeId.ToString("x16", CultureInfo.InvariantCulture));
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

    /// <summary>Writes what a sealed range established.</summary>
    /// <exception cref="TapeException">It could not be written.</exception>
    public void Append(GapBatch batch) => _ledger.Append(batch);

    public void Dispose() => _ledger.Dispose();
}
