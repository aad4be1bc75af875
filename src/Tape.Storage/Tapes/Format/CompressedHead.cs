using System.Buffers.Binary;

namespace Tape.Storage.Tapes.Format;

/// <summary>A piece of a compressed segment.</summary>
/// <param name="Offset">Where its Brotli stream begins in the file.</param>
/// <param name="Bytes">Length of that stream.</param>
/// <param name="Crc">CRC32C of the bytes that it gives.</param>
internal readonly record struct CompressedChunk(long Offset, int Bytes, uint Crc);

/// <summary>
/// What stands before the chunks of a compressed segment: whose it is, how long the segment was, and where each chunk lies. All chunks but the last give
/// <see cref="ChunkBytes"/> bytes, so that any byte of the segment is found without reading what lies before it.
/// </summary>
internal sealed record CompressedHead(long TapeId, long FirstSeq, long SegmentBytes, int ChunkBytes, CompressedChunk[] Chunks, byte[] Sha256)
{
    public const int ChunkBytesMax = 16 << 20;
    private const int Version = 1;
    private const int HeaderBytes = 64;
    private const int ChunkEntryBytes = 8;
    private const int Sha256Bytes = 32;
    private const int ChunksMax = 1 << 20;
    private const int TableCrcAt = 56;
    private const int CrcAt = 60;
    private static ReadOnlySpan<byte> Magic => "TAPEZIP\n"u8;

    /// <summary>Bytes before the first chunk.</summary>
    public static int BytesFor(int chunks) => HeaderBytes + chunks * ChunkEntryBytes + Sha256Bytes;

    /// <summary>Chunks of a segment.</summary>
    public static int CountFor(long segmentBytes, int chunkBytes) => checked((int)((segmentBytes + chunkBytes - 1) / chunkBytes));

    /// <summary>Bytes that a chunk gives.</summary>
    public int PlainBytes(int chunk) => (int)Math.Min(ChunkBytes, SegmentBytes - (long)chunk * ChunkBytes);

    public byte[] ToBytes()
    {
        var bytes = new byte[BytesFor(Chunks.Length)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), HeaderBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), TapeId);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), FirstSeq);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), SegmentBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), ChunkBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(44), Chunks.Length);
        for (var chunk = 0; chunk < Chunks.Length; chunk++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderBytes + chunk * ChunkEntryBytes), Chunks[chunk].Bytes);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(HeaderBytes + chunk * ChunkEntryBytes + 4), Chunks[chunk].Crc);
        }
        Sha256.CopyTo(bytes, bytes.Length - Sha256Bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(TableCrcAt), Crc32C.Of(bytes.AsSpan(HeaderBytes)));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Of(bytes.AsSpan(0, CrcAt)));
        return bytes;
    }

    /// <summary>Reads and checks the head of a file, and that the file is as long as its chunks.</summary>
    /// <exception cref="DamagedException">It is not the head of this segment.</exception>
    public static CompressedHead Read(IFileHandle file, TapeSegmentFile segment)
    {
        var path = segment.CompressedPath;
        var header = new byte[HeaderBytes];
        if (HeaderFault(header.AsSpan(0, file.Read(0, header)), segment) is { } fault) throw TapeDamageText.Exception(path, 0, fault);
        var (segmentBytes, chunkBytes, count) =
            (BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32)), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(40)),
            BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(44)));
        if (chunkBytes is < 1 or > ChunkBytesMax || count is < 1 or > ChunksMax || segmentBytes < 1 || (segmentBytes - 1) / chunkBytes != count - 1)
            throw TapeDamageText.Exception(path, 32, $"{segmentBytes} bytes in {count} chunks of {chunkBytes}, which do not fit together");
        var table = new byte[count * ChunkEntryBytes + Sha256Bytes];
        var (found, expected) = (Crc32C.Of(table.AsSpan(0, file.Read(HeaderBytes, table))), BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(TableCrcAt)));
        if (found != expected) throw TapeDamageText.Exception(path, HeaderBytes, $"a table of chunks with checksum {found:x8}, expected {expected:x8}");
        var chunks = ReadChunks(table, count, out var end);
        if (file.Length != end) throw TapeDamageText.Exception(path, file.Length, $"{file.Length} bytes, expected {end} as the table of chunks says");
        return new(segment.TapeId, segment.FirstSeq, segmentBytes, chunkBytes, chunks, table[^Sha256Bytes..]);
    }

    private static CompressedChunk[] ReadChunks(ReadOnlySpan<byte> table, int count, out long end)
    {
        var chunks = new CompressedChunk[count];
        end = BytesFor(count);
        for (var chunk = 0; chunk < count; chunk++)
        {
            var entry = table[(chunk * ChunkEntryBytes)..];
            chunks[chunk] = new(end, BinaryPrimitives.ReadInt32LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]));
            end += chunks[chunk].Bytes;
        }
        return chunks;
    }

    private static string? HeaderFault(ReadOnlySpan<byte> header, TapeSegmentFile segment)
    {
        if (header.Length < HeaderBytes) return $"{header.Length} bytes, expected a header of {HeaderBytes}";
        if (!header.StartsWith(Magic))
            return $"it begins with {Convert.ToHexStringLower(header[..8])}, expected the mark of a compressed segment, {Convert.ToHexStringLower(Magic)}";
        var (found, expected) = (BinaryPrimitives.ReadUInt32LittleEndian(header[CrcAt..]), Crc32C.Of(header[..CrcAt]));
        if (found != expected) return $"a header with checksum {found:x8}, expected {expected:x8}";
        var version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (version != Version)
            throw new UnknownVersionException(segment.CompressedPath, $"format version {version} of compressed segments", $"version {Version}");
        var (tapeId, firstSeq) = (BinaryPrimitives.ReadInt64LittleEndian(header[16..]), BinaryPrimitives.ReadInt64LittleEndian(header[24..]));
        return tapeId == segment.TapeId && firstSeq == segment.FirstSeq
            ? null : $"the header of segment {TapeFormat.SegmentName(tapeId, firstSeq)}, expected the one that the file name says";
    }
}
