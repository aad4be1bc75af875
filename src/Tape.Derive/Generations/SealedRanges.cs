using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Core.Values;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Storage.Logs;
using Tape.Storage.Tables;
using Tape.Venues;

namespace Tape.Derive.Generations;

/// <summary>Derives sealed ranges again, one after the other, in one pass over the tape; one range is in memory at a time.</summary>
internal sealed class SealedRanges(IFiles files, string vault, IReadOnlyList<SealEntry> seals, Func<string, IVenue?> venues)
{
    /// <summary>Records between two looks at cancellation.</summary>
    private const int LookEvery = 65_536;

    /// <summary>0-based index of the first seal that may hold records of a time or later; the number of seals when none does.</summary>
    public int IndexOf(UnixNanos? from)
    {
        if (from is not { } time) return 0;
        var seq = TapeReader.SeekTime(files, TapeRange.Folder(vault), time);
        return seals.TakeWhile(seal => seal.ToSeqExcl <= seq).Count();
    }

    /// <summary>Derives the seals from an index on. The deriver is valid until the next one is asked for.</summary>
    /// <exception cref="TapeException">The tape does not have a range any more, or not whole.</exception>
    public IEnumerable<(SealEntry Seal, RowDeriver Deriver)> DeriveFrom(int index, CancellationToken cancel)
    {
        if (index >= seals.Count) yield break;
        using var reader = TapeReader.Open(files, TapeRange.Folder(vault), seals[index].FromSeq);
        var deriver = new RowDeriver(TapeRange.StateBefore(seals, index), venues);
        foreach (var seal in seals.Skip(index))
        {
            TakeRange(reader, deriver, seal, cancel);
            yield return (seal, deriver);
            deriver.Clear();
        }
    }

    private static void TakeRange(TapeReader reader, RowDeriver deriver, SealEntry seal, CancellationToken cancel)
    {
        var next = seal.FromSeq;
        while (next < seal.ToSeqExcl)
        {
            if (!reader.TryRead(out var record) || record.Seq != next) throw NotThere(seal, next);
            deriver.Take(record);
            if (++next % LookEvery == 0) cancel.ThrowIfCancellationRequested();
        }

        cancel.ThrowIfCancellationRequested();
    }

    private static TapeException NotThere(SealEntry seal, long seq) =>
        new($"the tape no longer has record {seq} of the sealed range {seal.FromSeq}..{seal.ToSeqExcl - 1}", "Only ranges that are on the tape whole can be derived again: begin later, with --from.");
}
