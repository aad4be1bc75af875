using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Tapes;

/// <summary>
/// Walks the block headers of a segment without reading the records. A segment's own header may be damaged or not be there yet, but must not be of a newer
/// program.
/// </summary>
internal static class SegmentWalk
{
    /// <summary>Finds the first whole block that reaches a time.</summary>
    /// <param name="nextSeq">Set to the block's first record, or to the end of the segment's whole blocks.</param>
    /// <returns>Whether there is such a block.</returns>
    public static bool FirstReaching(IFiles files, TapeSegmentFile segment, long offset, long time, ref long nextSeq)
    {
        using var file = segment.Open(files);
        segment.CheckHeader(file);
        var reader = new BlockReader(segment.TapeId);
        for (; IsWhole(file, segment, reader, offset); offset += BlockHeader.Bytes + reader.Header.PayloadBytes)
        {
            nextSeq = reader.Header.FirstSeq;
            if (reader.Header.MaxTime >= time) return true;
            nextSeq = reader.Header.NextSeq;
        }
        return false;
    }

    /// <summary>The index of all whole blocks of a segment that may still be written.</summary>
    /// <exception cref="Core.Errors.DamagedException">A damaged header is followed by good blocks.</exception>
    public static SegmentIndex Summarize(IFiles files, TapeSegmentFile segment)
    {
        using var file = segment.Open(files);
        segment.CheckHeader(file);
        var reader = new BlockReader(segment.TapeId);
        var builder = new SegmentIndexBuilder(segment.TapeId, segment.FirstSeq);
        var offset = (long)SegmentHeader.Bytes;
        for (; IsWhole(file, segment, reader, offset); offset += BlockHeader.Bytes + reader.Header.PayloadBytes) builder.Add(offset, reader.Header);
        return builder.Finish(offset);
    }

    /// <summary>The checksum of the records of the block that ends before a record; null when no block ends there.</summary>
    public static uint? ChecksumBefore(IFiles files, TapeSegmentFile segment, long seq)
    {
        using var file = segment.Open(files);
        segment.CheckHeader(file);
        var reader = new BlockReader(segment.TapeId);
        for (var offset = (long)SegmentHeader.Bytes; IsWhole(file, segment, reader, offset); offset += BlockHeader.Bytes + reader.Header.PayloadBytes)
            if (reader.Header.NextSeq >= seq) return reader.Header.NextSeq == seq ? reader.Header.PayloadCrc : null;
        return null;
    }

    private static bool IsWhole(IFileHandle file, TapeSegmentFile segment, BlockReader reader, long offset)
    {
        var outcome = reader.ReadHeader(file, offset);
        if (outcome == BlockOutcome.Good) return offset + BlockHeader.Bytes + reader.Header.PayloadBytes <= file.Length;
        if (outcome == BlockOutcome.Bad && LaterCommit.Find(file, offset, segment.TapeId) >= 0 && reader.ReadHeader(file, offset) == BlockOutcome.Bad)
            throw TapeDamageText.Exception(segment.Path, offset, reader.Found);
        return reader.ReadHeader(file, offset) == BlockOutcome.Good && offset + BlockHeader.Bytes + reader.Header.PayloadBytes <= file.Length;
    }
}
