using Tape.Derive.Rows;
using Tape.Derive.Sealing;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Tables.Rows;

namespace Tape.Query.Sanity;

/// <summary>
/// Checks seals against the tape: their ranges, strays among their files, and, deep, their rows against those derived again. Not thread-safe.
/// </summary>
internal sealed class SealCheck(IFiles files, string vault, List<string> findings) : IDisposable
{
    private readonly DuckDbDatabase _scratch = DuckDbDatabase.Open(new DuckDbOptions());

    private long _nextSeq;

    /// <summary>Rows derived again and found the same.</summary>
    public long RowsProven { get; private set; }

    /// <summary>Seals looked at.</summary>
    public int Seals { get; private set; }

    /// <summary>Frames of them that could not be decoded.</summary>
    public long Undecodable { get; private set; }

    /// <summary>Checks seals one after the other, from the first: ranges follow one another from the first record on.</summary>
    /// <param name="tapeId">The tape beside them; null when it is damaged.</param>
    public void Check(SealEntry seal, long? tapeId)
    {
        Seals++;
        Undecodable += seal.Undecodable;
        if (tapeId is { } id)
        {
            if (seal.FromSeq != _nextSeq) findings.Add($"seal {seal.Id} begins at record {seal.FromSeq}, expected {_nextSeq}");
            if (seal.Tape != id.ToString("x16", System.Globalization.CultureInfo.InvariantCulture))
                findings.Add($"seal {seal.Id} is of tape {seal.Tape}, found tape {id:x16}");
        }

        _nextSeq = seal.ToSeqExcl;
    }

    /// <summary>What is sealed lies on the tape.</summary>
    public void CheckEnd(long tapeEnd)
    {
        if (_nextSeq > tapeEnd) findings.Add($"seals reach record {_nextSeq}, but the tape ends at {tapeEnd}");
    }

    /// <summary>Files in the tables' folders that no seal names. The log is read after the folders, so that a seal made meanwhile is no finding.</summary>
    public void CheckStrays()
    {
        var found = Parts().ToList();
        var log = SealLog.Read(files, vault);
        var known = log.Superseded.Select(old => old.Seal).Append(log.Pending).OfType<SealEntry>().SelectMany(seal => seal.Files).Concat(log.Files)
            .Select(file => file.Path)
            .Concat(log.OutOfUse.SelectMany(old => old.Paths)).Select(path => EntryPath.Absolute(vault, path)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in found)
            if (!known.Contains(path) && files.FileExists(path)) findings.Add($"{Path.GetRelativePath(vault, path)} belongs to no seal");
    }

    /// <summary>Compares a range, derived again, with what its seal holds.</summary>
    public void CheckDerived(SealEntry seal, RowDeriver deriver)
    {
        var differences = SealComparison.Differences(seal, deriver);
        foreach (var difference in differences) findings.Add($"seal {seal.Id}: derived again, {difference.Text}{Examples(seal, difference)}");
        RowsProven += seal.Files.Where(file => differences.All(difference => difference.Stored != file)).SaturatingSum(file => file.Rows);
    }

    public void Dispose() => _scratch.Dispose();

    private IEnumerable<string> Parts()
    {
        var root = EntryPath.Absolute(vault, $"raw/{RawSchema.Version}");
        foreach (var table in files.ListFolders(root))
            foreach (var venue in files.ListFolders(Path.Combine(root, table)))
                foreach (var day in files.ListFolders(Path.Combine(root, table, venue)))
                    foreach (var name in files.ListFiles(Path.Combine(root, table, venue, day))) yield return Path.Combine(root, table, venue, day, name);
    }

    /// <summary>The first rows that are stored and not derived.</summary>
    private string Examples(SealEntry seal, SealDifference difference)
    {
        if (difference is not { Stored: { } file, Buffer: { } buffer, Derived: { } part } || !PartCheck.HoldsWhatWasSealed(files, vault, file.Fold ?? file))
            return "";
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
        var stored = PartSelect.Of(vault, RawSchema.Find(file.Table)!, [file], $"tape_seq >= {seal.FromSeq} AND tape_seq < {seal.ToSeqExcl}");
        using var rows = connection.Query($"SELECT tape_seq, idx FROM (({stored}) EXCEPT ALL SELECT * FROM main.derived) ORDER BY ALL LIMIT 3");
        var places = new List<string>();
        while (rows.Next(out var chunk))
            for (var row = 0; row < chunk.Rows; row++) places.Add($"({chunk.Values<long>(0)[row]}, {chunk.Values<int>(1)[row]})");
        return places.Count == 0 ? "" : $"; rows (tape_seq, idx) that differ: {string.Join(", ", places)}…";
    }
}
