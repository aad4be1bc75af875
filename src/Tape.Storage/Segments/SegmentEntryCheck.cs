using Tape.Storage.Schema;

namespace Tape.Storage.Segments;

/// <summary>Whether a line of <c>segments.log</c> says what it must say: one whose checksum is right may still be forged.</summary>
internal static class SegmentEntryCheck
{
    /// <summary>What is wrong, as a sentence; null when nothing is.</summary>
    public static string? Fault(SegmentLogEntry entry) =>
        !HexText.IsTapeId(entry.Tape) ? $"tape '{entry.Tape}', expected 16 hexadecimal digits"
        : entry.Seals is { } head && (head.Lines < 0 || !HexText.IsHash(head.Chain)) ? "a head of the seal log that is none"
        : entry.FirstSeq < 0 ? $"a segment that begins with record {entry.FirstSeq}, expected 0 or more"
        : entry switch
        {
            SegmentEntry segment when segment.NextSeq < segment.FirstSeq || segment.Bytes < 0 || segment.CompressedBytes < 0 =>
                $"a segment of records {segment.FirstSeq} to before {segment.NextSeq} in {segment.Bytes} bytes, expected a range",
            SegmentEntry { Sha256: null } or SegmentEntry { Records: null } => "a segment without sha256 or records",
            VerifiedEntry { Rows: null } or VerifiedEntry { Beyond: null } or VerifiedEntry { Decoder: null } =>
                "a verification without rows, beyond or decoder",
            VerifiedEntry verified => verified.Beyond.Prepend(verified.Rows).Select(RowsFault).FirstOrDefault(fault => fault is not null),
            ExpiredEntry { Why: null } => "an expiry without its reason",
            _ => null,
        };

    private static string? RowsFault(RangeRows? rows) =>
        rows?.Tables is null || rows.Tables.Any(table => table is null or { Table: null }) ? "rows without tables"
        : rows.Undecodable < 0 || rows.Tables.Any(table => table.Rows < 0) ? "a negative count of rows"
        : rows.Tables.FirstOrDefault(table => !HexText.IsHash(table.Hash)) is { } wrong
            ? $"hash '{wrong.Hash}', expected 32 hexadecimal digits" : null;
}
