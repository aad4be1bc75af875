using Tape.Derive.Decoding;
using Tape.Storage.Gaps;
using Tape.Storage.Journal;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Venues.Contract;

namespace Tape.Derive.Gaps;

/// <summary>Makes the gap ledger again from what is on the tape. What it says of records that have expired stays.</summary>
public static class GapRebuild
{
    /// <summary>Rebuilds up to the end of the last seal; the next sealer goes on from there.</summary>
    /// <param name="owner">Who writes, for the message to others who want to.</param>
    /// <returns>Gaps in the ledger afterwards.</returns>
    /// <exception cref="OwnedElsewhereException">A recorder or another process seals this vault.</exception>
    /// <exception cref="TapeException">There is no tape, it can't be read, or the ledger can't be written.</exception>
    public static int Run(IFiles files, string vault, Func<string, IVenue?> venues, OwnerInfo owner, CancellationToken cancel)
    {
        using var log = SealLog.Open(files, vault, owner);
        var folder = TapeRange.Folder(vault);
        var tape = TapeFolder.IdOf(files, folder)?.ToString("x16", CultureInfo.InvariantCulture)
            ?? throw new TapeException($"There is no tape in {folder}.", "Name the vault's folder with --vault.");
        var firstSeq = TapeFolder.Segments(files, folder) is [var first, ..] ? first.FirstSeq : 0;
        var old = firstSeq == 0 ? new GapLedgerContent() : Expired(files, vault, tape);
        var tracker = new GapTracker(GapTrackerState.Knowing([.. old.Streams]), venues);
        GapReports.Follow(files, vault, tracker, venues, TapeRange.After(log.Committed).FromSeq, cancel);
        var batch = tracker.TakeBatch();
        GapEntry[] gaps = [.. old.Gaps.Where(gap => gap.AtSeq < firstSeq), .. batch.Gaps];
        GapLedger.Replace(files, vault, tape, batch with { Streams = [.. tracker.Standings.Select(standing => standing.Stream)], Gaps = gaps });
        return gaps.Length;
    }

    /// <summary>
    /// The old ledger, for what is not on the tape any more. A damaged one is set aside under another name: it may be all that is known of that time.
    /// </summary>
    private static GapLedgerContent Expired(IFiles files, string vault, string tape)
    {
        try
        {
            var old = GapLedgerContent.Read(files, vault);
            return old.Tape == tape ? old : new GapLedgerContent();
        }
        catch (DamagedException)
        {
            files.Move(GapLedgerContent.PathOf(vault), GapLedgerContent.PathOf(vault) + ".damaged", overwrite: true);
            return new GapLedgerContent();
        }
    }
}
