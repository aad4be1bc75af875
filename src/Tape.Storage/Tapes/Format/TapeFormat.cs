namespace Tape.Storage.Tapes.Format;

/// <summary>The numbers of the tape format, version 1. docs/formats.md is its specification; a change here is a new version.</summary>
internal static class TapeFormat
{
    public const int Version = 1;

    /// <summary>Bytes of the longest payload of a record: 64 MiB.</summary>
    public const int RecordBytesMax = 64 << 20;

    /// <summary>Bytes that a record needs beside its payload, at most: kind, and three varints (32, 64 and 64 bits).</summary>
    public const int RecordOverheadMax = 1 + 5 + 10 + 10;

    /// <summary>Bytes of the longest payload of a block: one record of the greatest length.</summary>
    public const int BlockBytesMax = RecordBytesMax + RecordOverheadMax;

    /// <summary>The highest number that a segment's name holds.</summary>
    public const long SeqMax = 9_999_999_999_999_999;

    public const string SegmentSuffix = ".tape";
    public const string CompressedSuffix = ".tapez";
    public const string IndexSuffix = ".index";

    /// <summary>The name of a segment file: tape id in 16 hex digits, number of its first record in 16 decimal digits.</summary>
    public static string SegmentName(long tapeId, long firstSeq) =>
        string.Create(CultureInfo.InvariantCulture, $"{tapeId:x16}-{firstSeq:D16}{SegmentSuffix}");

    /// <summary>Reads the file name of a segment, plain or compressed; other files of the folder are not segments.</summary>
    public static bool TryParseName(string name, out long tapeId, out long firstSeq)
    {
        tapeId = firstSeq = 0;
        return name.Length > 33 && name[16] == '-' && name[33..] is SegmentSuffix or CompressedSuffix
            && long.TryParse(name.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out tapeId)
            && long.TryParse(name.AsSpan(17, 16), NumberStyles.None, CultureInfo.InvariantCulture, out firstSeq);
    }

    /// <summary>The path of a segment's time index.</summary>
    public static string IndexPath(string segmentPath) => Path.ChangeExtension(segmentPath, IndexSuffix);
}
