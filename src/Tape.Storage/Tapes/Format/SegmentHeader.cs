using System.Buffers.Binary;

namespace Tape.Storage.Tapes.Format;

/// <summary>The first 64 bytes of a segment file.</summary>
internal readonly record struct SegmentHeader(long TapeId, long FirstSeq, long CreatedAt)
{
    public const int Bytes = 64;
    private const int CrcAt = 60;
    private static ReadOnlySpan<byte> Magic => "TAPESEG\n"u8;

    public void Write(Span<byte> target)
    {
        target[..Bytes].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], TapeFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], TapeId);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], FirstSeq);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], CreatedAt);
        BinaryPrimitives.WriteUInt32LittleEndian(target[CrcAt..], Crc32C.Of(target[..CrcAt]));
    }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="path">Where it stands.</param>
    /// <returns>What is wrong, as found and expected; null when it is good.</returns>
    /// <exception cref="UnknownVersionException">It is whole, and of a version that this program does not know.</exception>
    public static string? Read(string path, ReadOnlySpan<byte> source, out SegmentHeader header)
    {
        header = default;
        if (source.Length < Bytes) return $"{source.Length} bytes, expected a segment header of {Bytes}";
        if (!source.StartsWith(Magic))
            return $"it begins with {Convert.ToHexStringLower(source[..8])}, expected the mark of a segment, {Convert.ToHexStringLower(Magic)}";
        var (found, expected) = (BinaryPrimitives.ReadUInt32LittleEndian(source[CrcAt..]), Crc32C.Of(source[..CrcAt]));
        if (found != expected) return $"the segment header has checksum {found:x8}, expected {expected:x8}";
        var version = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]);
        if (version != TapeFormat.Version) throw new UnknownVersionException(path, $"format version {version} of segments", $"version {TapeFormat.Version}");
        header = new(BinaryPrimitives.ReadInt64LittleEndian(source[16..]), BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[32..]));
        return null;
    }
}
