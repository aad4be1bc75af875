using Tape.Derive.Decoding;
using Tape.Storage.Gaps;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Derive.Gaps;

/// <summary>Reads the gap ledger of a vault, with what the tape behind it establishes. Takes no lock; may run beside the recorder and the sealer.</summary>
public static class GapReports
{
    /// <summary>Reads it with all venues of this program.</summary>
    /// <inheritdoc cref="Read(IFiles, string, Func{string, IVenue?}, long, CancellationToken)" path="/param"/>
    /// <inheritdoc cref="Read(IFiles, string, Func{string, IVenue?}, long, CancellationToken)" path="/exception"/>
    public static GapReport Read(IFiles files, string vault, long toSeqExcl = long.MaxValue, CancellationToken cancel = default) =>
        Read(files, vault, VenueCatalog.Find, toSeqExcl, cancel);

    /// <summary>Reads it.</summary>
    /// <param name="toSeqExcl">The tape is looked at up to this record; <see cref="long.MaxValue"/> for all of it.</param>
    /// <exception cref="TapeException">The ledger is damaged or of another tape, or the tape can't be read.</exception>
    public static GapReport Read(IFiles files, string vault, Func<string, IVenue?> venues, long toSeqExcl, CancellationToken cancel)
    {
        var (saved, ledger) = ReadLedger(files, vault);
        RequireOwn(files, vault, saved?.Tape ?? ledger.Tape);
        var tracker = new GapTracker(saved is null ? GapTrackerState.Knowing([.. ledger.Streams]) : GapTrackerState.Parse(saved.State), venues);
        var from = tracker.NextSeq;
        var first = Follow(files, vault, tracker, venues, toSeqExcl, cancel);
        var known = Math.Max(from, first);
        List<GapEntry> gaps = [.. ledger.Gaps.Where(gap => gap.AtSeq < known)];
        AddTail(gaps, tracker);
        var standings = tracker.Standings;
        if (gaps.Exists(gap => gap.Stream >= standings.Count))
            throw new DamagedException($"{GapLedgerContent.PathOf(vault)}: found a gap of a stream that {GapStateFile.PathOf(vault)} does not know",
                "The ledger is derived: 'tape gaps --rebuild' makes it again from what is on the tape.");
        return new GapReport(standings, gaps, tracker.NextSeq, tracker.Now);
    }

    /// <summary>
    /// What is stored; nothing where that is damaged and the tape still has all records, from which the same is derived. Lines that are appended while this
    /// reads lie behind the state, and are derived from the tape.
    /// </summary>
    /// <exception cref="DamagedException">The ledger is damaged, and part of the tape that it tells of has expired.</exception>
    private static (GapStateFile? Saved, GapLedgerContent Ledger) ReadLedger(IFiles files, string vault)
    {
        for (var isLast = false; ; isLast = true)
            try
            {
                var expected = SealLog.HeadsOf(files, vault).Gaps;
                var saved = GapStateFile.Read(files, vault);
                return (saved, GapLedgerContent.Read(files, vault, expected));
            }
            catch (DamagedException) when (!isLast)
            {
                // The sealer may just have made it again: then the seal log now says so.
            }
            catch (DamagedException) when (TapeFolder.FirstSeqOf(files, TapeRange.Folder(vault)) is null or 0)
            {
                return (null, new GapLedgerContent());
            }
    }

    /// <summary>Lets a tracker take in the tape from where it is.</summary>
    /// <returns>The first record that it took in; the place where it was when there was none.</returns>
    internal static long Follow(IFiles files, string vault, GapTracker tracker, Func<string, IVenue?> venues, long toSeqExcl, CancellationToken cancel)
    {
        var from = tracker.NextSeq;
        var records = new RecordDecoder(tracker.State.Derivation, venues);
        records.Add(tracker);
        using var reader = TapeReader.Open(files, TapeRange.Folder(vault), from);
        var first = -1L;
        while (reader.NextSeq < toSeqExcl && reader.TryRead(out var record))
        {
            if (first < 0 && record.Seq >= from) first = record.Seq;
            records.Take(record);
            if (record.Seq % LookEvery == 0) cancel.ThrowIfCancellationRequested();
        }

        return first < 0 ? from : first;
    }

    /// <summary>Records between two looks at cancellation.</summary>
    private const int LookEvery = 65_536;

    /// <summary>A gap of the ledger that the tail fills after all takes the place of its first entry.</summary>
    private static void AddTail(List<GapEntry> gaps, GapTracker tracker)
    {
        foreach (var gap in tracker.Entries)
        {
            var told = gap.Repaired ? gaps.FindLastIndex(other => other.IsSameGap(gap)) : -1;
            if (told < 0) gaps.Add(gap);
            else gaps[told] = gap;
        }

        gaps.AddRange(tracker.Unsettled());
    }

    private static void RequireOwn(IFiles files, string vault, string? tape)
    {
        if (tape is null || TapeFolder.IdOf(files, TapeRange.Folder(vault)) is not { } id || id.ToString("x16", CultureInfo.InvariantCulture) == tape) return;
        throw new TapeException($"{GapLedgerContent.PathOf(vault)}: found the ledger of tape {tape}, expected tape {id:x16}, which lies beside it",
            "The ledger is derived: 'tape gaps --rebuild' makes it again from what is on the tape.");
    }
}
