namespace Tape.Storage.Tapes.Format;

/// <summary>Searches for block headers behind a bad place.</summary>
internal static class LaterBlock
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>The offset of the next whole header of this tape; -1 when there is none.</summary>
    /// <param name="mustProve">Only headers of blocks that were written after the bad place was durable count.</param>
    public static long Find(IFileHandle file, long badOffset, long tapeId, bool mustProve = false)
    {
        var chunk = new byte[ChunkBytes];
        for (var start = badOffset + 1; ; start += ChunkBytes - BlockHeader.Bytes + 1)
        {
            var bytes = chunk.AsSpan(0, file.Read(start, chunk));
            for (var at = Next(bytes, 0); at >= 0; at = Next(bytes, at + 1))
                if (Counts(bytes[at..], start + at, badOffset, tapeId, mustProve))
                    return start + at;
            if (bytes.Length < ChunkBytes) return -1;
        }
    }

    private static int Next(ReadOnlySpan<byte> bytes, int from)
    {
        var at = bytes[from..].IndexOf(BlockHeader.Magic);
        return at < 0 || bytes.Length - (from + at) < BlockHeader.Bytes ? -1 : from + at;
    }

    private static bool Counts(ReadOnlySpan<byte> bytes, long offset, long badOffset, long tapeId, bool mustProve) =>
        BlockHeader.IsGood(bytes[..BlockHeader.Bytes], tapeId) && (!mustProve || offset - BlockHeader.Read(bytes).UnsyncedBack > badOffset);
}
