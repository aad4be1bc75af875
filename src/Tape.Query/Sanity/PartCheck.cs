using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;

namespace Tape.Query.Sanity;

/// <summary>Checks files of seals one by one: each opens, has schema v1, and holds exactly the rows that the seal log says. Not thread-safe.</summary>
internal sealed class PartCheck(IFiles files, string vault) : IDisposable
{
    private readonly PartReader _parts = PartReader.Open(new DuckDbOptions());

    /// <summary>Rows found in files.</summary>
    public long Rows { get; private set; }

    /// <summary>Bytes that are not what was written are not given to the library, whatever it might make of them.</summary>
    public static bool HoldsWhatWasSealed(IFiles files, string vault, SealedFile file) =>
        EntryPath.Refusal(files, vault, file.Path) is null && EntryPath.Absolute(vault, file.Path) is var path && files.FileExists(path)
            && (file.Checksum is not { } expected || PartChecksum.Of(files, path) == expected);

    /// <summary>The first thing that is wrong with a file, or null.</summary>
    public string? Fault(SealEntry seal, SealedFile file, bool isMerge)
    {
        if (EntryPath.Refusal(files, vault, file.Path) is { } refused) return refused.Message;
        var path = EntryPath.Absolute(vault, file.Path);
        if (!files.FileExists(path)) return $"{file.Path} is missing (seal {seal.Id}, {file.Rows} rows)";
        try
        {
            if (!HoldsWhatWasSealed(files, vault, file) && file.Checksum is { } expected)
                return $"{file.Path} was changed after it was sealed: its {files.FileLength(path)} bytes have checksum {PartChecksum.Of(files, path)}, "
                    + $"expected {file.Bytes} bytes with {expected}";
            var found = _parts.Read(RawSchema.Find(file.Table)
                ?? throw new DamagedException($"seal {seal.Id} names a table '{file.Table}', which schema {RawSchema.Version} does not have"), path,
                out var records);
            Rows += found.Rows;
            return !isMerge && OriginFault(seal, path, records) is { } other ? $"{file.Path} {other}"
                : found.Rows != file.Rows ? $"{file.Path} has {found.Rows} rows, expected {file.Rows}"
                : found.Hash.ToString() != file.Hash ? $"{file.Path}: its rows have hash {found.Hash}, expected {file.Hash}"
                : null;
        }
        catch (TapeException fault)
        {
            return fault.Message.Contains(file.Path, StringComparison.Ordinal) ? fault.Message : $"{file.Path}: {fault.Message}";
        }
    }

    /// <summary>What the file says about its range itself, and where its rows are.</summary>
    private string? OriginFault(SealEntry seal, string path, SeqRange records)
    {
        var metadata = _parts.Metadata(path);
        var expected = new[]
        {
            ("tapevault_schema", RawSchema.Version),
            ("tape_id", seal.Tape),
            ("first_seq", Text(seal.FromSeq)),
            ("last_seq", Text(seal.ToSeqExcl - 1)),
            ("decoder_version", seal.Decoder),
        };
        foreach (var (key, value) in expected)
            if (metadata.GetValueOrDefault(key) != value) return $"says that its {key} is {metadata.GetValueOrDefault(key) ?? "unknown"}, expected {value}";
        return records != default && (records.FromSeq < seal.FromSeq || records.ToSeqExcl > seal.ToSeqExcl)
            ? $"has rows of records {records.FromSeq} to {records.ToSeqExcl - 1}, expected {seal.FromSeq} to {seal.ToSeqExcl - 1}" : null;
    }

    public void Dispose() => _parts.Dispose();

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
