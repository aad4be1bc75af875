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
    /// <summary>What is added to the name of a ledger that was damaged.</summary>
    public const string SetAside = ".damaged";

    /// <summary>Rebuilds up to the end of the last seal; the next sealer goes on from there.</summary>
    /// <param name="owner">Who writes, for the message to others who want to.</param>
    /// <returns>Gaps in the ledger afterwards.</returns>
    /// <exception cref="OwnedElsewhereException">A recorder or another process seals this vault.</exception>
    /// <exception cref="TapeException">There is no tape, it can't be read, or the ledger can't be written.</exception>
    public static int Run(IFiles files, string vault, Func<string, IVenue?> venues, OwnerInfo owner, CancellationToken cancel)
    {
        using var log = SealLog.Open(files, vault, owner);
        return Run(files, vault, log, venues, cancel);
    }

    /// <summary>As the other, for the owner of the seal log.</summary>
    internal static int Run(IFiles files, string vault, SealLog log, Func<string, IVenue?> venues, CancellationToken cancel)
    {
        var folder = TapeRange.Folder(vault);
        var tape = TapeFolder.IdOf(files, folder)?.ToString("x16", CultureInfo.InvariantCulture)
            ?? throw new TapeException($"There is no tape in {folder}.", "Name the vault's folder with --vault.");
        var firstSeq = TapeFolder.Segments(files, folder) is [var first, ..] ? first.FirstSeq : 0;
        var old = Old(files, vault, tape);
        if (firstSeq == 0) old = new GapLedgerContent();
        var tracker = new GapTracker(GapTrackerState.Knowing([.. old.Streams]), venues);
        GapReports.Follow(files, vault, tracker, venues, TapeRange.After(log.Committed).FromSeq, cancel);
        var batch = tracker.TakeBatch();
        GapEntry[] gaps = [.. old.Gaps.Where(gap => gap.AtSeq < firstSeq), .. batch.Gaps];
        var head = GapLedger.Replace(files, vault, tape, batch with { Streams = [.. tracker.Standings.Select(standing => standing.Stream)], Gaps = gaps });
        if (log.Pending is null) log.AppendHeads(log.Heads with { Gaps = head });
        return gaps.Length;
    }

    /// <summary>
    /// The old ledger, for what is not on the tape any more. A damaged one gives what stands before the damage; it, and one of another tape, is set aside under
    /// another name: it may be all that is known of that time.
    /// </summary>
    private static GapLedgerContent Old(IFiles files, string vault, string tape)
    {
        var (path, old) = (GapLedgerContent.PathOf(vault), GapLedgerContent.Salvage(files, vault, out var damage));
        var isOther = old.Tape is { } other && other != tape;
        if (damage is not null || isOther) files.Move(path, path + SetAside, overwrite: true);
        return isOther ? new GapLedgerContent() : old;
    }
}
