using System.Text;

namespace Tape.Storage.Tests.Tapes;

/// <summary>
/// A second reader, written from docs/formats.md alone, the way someone would write it in another language: it shares no code with ours and is not fast.
/// It proves that the page says enough.
/// </summary>
internal static class DocumentReader
{
    public sealed record Record(long Seq, int Kind, long Connection, long Time, byte[] Payload);

    public static List<Record> ReadSegment(string path)
    {
        var bytes = File.ReadAllBytes(path);
        using var reader = new BinaryReader(new MemoryStream(bytes));
        Require(Encoding.ASCII.GetString(reader.ReadBytes(8)) == "TAPESEG\n", "mark of the segment");
        Require(reader.ReadUInt32() == 1 && reader.ReadUInt32() == 64, "version and header length");
        var tapeId = reader.ReadInt64();
        var nextSeq = reader.ReadInt64();
        Require(Path.GetFileName(path).StartsWith("tape-v1", StringComparison.Ordinal) || Path.GetFileName(path) == $"{tapeId:x16}-{nextSeq:D16}.tape", "name");
        _ = reader.ReadInt64();
        Require(reader.ReadBytes(20).All(value => value == 0), "zeros");
        Require(reader.ReadUInt32() == Crc(bytes, 0, 60), "checksum of the segment header");

        var records = new List<Record>();
        while (reader.BaseStream.Position < bytes.Length)
        {
            ReadBlock(reader, bytes, tapeId, nextSeq, records);
            nextSeq = records[^1].Seq + 1;
        }
        return records;
    }

    private static void ReadBlock(BinaryReader reader, byte[] bytes, long tapeId, long seq, List<Record> records)
    {
        var start = (int)reader.BaseStream.Position;
        Require(Encoding.ASCII.GetString(reader.ReadBytes(4)) == "TBLK", "mark of the block");
        Require(start - reader.ReadUInt32() >= 64, "unsynced back");
        var (length, count) = (reader.ReadUInt32(), reader.ReadUInt32());
        Require(reader.ReadInt64() == tapeId && reader.ReadInt64() == seq, "tape id and seq");
        var (time, earliest, latest) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        Require(reader.ReadUInt32() == Crc(bytes, start + 64, (int)length), "checksum of the records");
        Require(reader.ReadUInt32() == Crc(bytes, start, 60), "checksum of the block header");
        var connection = 0L;
        for (var index = 0; index < count; index++)
        {
            var kind = reader.ReadByte();
            var payloadLength = ReadVarint(reader);
            connection += ReadZigzag(reader);
            time += ReadZigzag(reader);
            Require(time >= earliest && time <= latest, "times");
            records.Add(new(seq++, kind, connection, time, reader.ReadBytes((int)payloadLength)));
        }
        Require(reader.BaseStream.Position == start + 64 + length, "end of the block");
    }

    private static ulong ReadVarint(BinaryReader reader)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var part = reader.ReadByte();
            value |= (ulong)(part & 127) << shift;
            if (part < 128) return value;
            shift += 7;
        }
    }

    private static long ReadZigzag(BinaryReader reader)
    {
        var n = ReadVarint(reader);
        return n % 2 == 0 ? (long)(n / 2) : -(long)(n / 2) - 1;
    }

    private static uint Crc(byte[] bytes, int start, int count)
    {
        var crc = 0xFFFFFFFF;
        for (var at = start; at < start + count; at++)
        {
            crc ^= bytes[at];
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        return ~crc;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new InvalidDataException($"{what} is not as the page says");
    }
}
