using Tape.Cli;
using Tape.Derive.Compaction;
using Tape.Derive.Decoding;
using Tape.Derive.Sealing;
using Tape.Host.Processes;
using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Retention;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.Storage.Tapes;
using Tape.Tables.Compaction;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Venues;

namespace Tape.Bench.Crash;

/// <summary>
/// Whether finished days came through: finishes what is left of them in this process, then holds tables, files of finished days and the tape's list against
/// what was there before the first kill.
/// </summary>
internal sealed class OldDaysProof
{
    private readonly string _vault;
    private readonly OldDays _days;
    private readonly List<string> _faults = [];

    private OldDaysProof(string vault, OldDays days) => (_vault, _days) = (vault, days);

    /// <summary>What is not as it must be, as sentences.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Days that killed processes had already compacted and merged.</summary>
    public int MadeBefore { get; private set; }

    /// <summary>Days that are compacted and merged now.</summary>
    public int Made { get; private set; }

    /// <summary>Segments on the tape that are compressed.</summary>
    public int Compressed { get; private set; }

    /// <summary>Segments that have expired.</summary>
    public int Expired { get; private set; }

    /// <summary>Finishes and looks.</summary>
    /// <param name="vault">A vault that no process has open.</param>
    public static OldDaysProof Run(string vault, OldDays days, CancellationToken cancel)
    {
        var proof = new OldDaysProof(vault, days);
        proof.MadeBefore = days.Rows.Count - proof.Finish(cancel);
        if (proof.Finish(cancel) is > 0 and var again) proof._faults.Add($"{again} days were made again although nothing of them had changed");
        proof.CheckRows();
        proof.CheckFiles();
        proof.CountSegments();
        return proof;
    }

    /// <summary>As <c>tape compact</c> does.</summary>
    /// <returns>Days on which something was left to do.</returns>
    private int Finish(CancellationToken cancel)
    {
        var owner = ThisProcess.Owner("tape-bench crash");
        using var sealer = Sealer.Open(DiskFiles.Instance, _vault, new SealLimits(), VenueCatalog.Find, TimeProvider.System, owner);
        using var writer = CompactWriter.Open(DiskFiles.Instance, CompactWriter.Limits(_vault));
        using var compactor = DayCompactor.Open(DiskFiles.Instance, _vault, owner, writer);
        return new DayMaker(DiskFiles.Instance, _vault, compactor, writer, sealer.Merge)
            .Run(SealLog.Read(DiskFiles.Instance, _vault), null, (_, _) => { }, _ => { }, _ => { }, cancel);
    }

    /// <summary>Each day has the rows that it had, in one RAW file a table, and each event once in its files for research.</summary>
    private void CheckRows()
    {
        var seals = SealLog.Read(DiskFiles.Instance, _vault);
        var now = FinishedDays.Of(seals).ToDictionary(day => day.Day);
        var made = CompactHistory.Read(DiskFiles.Instance, _vault);
        using var reader = PartReader.Open(new DuckDbOptions());
        foreach (var (day, rows) in _days.Rows)
        {
            var before = _faults.Count;
            if (!now.TryGetValue(day, out var raw) || !raw.Totals.SequenceEqual(rows)) Fault(day, $"RAW rows are {Text(raw?.Totals)}, expected {Text(rows)}");
            else if (raw.Files.Count != rows.Count) Fault(day, $"{raw.Files.Count} RAW files, expected {rows.Count}");
            CheckCompact(day, made.Find(day), rows, reader);
            if (_faults.Count == before) Made++;
        }
    }

    private void CheckCompact(DateOnly day, CompactDay? made, IReadOnlyList<RawTotal> rows, PartReader reader)
    {
        if (made?.IsOf(rows) != true)
        {
            Fault(day, $"its files are {(made is null ? "not made" : $"made of {Text([.. made.Tables.Select(table => table.Raw)])}")}, expected of "
                + $"{Text(rows)}");
            return;
        }

        var duplicates = made.Tables.Sum(table => table.Duplicates);
        if (duplicates != _days.Duplicates[day]) Fault(day, $"{duplicates} duplicates were left out, expected {_days.Duplicates[day]}");
        if (made.Generation != 0) Fault(day, $"it was made {made.Generation + 1} times, and its rows never changed");
        foreach (var table in made.Tables)
        {
            var found = reader.Read(RawSchema.Find(table.Raw.Table)!, EntryPath.Absolute(_vault, table.Path));
            if ((found.Rows, found.Hash.ToString()) != (table.Rows, table.Hash))
                Fault(day, $"{table.Path} holds {found.Rows} rows with hash {found.Hash}, expected {table.Rows} with {table.Hash}");
            if ((RowHash.Parse(table.Hash) + RowHash.Parse(table.DuplicatesHash)).ToString() != table.Raw.Hash
                || table.Rows + table.Duplicates != table.Raw.Rows)
                Fault(day, $"{table.Path} and its duplicates are not the rows of RAW");
        }
    }

    /// <summary>Nothing lies in the folders that no log names.</summary>
    private void CheckFiles()
    {
        var seals = SealLog.Read(DiskFiles.Instance, _vault);
        Compare("raw", seals.Files.Select(file => file.Path));
        Compare("compact", CompactHistory.Read(DiskFiles.Instance, _vault).Days.SelectMany(day => day.Tables).Select(table => table.Path));
        Compare("tmp", []);
    }

    private void Compare(string folder, IEnumerable<string> expected)
    {
        var there = new DirectoryInfo(Path.Combine(_vault, folder)) is { Exists: true } found
            ? found.EnumerateFiles("*.parquet", SearchOption.AllDirectories).Select(file => file.FullName).ToHashSet(StringComparer.Ordinal)
            : [];
        var listed = expected.Select(path => EntryPath.Absolute(_vault, path)).ToHashSet(StringComparer.Ordinal);
        foreach (var stray in there.Except(listed).Take(3)) _faults.Add($"{stray}: no log names this file");
        foreach (var missing in listed.Except(there).Take(3)) _faults.Add($"{missing}: this file is missing");
    }

    private void CountSegments()
    {
        var folder = TapeRange.Folder(_vault);
        Expired = SegmentHistory.Read(DiskFiles.Instance, folder).Segments.Count(story => story.Expired is not null);
        Compressed = TapeFolder.Segments(DiskFiles.Instance, folder).Count(segment => segment.CompressedBytes is not null);
    }

    private void Fault(DateOnly day, string text) => _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}: {text}"));

    private static string Text(IReadOnlyList<RawTotal>? totals) =>
        totals is null ? "none" : string.Join(", ", totals.Select(total => $"{total.Rows} {total.Table} ({total.Hash})"));
}
