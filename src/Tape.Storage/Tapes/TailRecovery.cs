using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Tapes;

/// <summary>
/// Finds the true end of a tape and cuts what a crash left behind it. Only bytes of the last, unfinished commit are ever cut:
/// when later blocks prove that a bad place once was durable, it is damage, and opening refuses instead of cutting.
/// </summary>
internal static class TailRecovery
{
    /// <summary>Recovers the tape of a folder. All that it leaves is durable when it returns.</summary>
    /// <returns>The last segment, open for writing, owned by the caller; null when the folder holds no segment (any more).</returns>
    /// <param name="cut">What was cut or deleted; null when the tape ended in order.</param>
    public static OpenSegment? Run(IFiles files, string folder, out TapeRecovery? cut)
    {
        cut = null;
        var segments = TapeSegmentFile.List(files, folder);
        for (var index = segments.Length - 1; index >= 0; index--)
        {
            var segment = segments[index];
            var file = segment.IsCompressed(files) ? segment.Open(files) : files.Open(segment.Path, FileUse.Write);
            try
            {
                var fault = segment.CheckHeader(file);
                if (fault is null) return Walk(files, folder, segment, file, ref cut);
                if (file is CompressedSegment) throw TapeDamageText.Exception(segment.CompressedPath, 0, fault);
                // The header is synced before the first block is written, so a crash leaves a bad header only in a file without blocks.
                if (file.Length > SegmentHeader.Bytes) throw TapeDamageText.Exception(segment.Path, 0, fault);
                cut = new(Path.GetFileName(segment.Path), 0, file.Length, fault);
            }
            catch
            {
                file.Dispose();
                throw;
            }
            file.Dispose();
            files.Delete(segment.Path);
            files.SyncFolder(folder);
        }
        return null;
    }

    private static OpenSegment Walk(IFiles files, string folder, TapeSegmentFile segment, IFileHandle file, ref TapeRecovery? cut)
    {
        var reader = new BlockReader(segment.TapeId);
        var index = new SegmentIndexBuilder(segment.TapeId, segment.FirstSeq);
        var (offset, nextSeq) = ((long)SegmentHeader.Bytes, segment.FirstSeq);
        BlockOutcome outcome;
        for (; (outcome = reader.Read(file, offset)) == BlockOutcome.Good; offset += BlockHeader.Bytes + reader.Header.PayloadBytes)
        {
            if (reader.Header.FirstSeq != nextSeq)
                throw TapeDamageText.Exception(segment.Path, offset, $"a block that begins with record {reader.Header.FirstSeq}, expected {nextSeq}");
            index.Add(offset, reader.Header);
            nextSeq = reader.Header.NextSeq;
        }
        if (outcome != BlockOutcome.End) cut = CutTail(segment, file, offset, reader.Found);
        file.Sync();
        // The segment may be one whose name could not be made durable when it was begun: that is made good before anything is added to it.
        files.SyncFolder(folder);
        return new(segment, file, offset, nextSeq, index);
    }

    private static TapeRecovery CutTail(TapeSegmentFile segment, IFileHandle file, long offset, string found)
    {
        if (file is CompressedSegment) throw TapeDamageText.Exception(segment.CompressedPath, offset, found);
        var later = LaterCommit.Find(file, offset, segment.TapeId);
        if (later >= 0)
            throw new DamagedException(
                $"{Path.GetFileName(segment.Path)}: at byte {offset}: found {found}; good blocks follow at byte {later}, so this is damage and not a torn tail",
                    TapeDamageText.Hint);
        var cut = new TapeRecovery(Path.GetFileName(segment.Path), offset, file.Length - offset, found);
        file.SetLength(offset);
        return cut;
    }
}
