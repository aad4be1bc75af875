using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Tapes;

/// <summary>
/// Finds the true end of a tape and cuts what a crash left behind it. Only bytes of the last, unfinished commit are ever cut:
/// when later blocks prove that a bad place once was durable, it is damage. A damaged segment stays as it is, byte for byte, and counts as finished: the tape
/// goes on in a new one behind its last whole block, so that damage costs what it hit and never the recording.
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
                if (file.Length > SegmentHeader.Bytes)
                    return CloseDamaged(segment, file, new(segment.TapeId, segment.FirstSeq), 0, segment.FirstSeq, fault, ref cut);
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
                return CloseDamaged(segment, file, index, offset, nextSeq, $"a block that begins with record {reader.Header.FirstSeq}, expected {nextSeq}",
                    ref cut);
            index.Add(offset, reader.Header);
            nextSeq = reader.Header.NextSeq;
        }

        if (outcome != BlockOutcome.End)
        {
            if (file is CompressedSegment || LaterCommit.Find(file, offset, segment.TapeId) >= 0)
                return CloseDamaged(segment, file, index, offset, nextSeq, reader.Found, ref cut);
            cut = new(Path.GetFileName(segment.Path), offset, file.Length - offset, reader.Found);
            file.SetLength(offset);
        }

        file.Sync();
        // The segment may be one whose name could not be made durable when it was begun: that is made good before anything is added to it.
        files.SyncFolder(folder);
        return new(segment, file, offset, nextSeq, index);
    }

    /// <summary>Leaves a damaged segment as it is; what whole blocks it has behind the bad place tell where the tape goes on.</summary>
    /// <exception cref="DamagedException">No block of it is whole: its numbers may have been given out, and nothing tells how many.</exception>
    private static OpenSegment CloseDamaged(TapeSegmentFile segment, IFileHandle file, SegmentIndexBuilder index, long offset, long nextSeq, string found,
        ref TapeRecovery? cut)
    {
        var reader = new BlockReader(segment.TapeId);
        var at = offset;
        // A good block with a wrong number is itself the bad place: it is looked at again, and taken where its number rises.
        for (at = Math.Max(at - 1, 0); (at = LaterBlock.Find(file, at, segment.TapeId)) >= 0;)
            for (; reader.Read(file, at) == BlockOutcome.Good && reader.Header.FirstSeq >= nextSeq && reader.Header.NextSeq <= TapeFormat.SeqMax;
                at += BlockHeader.Bytes + reader.Header.PayloadBytes)
                nextSeq = reader.Header.NextSeq;

        if (nextSeq == segment.FirstSeq) throw TapeDamageText.Exception(segment.Path, offset, found);
        cut = new(Path.GetFileName(segment.Path), offset, 0,
            $"{found}; good blocks follow, so this is damage and not a torn tail: the segment stays as it is, and a new one begins with record {nextSeq}");
        return new(segment, file, file.Length, nextSeq, index) { IsDamaged = true };
    }
}
