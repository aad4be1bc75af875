using System.Buffers.Binary;

namespace Tape.Storage.Tapes.Format;

/// <summary>A place in a segment.</summary>
/// <param name="Offset">Byte offset of a block.</param>
/// <param name="FirstSeq">Number of the block's first record.</param>
/// <param name="MaxTime">Latest time of all records from the segment's start up to the next entry's block.</param>
internal readonly record struct IndexEntry(long Offset, long FirstSeq, long MaxTime);

/// <summary>
/// Where in a finished segment which records and times lie: an entry per MiB or so. Only a shortcut: it is derived from the block headers,
/// carries a checksum and the segment's length, and one that does not fit is ignored by readers and built again by the next writer.
/// </summary>
internal sealed record SegmentIndex(long TapeId, long FirstSeq, long NextSeq, long SegmentBytes, long FirstTime, long MinTime, long MaxTime,
    IndexEntry[] Entries)
{
    private const int HeadBytes = 72;
    private const int EntryBytes = 24;
    private const int EntriesMax = 1 << 20;
    private static ReadOnlySpan<byte> Magic => "TAPEIDX\n"u8;

    /// <summary>Writes the index beside its segment. It is not synced: a torn one is noticed by its checksum.</summary>
    public void Save(IFiles files, string segmentPath)
    {
        var bytes = new byte[HeadBytes + Entries.Length * EntryBytes + 4];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), TapeFormat.Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Entries.Length);
        WriteAll(bytes.AsSpan(16), TapeId, FirstSeq, NextSeq, SegmentBytes, FirstTime, MinTime, MaxTime);
        for (var index = 0; index < Entries.Length; index++)
            WriteAll(bytes.AsSpan(HeadBytes + index * EntryBytes), Entries[index].Offset, Entries[index].FirstSeq, Entries[index].MaxTime);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), Crc32C.Of(bytes.AsSpan(0, bytes.Length - 4)));
        using var file = files.Open(TapeFormat.IndexPath(segmentPath), FileUse.Replace);
        file.Write(0, bytes);
    }

    /// <summary>Reads the index of a segment.</summary>
    /// <returns>Null when there is none, or when it does not belong to this segment as it is.</returns>
    public static SegmentIndex? Load(IFiles files, TapeSegmentFile segment)
    {
        var path = TapeFormat.IndexPath(segment.Path);
        if (!files.FileExists(path)) return null;
        byte[] bytes;
        using (var file = files.Open(path, FileUse.Read))
        {
            if (file.Length is < HeadBytes + 4 or > HeadBytes + 4 + (long)EntriesMax * EntryBytes) return null;
            bytes = new byte[file.Length];
            if (file.Read(0, bytes) < bytes.Length) return null;
        }
        var index = Parse(bytes);
        return index is not null && index.TapeId == segment.TapeId && index.FirstSeq == segment.FirstSeq && index.SegmentBytes == segment.Length(files)
            ? index : null;
    }

    /// <summary>The version of an index that another version of the program wrote whole; null when there is none, or none that is whole.</summary>
    public static int? OtherVersion(IFiles files, TapeSegmentFile segment)
    {
        if (!files.FileExists(TapeFormat.IndexPath(segment.Path))) return null;
        using var file = files.Open(TapeFormat.IndexPath(segment.Path), FileUse.Read);
        Span<byte> head = stackalloc byte[12];
        if (file.Read(0, head) < head.Length || !head.StartsWith(Magic)) return null;
        return BinaryPrimitives.ReadInt32LittleEndian(head[8..]) is var version && version > TapeFormat.Version ? version : null;
    }

    /// <summary>Builds the index of a finished segment from its block headers.</summary>
    /// <exception cref="DamagedException">A block header is damaged, so nothing is known about what follows it.</exception>
    public static SegmentIndex Build(IFiles files, TapeSegmentFile segment)
    {
        using var file = segment.Open(files);
        var reader = new BlockReader(segment.TapeId);
        var builder = new SegmentIndexBuilder(segment.TapeId, segment.FirstSeq);
        var offset = (long)SegmentHeader.Bytes;
        for (; reader.ReadHeader(file, offset) is var outcome && outcome != BlockOutcome.End; offset += BlockHeader.Bytes + reader.Header.PayloadBytes)
        {
            if (outcome != BlockOutcome.Good) throw TapeDamageText.Exception(segment.Path, offset, reader.Found);
            builder.Add(offset, reader.Header);
        }
        return builder.Finish(offset);
    }

    /// <summary>The last entry whose block begins at or before a record.</summary>
    public IndexEntry BeforeSeq(long seq)
    {
        var entry = Entries.Length == 0 ? new IndexEntry(SegmentHeader.Bytes, FirstSeq, MaxTime) : Entries[0];
        foreach (var candidate in Entries)
            if (candidate.FirstSeq <= seq) entry = candidate;
        return entry;
    }

    /// <summary>The first entry behind which a record at or after a time may stand; null when the segment holds none.</summary>
    public IndexEntry? BeforeTime(long time)
    {
        foreach (var candidate in Entries)
            if (candidate.MaxTime >= time) return candidate;
        return null;
    }

    private static SegmentIndex? Parse(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) != Crc32C.Of(bytes[..^4])) return null;
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) != TapeFormat.Version) return null;
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (count < 0 || bytes.Length != HeadBytes + (long)count * EntryBytes + 4) return null;
        var entries = new IndexEntry[count];
        for (var index = 0; index < count; index++)
        {
            var entry = bytes[(HeadBytes + index * EntryBytes)..];
            entries[index] = new(Number(entry, 0), Number(entry, 1), Number(entry, 2));
        }
        var head = bytes[16..];
        return new(Number(head, 0), Number(head, 1), Number(head, 2), Number(head, 3), Number(head, 4), Number(head, 5), Number(head, 6), entries);
    }

    private static long Number(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadInt64LittleEndian(bytes[(index * 8)..]);

    private static void WriteAll(Span<byte> target, params ReadOnlySpan<long> values)
    {
        for (var index = 0; index < values.Length; index++) BinaryPrimitives.WriteInt64LittleEndian(target[(index * 8)..], values[index]);
    }
}
