using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Tapes;

/// <summary>What any process may ask of a tape's folder without owning it.</summary>
public static class TapeFolder
{
    /// <summary>The segments in order. Finished ones come from their index, others from their block headers; records are not read.</summary>
    /// <exception cref="Core.Errors.DamagedException">A block header is damaged, or the folder holds two tapes.</exception>
    public static IReadOnlyList<SegmentInfo> Segments(IFiles files, string folder)
    {
        var segments = TapeSegmentFile.List(files, folder);
        var infos = new SegmentInfo[segments.Length];
        for (var number = 0; number < infos.Length; number++) infos[number] = Info(files, segments[number], number < infos.Length - 1);
        return infos;
    }

    /// <summary>The id of the tape that a folder holds, by the names of its segments; null when it holds none, or is not there.</summary>
    /// <exception cref="Core.Errors.DamagedException">The folder holds two tapes.</exception>
    public static long? IdOf(IFiles files, string folder) => TapeSegmentFile.List(files, folder) is [var first, ..] ? first.TapeId : null;

    /// <summary>Number of the first record that is left of the tape; null when there is none.</summary>
    /// <exception cref="Core.Errors.DamagedException">The folder holds two tapes.</exception>
    public static long? FirstSeqOf(IFiles files, string folder) => TapeSegmentFile.List(files, folder) is [var first, ..] ? first.FirstSeq : null;

    /// <summary>Number after the last whole record of a tape; 0 when the folder holds none. Reads the block headers of the last segment.</summary>
    /// <exception cref="Core.Errors.DamagedException">A block header is damaged.</exception>
    public static long EndOf(IFiles files, string folder) =>
        TapeSegmentFile.List(files, folder) is [.., var last] ? SegmentWalk.Summarize(files, last).NextSeq : 0;

    /// <summary>The checksum of the records of the block that ends before a record, 8 hexadecimal digits; null when no block ends there.</summary>
    /// <exception cref="Core.Errors.DamagedException">A block header before it is damaged.</exception>
    public static string? ChecksumBefore(IFiles files, string folder, long seq)
    {
        var segment = TapeSegmentFile.List(files, folder).LastOrDefault(segment => segment.FirstSeq < seq);
        return segment.Path is null ? null : SegmentWalk.ChecksumBefore(files, segment, seq)?.ToString("x8", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Makes records durable that a reader has seen, whoever wrote them: syncs every segment that holds one of
    /// <paramref name="fromSeq"/>..<paramref name="toSeqExcl"/>. Call it before anything lasting is derived from them.
    /// </summary>
    public static void SyncThrough(IFiles files, string folder, long fromSeq, long toSeqExcl)
    {
        var segments = TapeSegmentFile.List(files, folder);
        for (var number = 0; number < segments.Length; number++)
        {
            var endsBefore = number + 1 < segments.Length && segments[number + 1].FirstSeq <= fromSeq;
            if (endsBefore || segments[number].FirstSeq >= toSeqExcl) continue;
            Sync(files, segments[number]);
        }
    }

    /// <summary>Syncs a plain segment. A compressed one was durable before it had its name, and the plain form goes only after that name is durable.</summary>
    private static void Sync(IFiles files, TapeSegmentFile segment)
    {
        try
        {
            using var file = files.Open(segment.Path, FileUse.Write);
            file.Sync();
        }
        catch (FileNotFoundException) when (files.FileExists(segment.CompressedPath))
        {
            // It has been compressed, so it is durable.
        }
    }

    private static SegmentInfo Info(IFiles files, TapeSegmentFile segment, bool isFinished)
    {
        var index = (isFinished ? SegmentIndex.Load(files, segment) : null) ?? SegmentWalk.Summarize(files, segment);
        var isEmpty = index.NextSeq == index.FirstSeq;
        return new(segment.Path, segment.TapeId, segment.FirstSeq, index.NextSeq, segment.Length(files),
            isEmpty ? null : new UnixNanos(index.MinTime), isEmpty ? null : new UnixNanos(index.MaxTime), isFinished)
        {
            CompressedBytes = segment.IsCompressed(files) ? files.FileLength(segment.CompressedPath) : null,
        };
    }
}
