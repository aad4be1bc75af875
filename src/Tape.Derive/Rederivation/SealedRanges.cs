using Tape.Derive.Decoding;
using Tape.Derive.Rows;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Venues.Contract;

namespace Tape.Derive.Rederivation;

/// <summary>Derives sealed ranges again, one after the other, in one pass over the tape; one range is in memory at a time.</summary>
internal sealed class SealedRanges
{
    /// <summary>Records between two looks at cancellation.</summary>
    private const int LookEvery = 65_536;

    private readonly IFiles _files;
    private readonly string _vault;
    private readonly Func<string, IVenue?> _venues;
    private readonly DerivationState _before;

    private SealedRanges(IFiles files, string vault, IReadOnlyList<SealEntry> seals, DerivationState before, Func<string, IVenue?> venues) =>
        (_files, _vault, Seals, _before, _venues) = (files, vault, seals, before, venues);

    /// <summary>The seals, in the order of the tape.</summary>
    public IReadOnlyList<SealEntry> Seals { get; }

    /// <summary>Finds the seals that may hold records of a time or later.</summary>
    /// <param name="from">Null for all.</param>
    /// <exception cref="TapeException">The seal log or an archive of it is damaged.</exception>
    public static SealedRanges From(IFiles files, string vault, UnixNanos? from, Func<string, IVenue?> venues)
    {
        var seq = from is { } time ? TapeReader.SeekTime(files, TapeRange.Folder(vault), time) : 0;
        var seals = SealLog.Read(files, vault).Of(seq, long.MaxValue);
        var index = seals.TakeWhile(seal => seal.ToSeqExcl <= seq).Count();
        return new(files, vault, [.. seals.Skip(index)], TapeRange.StateBefore(seals, index), venues);
    }

    /// <summary>Derives them. The deriver is valid until the next one is asked for.</summary>
    /// <exception cref="TapeException">The tape does not have a range any more, or not whole.</exception>
    public IEnumerable<(SealEntry Seal, RowDeriver Deriver)> Derive(CancellationToken cancel)
    {
        if (Seals.Count == 0) yield break;
        using var reader = TapeReader.Open(_files, TapeRange.Folder(_vault), Seals[0].FromSeq);
        var deriver = new RowDeriver(_before, _venues);
        foreach (var seal in Seals)
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
        new($"the tape no longer has record {seq} of the sealed range {seal.FromSeq}..{seal.ToSeqExcl - 1}",
            "Only ranges that are on the tape whole can be derived again: begin later, with --from.");
}
