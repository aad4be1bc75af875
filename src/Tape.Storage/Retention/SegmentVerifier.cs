using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.Storage.Tapes;

namespace Tape.Storage.Retention;

/// <summary>
/// Verifies segments in their order, seal by seal, and writes a line for each. A seal that reaches into later segments is verified once, whole, while all its
/// records are there; what it gives for those is kept in the line of the first. Undecodable frames are copied before the line is written.
/// </summary>
internal sealed class SegmentVerifier(IFiles files, string folder, ExpiryRules rules, IRangeVerifier verifier, SegmentLog log, TimeProvider time, Pace pace)
{
    /// <summary>Makes sure that a segment is verified.</summary>
    /// <param name="segments">All segments that are there, this one first or after verified ones.</param>
    /// <param name="seals">The seal log; of its archives those are read that have seals of the segment.</param>
    /// <returns>Null when it is; else why not, as a sentence.</returns>
    public async Task<string?> VerifyAsync(SegmentInfo segment, IReadOnlyList<SegmentInfo> segments, SealLogContent seals, Action<RetentionEvent> told,
        CancellationToken cancel)
    {
        if (log.History.Find(segment.FirstSeq) is not { } story) return "segments.log does not list it yet, as it could not be compressed";
        if (story.Verified is not null) return null;
        var last = log.History.LastVerified;
        if ((last?.Segment.NextSeq ?? 0) != segment.FirstSeq)
            return $"segments.log knows no verified segment that ends at record {segment.FirstSeq}, so the seals that begin before it can't be derived again";
        var (through, pieces) = (last?.Verified?.Through ?? 0, last?.Verified?.Beyond.ToList() ?? []);
        var ofSegment = through < segment.NextSeq ? seals.Of(through, segment.NextSeq) : [];
        while (through < segment.NextSeq)
        {
            var (fault, toSeqExcl) = await VerifySealAsync(through, segments, ofSegment, pieces, cancel).ConfigureAwait(false);
            if (fault is not null) return fault;
            through = toSeqExcl;
        }
        log.Append(new VerifiedEntry(story.Segment.Tape, segment.FirstSeq, UnixNanos.From(time.GetUtcNow()).Value, verifier.DecoderVersion, pieces[0], through,
            [.. pieces.Skip(1)]));
        told(new(RetentionAct.Verified, segment.FirstSeq, 0,
            $"{Path.GetFileName(segment.FilePath)}: verified, {pieces[0].Tables.SaturatingSum(table => table.Rows)} rows derived again and found the same"));
        return null;
    }

    /// <summary>Verifies the seal that begins at a record and adds its pieces.</summary>
    private async Task<(string? Fault, long ToSeqExcl)> VerifySealAsync(long fromSeq, IReadOnlyList<SegmentInfo> segments, IReadOnlyList<SealEntry> seals,
        List<RangeRows> pieces, CancellationToken cancel)
    {
        var (seal, before) = Find(seals, fromSeq);
        if (seal is null) return ($"no seal begins at record {fromSeq}", fromSeq);
        var cuts = segments.Select(other => other.FirstSeq).Where(cut => cut > fromSeq && cut < seal.ToSeqExcl).ToList();
        var keptFolder = KeptFrames.FolderOf(folder);
        using var kept = new KeptFrames(files, keptFolder, seal.Tape, seal.FromSeq, rules.KeptBytesMax - KeptFrames.UsedBytes(files, keptFolder));
        var verdict = await verifier.VerifyAsync(seal, before, cuts, kept.Add, pace, cancel).ConfigureAwait(false);
        if (verdict.Fault is not null) return (verdict.Fault, fromSeq);
        if (kept.IsFull)
            return ($"its undecodable frames do not fit into {keptFolder}, whose limit is {rules.KeptBytesMax} bytes; move files of it elsewhere", fromSeq);
        kept.Complete();
        if (pieces.Count == 0) pieces.Add(RangeRows.None);
        pieces[^1] += verdict.Pieces[0];
        pieces.AddRange(verdict.Pieces.Skip(1));
        return (null, seal.ToSeqExcl);
    }

    private static (SealEntry? Seal, SealEntry? Before) Find(IReadOnlyList<SealEntry> seals, long fromSeq)
    {
        SealEntry? before = null;
        foreach (var seal in seals)
        {
            if (seal.FromSeq == fromSeq) return (seal, before);
            before = seal;
        }
        return (null, null);
    }
}
