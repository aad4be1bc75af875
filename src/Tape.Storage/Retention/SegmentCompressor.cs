using System.IO.Compression;
using Tape.Storage.Files;
using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Retention;

/// <summary>
/// Compresses finished segments, one at a time: the new file is written under another name and synced, read back whole and compared, renamed, its name synced,
/// and only then the plain file goes, which may have to wait until nobody reads it any more (Windows). Cut anywhere, at least one whole form is there under its
/// name. Holds two chunks of <see cref="ChunkBytes"/> and one block in memory. A segment that does not read back as it was written is left plain. Not
/// thread-safe; one compressor a tape, which is its caller's care.
/// </summary>
internal sealed class SegmentCompressor(IFiles files, string folder, Pace pace)
{
    /// <summary>Bytes of a segment that make one chunk.</summary>
    public const int ChunkBytes = 1 << 20;

    /// <summary>Quality 1: measured on frames, higher ones cost several times the time for a tenth of the bytes.</summary>
    private const int Quality = 1;

    private const int Window = 20;
    private const string TemporarySuffix = ".new";

    private byte[] _plain = [];
    private byte[] _packed = [];

    /// <summary>Removes what a cut run left under temporary names.</summary>
    public void Clean()
    {
        foreach (var name in files.ListFiles(folder))
            if (name.EndsWith(TapeFormat.CompressedSuffix + TemporarySuffix, StringComparison.Ordinal)) files.Delete(Path.Combine(folder, name));
    }

    /// <summary>Writes the compressed form beside the plain one, under its temporary name, durable and compared.</summary>
    /// <param name="digest">What the plain form holds.</param>
    /// <returns>Bytes of the compressed form.</returns>
    /// <exception cref="DamagedException">What was written does not read back as the plain form; the plain form stays.</exception>
    /// <exception cref="DiskFullException">No room; what was written is deleted.</exception>
    public async Task<long> PrepareAsync(TapeSegmentFile segment, SegmentDigest digest, CancellationToken cancel)
    {
        var temporary = segment.CompressedPath + TemporarySuffix;
        try
        {
            await WriteAsync(segment, digest, temporary, cancel).ConfigureAwait(false);
            var written = await ReadBackAsync(segment, temporary, cancel).ConfigureAwait(false);
            if (!written.IsSame(digest)) throw TapeDamageText.Exception(temporary, 0, $"bytes with SHA-256 {written.Sha256}, expected {digest.Sha256}");
            return files.FileLength(temporary);
        }
        catch (Exception fault) when (fault is DamagedException or DiskFullException or OperationCanceledException)
        {
            files.Delete(temporary);
            throw;
        }
    }

    /// <summary>Puts the prepared form in the place of the plain one.</summary>
    /// <returns>Whether the plain form is gone; else somebody has it open.</returns>
    public bool Replace(TapeSegmentFile segment)
    {
        files.Move(segment.CompressedPath + TemporarySuffix, segment.CompressedPath, overwrite: true);
        files.SyncFolder(folder);
        return TryDropPlain(segment);
    }

    /// <summary>Deletes the plain form of a segment whose compressed form is good and has its name for ever.</summary>
    /// <returns>Whether it is gone; else somebody has it open.</returns>
    public bool TryDropPlain(TapeSegmentFile segment)
    {
        if (!InUse.TryDelete(files, segment.Path)) return false;
        files.SyncFolder(folder);
        return true;
    }

    /// <summary>After a cut run left a segment in both forms: keeps the compressed one when it gives the same bytes, else the plain one.</summary>
    /// <param name="plain">What the plain form holds.</param>
    /// <returns>Whether the compressed form is good; the plain one may then still have to be dropped (<see cref="TryDropPlain"/>). When it is not good it is
    /// gone.</returns>
    public async Task<bool> SettleAsync(TapeSegmentFile segment, SegmentDigest plain, CancellationToken cancel)
    {
        var isGood = false;
        try
        {
            isGood = (await ReadBackAsync(segment, segment.CompressedPath, cancel).ConfigureAwait(false)).IsSame(plain);
        }
        catch (DamagedException)
        {
            // The plain form was read whole a moment ago: it stays, and is compressed again.
        }
        // Its name may be younger than the last sync of the folder, and the other form must not go before it is durable.
        files.SyncFolder(folder);
        if (isGood) return true;
        files.Delete(segment.CompressedPath);
        files.SyncFolder(folder);
        return false;
    }

    private async Task WriteAsync(TapeSegmentFile segment, SegmentDigest digest, string path, CancellationToken cancel)
    {
        using var source = files.Open(segment.Path, FileUse.Read);
        using var target = files.Open(path, FileUse.Replace);
        var chunks = new CompressedChunk[CompressedHead.CountFor(digest.Bytes, ChunkBytes)];
        var offset = (long)CompressedHead.BytesFor(chunks.Length);
        MakeRoom((int)Math.Min(digest.Bytes, ChunkBytes));
        for (var number = 0; number < chunks.Length; number++)
        {
            chunks[number] = WriteChunk(source, (long)number * ChunkBytes, target, offset);
            offset += chunks[number].Bytes;
            await pace.RestAsync(cancel).ConfigureAwait(false);
        }
        var head = new CompressedHead(segment.TapeId, segment.FirstSeq, digest.Bytes, ChunkBytes, chunks, Convert.FromHexString(digest.Sha256));
        target.Write(0, head.ToBytes());
        target.Sync();
    }

    private void MakeRoom(int chunkBytes)
    {
        if (_plain.Length < chunkBytes) (_plain, _packed) = (new byte[chunkBytes], new byte[BrotliEncoder.GetMaxCompressedLength(chunkBytes)]);
    }

    private CompressedChunk WriteChunk(IFileHandle source, long from, IFileHandle target, long offset)
    {
        var plain = _plain.AsSpan(0, source.Read(from, _plain));
        if (!BrotliEncoder.TryCompress(plain, _packed, out var count, Quality, Window))
            throw new InvalidOperationException($"{plain.Length} bytes do not fit into their greatest compressed length, {_packed.Length}");
        target.Write(offset, _packed.AsSpan(0, count));
        return new(offset, count, Crc32C.Of(plain));
    }

    private async Task<SegmentDigest> ReadBackAsync(TapeSegmentFile segment, string path, CancellationToken cancel)
    {
        using var file = CompressedSegment.Open(files.Open(path, FileUse.Read), segment);
        return await SegmentDigest.ReadAsync(file, segment, pace, cancel).ConfigureAwait(false);
    }
}
