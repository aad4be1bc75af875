using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Storage.Logs;
using Tape.Storage.Tables;
using Tape.Storage.Tables.DuckDb;

namespace Tape.Query.Sanity;

/// <summary>Checks the files of seals: each opens, has schema v1, and holds exactly the rows that the seal log says. Not thread-safe.</summary>
internal sealed class SealCheck(IFiles files, string vault, List<string> findings) : IDisposable
{
    private readonly PartReader _parts = PartReader.Open(new DuckDbOptions());
    private readonly DuckDbDatabase _scratch = DuckDbDatabase.Open(new DuckDbOptions());

    private readonly HashSet<string> _bad = [];
    private readonly HashSet<string> _folds = [];
    private long _nextSeq;

    /// <summary>Files looked at.</summary>
    public int Files { get; private set; }

    /// <summary>Rows found in files.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows derived again and found the same.</summary>
    public long RowsProven { get; private set; }

    /// <summary>Whether a file is there, opens, and holds what its seal says; true for files that were not looked at.</summary>
    public bool IsGood(SealedFile file) => !_bad.Contains(file.Path);

    /// <summary>Seals looked at.</summary>
    public int Seals { get; private set; }

    /// <summary>Frames of them that could not be decoded.</summary>
    public long Undecodable { get; private set; }

    /// <summary>Checks seals one after the other, from the first: ranges follow one another from the first record on, their files hold what they say.</summary>
    /// <param name="tapeId">The tape beside them; null when it is damaged.</param>
    public void Check(SealEntry seal, long? tapeId)
    {
        Seals++;
        Undecodable += seal.Undecodable;
        if (tapeId is { } id)
        {
            if (seal.FromSeq != _nextSeq) findings.Add($"seal {seal.Id} begins at record {seal.FromSeq}, expected {_nextSeq}");
            if (seal.Tape != id.ToString("x16", System.Globalization.CultureInfo.InvariantCulture)) findings.Add($"seal {seal.Id} is of tape {seal.Tape}, found tape {id:x16}");
        }

        _nextSeq = seal.ToSeqExcl;
        CheckFiles(seal);
    }

    /// <summary>What is sealed lies on the tape.</summary>
    public void CheckEnd(long tapeEnd)
    {
        if (_nextSeq > tapeEnd) findings.Add($"seals reach record {_nextSeq}, but the tape ends at {tapeEnd}");
    }

    private void CheckFiles(SealEntry seal)
    {
        foreach (var file in seal.Files)
        {
            var place = Now(seal, file);
            // A folded file is looked at once, for the first seal that has rows in it.
            if (place.Fold is { } fold && !_folds.Add(fold.Path)) continue;
            Files++;
            if (Fault(seal, place.Fold ?? place, isFold: place.Fold is not null) is not { } fault) continue;
            findings.Add(fault);
            _bad.Add((place.Fold ?? place).Path);
        }
    }

    /// <summary>Files in the tables' folders that no seal names. The log is read after the folders, so that a seal made meanwhile is no finding.</summary>
    public void CheckStrays()
    {
        var found = Parts().ToList();
        var log = SealLog.Read(files, vault);
        var known = log.Superseded.Select(old => old.Seal).Append(log.Pending).OfType<SealEntry>().SelectMany(seal => seal.Files).Concat(log.Files).Select(file => file.Path)
            .Concat(log.OutOfUse.SelectMany(old => old.Paths)).Select(path => PartPath.Absolute(vault, path)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in found)
            if (!known.Contains(path) && files.FileExists(path)) findings.Add($"{Path.GetRelativePath(vault, path)} belongs to no seal");
    }

    /// <summary>A part as it is now: it may have been folded since the seal log was read.</summary>
    private SealedFile Now(SealEntry seal, SealedFile file) => file.Fold is not null || files.FileExists(PartPath.Absolute(vault, file.Path)) ? file
        : SealLog.Read(files, vault).PlaceOf(seal, file);

    /// <summary>Compares a range, derived again, with what its seal holds.</summary>
    public void CheckDerived(SealEntry seal, RowDeriver deriver)
    {
        var differences = SealComparison.Differences(seal, deriver);
        foreach (var difference in differences) findings.Add($"seal {seal.Id}: derived again, {difference.Text}{Examples(seal, difference)}");
        RowsProven += seal.Files.Where(file => differences.All(difference => difference.Stored != file)).Sum(file => file.Rows);
    }

    public void Dispose()
    {
        _parts.Dispose();
        _scratch.Dispose();
    }

