using System.Buffers.Binary;

namespace Tape.Storage.Tapes.Format;

/// <summary>The 64 bytes before the records of a block.</summary>
internal struct BlockHeader
{
    public const int Bytes = 64;
    private const int CrcAt = 60;

    /// <summary>"TBLK", also what a search for blocks behind damage looks for.</summary>
    public static ReadOnlySpan<byte> Magic => "TBLK"u8;

    /// <summary>Bytes from the last durable place to this block: whatever lies before that place was durable when this block was written.</summary>
    public int UnsyncedBack;
    public int PayloadBytes;
    public int Records;
    public long TapeId;
    public long FirstSeq;
    public long FirstTime;
    public long MinTime;
    public long MaxTime;
    public uint PayloadCrc;

    /// <summary>Number of the record after the last one.</summary>
    public readonly long NextSeq => FirstSeq + Records;

    public readonly void Write(Span<byte> target)
    {
        Magic.CopyTo(target);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], UnsyncedBack);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], PayloadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], Records);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], TapeId);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], FirstSeq);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], FirstTime);
        BinaryPrimitives.WriteInt64LittleEndian(target[40..], MinTime);
        BinaryPrimitives.WriteInt64LittleEndian(target[48..], MaxTime);
        BinaryPrimitives.WriteUInt32LittleEndian(target[56..], PayloadCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(target[CrcAt..], Crc32C.Of(target[..CrcAt]));
    }

    /// <summary>Reads a header without judging it.</summary>
    public static BlockHeader Read(ReadOnlySpan<byte> source) => new()
    {
        UnsyncedBack = BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
        PayloadBytes = BinaryPrimitives.ReadInt32LittleEndian(source[8..]),
        Records = BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
        TapeId = BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
        FirstSeq = BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
        FirstTime = BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
        MinTime = BinaryPrimitives.ReadInt64LittleEndian(source[40..]),
        MaxTime = BinaryPrimitives.ReadInt64LittleEndian(source[48..]),
        PayloadCrc = BinaryPrimitives.ReadUInt32LittleEndian(source[56..]),
    };

    /// <summary>Whether these 64 bytes are a whole header of this tape.</summary>
    public static bool IsGood(ReadOnlySpan<byte> source, long tapeId) => Fault(source, tapeId) is null;

    /// <summary>What is wrong with a header, as found and expected; null when it is good. Allocates only when something is.</summary>
    public static string? Fault(ReadOnlySpan<byte> source, long tapeId)
    {
        if (!source.StartsWith(Magic))
            return $"the bytes {Convert.ToHexStringLower(source[..4])}, expected the mark of a block, {Convert.ToHexStringLower(Magic)}";
        var (found, expected) = (BinaryPrimitives.ReadUInt32LittleEndian(source[CrcAt..]), Crc32C.Of(source[..CrcAt]));
        if (found != expected) return $"a block header with checksum {found:x8}, expected {expected:x8}";
        var header = Read(source);
        if (header.TapeId != tapeId) return $"a block of tape {header.TapeId:x16}, expected tape {tapeId:x16}";
        if (header.PayloadBytes is < 0 or > TapeFormat.BlockBytesMax)
            return $"a block of {header.PayloadBytes} bytes, expected at most {TapeFormat.BlockBytesMax}";
        if (header.Records < 1) return $"a block of {header.Records} records, expected at least one";
        return null;
    }
}
