using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Schema;

namespace Tape.Storage.Seals;

/// <summary>
/// Whether an entry of the seal log says what an entry must say: a line whose checksum is right may still be forged, or written by a program with a fault.
/// What follows from the entries before it is looked at by <see cref="SealLogState"/>.
/// </summary>
internal static class SealEntryCheck
{
    /// <summary>Where parts are, merged ones too.</summary>
    public const string PartFolder = "raw/";

    /// <summary>How their names end.</summary>
    public const string PartEnding = ".parquet";

    private static readonly DateOnly FirstDay = new(1678, 1, 1);
    private static readonly DateOnly LastDay = new(2261, 12, 31);

    /// <summary>What is wrong, as a sentence's end; null when nothing is.</summary>
    public static string? Fault(SealLogEntry entry) => entry switch
    {
        SealEntry seal => RangeFault(seal.Tape, seal.FromSeq, seal.ToSeqExcl) ?? Missing(seal.Decoder, "decoder") ?? FilesFault(seal.Files)
            ?? (seal is MergeEntry && seal.Streams is null ? null : StreamsFault(seal.Streams)) ?? Negative(seal.Undecodable, "undecodable"),
        CheckpointEntry front => RangeFault(front.Tape, 0, front.ToSeqExcl) ?? FilesFault(front.Files) ?? StreamsFault(front.Streams)
            ?? ArchivesFault(front.Archives)
            ?? Negative(front.Undecodable, "undecodable") ?? Negative(front.Kept, "kept") ?? Negative(front.Seals, "seals")
            ?? Negative(front.LinesBefore, "lines_before") ?? HeadsFault(front.Heads),
        CommitEntry { Files: { } files } commit => FilesFault(files) ?? HeadsFault(commit.Heads),
        CommitEntry commit => HeadsFault(commit.Heads),
        HeadsEntry { Heads: null } => Missing(null, "heads"),
        HeadsEntry heads => HeadsFault(heads.Heads),
        _ => null,
    };

    /// <summary>Whether nanoseconds since the epoch reach a day and the one after it.</summary>
    public static bool IsDay(DateOnly day) => day >= FirstDay && day <= LastDay;

    private static string? RangeFault(string? tape, long fromSeq, long toSeqExcl) =>
        !HexText.IsTapeId(tape) ? $"tape '{tape}', expected 16 hexadecimal digits"
        : fromSeq < 0 || toSeqExcl < fromSeq ? $"records {fromSeq} to before {toSeqExcl}, expected a range" : null;

    private static string? FilesFault(IReadOnlyList<SealedFile>? files) =>
        files is null ? Missing(null, "files") : files.Select(FileFault).FirstOrDefault(fault => fault is not null);

    private static string? FileFault(SealedFile? file) =>
        file is null ? "a file that is null"
        : Missing(file.Table, "table") ?? Missing(file.Venue, "venue") ?? EntryPath.Fault(file.Path, PartFolder, PartEnding)
            ?? (IsDay(file.Day) ? null : $"day {file.Day:yyyy-MM-dd}, expected one from {FirstDay:yyyy} to {LastDay:yyyy}")
            ?? Negative(file.Rows, "rows") ?? Negative(file.Bytes, "bytes")
            ?? (HexText.IsHash(file.Hash) ? null : $"hash '{file.Hash}' of {file.Path}, expected 32 hexadecimal digits");

    private static string? StreamsFault(IReadOnlyList<StreamStatistics>? streams) =>
        streams is null ? Missing(null, "streams")
        : streams.Any(stream => stream is null or { Exchange: null } or { Channel: null } or { Symbol: null }) ? "a stream without exchange, channel or symbol"
        : streams.Any(stream => stream.Frames < 0 || stream.Rows < 0 || stream.Dropped < 0) ? "a stream with a negative count" : null;

    private static string? ArchivesFault(IReadOnlyList<SealArchive>? archives) =>
        archives is null ? Missing(null, "archives")
        : archives.Select(archive => archive is null ? "an archive that is null"
            : EntryPath.Fault(archive.Path, SealArchives.Folder, SealArchives.Extension)
                ?? (archive.FromSeq < 0 || archive.ToSeqExcl <= archive.FromSeq || archive.Seals <= 0
                    ? $"archive {archive.Path} of records {archive.FromSeq} to before {archive.ToSeqExcl}, expected a range" : null))
            .FirstOrDefault(fault => fault is not null);

    private static string? HeadsFault(VaultHeads? heads) =>
        new[] { heads?.Gaps, heads?.Compact }.Any(head => head is { } known && (known.Lines < 0 || !HexText.IsHash(known.Chain))) ? "a head that is none"
        : heads?.Answers is { } answers && (!HexText.IsTapeId(answers.Id) || answers.NextSeq < 0) ? "a mark of the answers log that is none" : null;

    private static string? Missing(string? text, string field) => text is null ? $"no '{field}'" : null;

    private static string? Negative(long number, string field) => number < 0 ? $"'{field}' {number}, expected 0 or more" : null;
}