    private IEnumerable<string> Parts()
    {
        var root = PartPath.Absolute(vault, $"raw/{RawSchema.Version}");
        foreach (var table in files.ListFolders(root))
            foreach (var venue in files.ListFolders(Path.Combine(root, table)))
                foreach (var day in files.ListFolders(Path.Combine(root, table, venue)))
                    foreach (var name in files.ListFiles(Path.Combine(root, table, venue, day))) yield return Path.Combine(root, table, venue, day, name);
    }

    /// <summary>Bytes that are not what was written are not given to the library, whatever it might make of them.</summary>
    private bool HoldsWhatWasSealed(SealedFile file) =>
        PartPath.Absolute(vault, file.Path) is var path && files.FileExists(path) && (file.Checksum is not { } expected || PartChecksum.Of(files, path) == expected);

    /// <summary>The first thing that is wrong with a file, or null.</summary>
    private string? Fault(SealEntry seal, SealedFile file, bool isFold)
    {
        var path = PartPath.Absolute(vault, file.Path);
        if (!files.FileExists(path)) return $"{file.Path} is missing (seal {seal.Id}, {file.Rows} rows)";
        try
        {
            if (!HoldsWhatWasSealed(file) && file.Checksum is { } expected)
                return $"{file.Path} was changed after it was sealed: its {files.FileLength(path)} bytes have checksum {PartChecksum.Of(files, path)}, expected {file.Bytes} bytes with {expected}";
            var found = _parts.Read(RawSchema.Find(file.Table) ?? throw new DamagedException($"seal {seal.Id} names a table '{file.Table}', which schema {RawSchema.Version} does not have"), path);
            Rows += found.Rows;
            return !isFold && OriginFault(seal, path) is { } other ? $"{file.Path} {other}"
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
    private string? OriginFault(SealEntry seal, string path)
    {
        var metadata = _parts.Metadata(path);
        var expected = new[] { ("tapevault_schema", RawSchema.Version), ("tape_id", seal.Tape), ("first_seq", Text(seal.FromSeq)), ("last_seq", Text(seal.ToSeqExcl - 1)), ("decoder_version", seal.Decoder) };
        foreach (var (key, value) in expected)
            if (metadata.GetValueOrDefault(key) != value) return $"says that its {key} is {metadata.GetValueOrDefault(key) ?? "unknown"}, expected {value}";
        using var connection = _scratch.Connect();
        using var range = connection.Query($"SELECT min(tape_seq), max(tape_seq) FROM read_parquet({Sql.Text(path)}, hive_partitioning = false)");
        if (!range.Next(out var chunk) || chunk.IsNull(0, 0)) return null;
        var (first, last) = (chunk.Values<long>(0)[0], chunk.Values<long>(1)[0]);
        return first < seal.FromSeq || last >= seal.ToSeqExcl ? $"has rows of records {first} to {last}, expected {seal.FromSeq} to {seal.ToSeqExcl - 1}" : null;
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The first rows that are stored and not derived.</summary>
    private string Examples(SealEntry seal, SealDifference difference)
    {
        if (difference is not { Stored: { } file, Buffer: { } buffer, Derived: { } part } || !HoldsWhatWasSealed(file.Fold ?? file)) return "";
        using var connection = _scratch.Connect();
        try
        {
            RowLoader.Load(connection, "main", "derived", buffer, part.Rows);
            return Examples(connection, seal, file.Fold ?? file);
        }
        finally
        {
            connection.Execute("DROP TABLE IF EXISTS main.derived");
        }
    }

    private string Examples(DuckDbConnection connection, SealEntry seal, SealedFile file)
    {
        var stored = $"SELECT * FROM read_parquet({Sql.Text(PartPath.Absolute(vault, file.Path))}, hive_partitioning = false) WHERE tape_seq >= {seal.FromSeq} AND tape_seq < {seal.ToSeqExcl}";
        using var rows = connection.Query($"SELECT tape_seq, idx FROM (({stored}) EXCEPT ALL SELECT * FROM main.derived) ORDER BY ALL LIMIT 3");
        var places = new List<string>();
        while (rows.Next(out var chunk))
            for (var row = 0; row < chunk.Rows; row++) places.Add($"({chunk.Values<long>(0)[row]}, {chunk.Values<int>(1)[row]})");
        return places.Count == 0 ? "" : $"; rows (tape_seq, idx) that differ: {string.Join(", ", places)}…";
    }
}
