using Tape.Core.Work;
using Tape.Derive.Sealing;
using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.Compaction;

namespace Tape.Derive.Compaction;

/// <summary>
/// Makes the files of finished days. One compactor a vault, held by the lock of the folder <c>compact</c>. Order: files written to <c>tmp/</c> and synced →
/// read back and proven against the counts and hashes of the seals → renamed into place → folders synced → day committed in the log → files of an earlier
/// generation deleted. Cut anywhere, the day is there as before or as after, and doing it again goes on. Not thread-safe.
/// </summary>
public sealed class DayCompactor : IDisposable
{
    private const string TemporaryPrefix = "compact-";

    private readonly IFiles _files;
    private readonly string _vault;
    private readonly string _temporary;
    private readonly CompactLog _log;
    private readonly CompactWriter _writer;

    private DayCompactor(IFiles files, string vault, CompactLog log, CompactWriter writer)
    {
        (_files, _vault, _log, _writer) = (files, vault, log, writer);
        _temporary = Path.Combine(vault, "tmp");
        EntryPath.Confine(files, vault, "tmp");
        DurableFolder.Create(files, _temporary);
        foreach (var name in files.ListFiles(_temporary))
            if (name.StartsWith(TemporaryPrefix, StringComparison.Ordinal)) files.Delete(Path.Combine(_temporary, name));
        foreach (var day in log.History.Days)
            if (day.Generation > 0 || day == log.History.Last) Clean(day);
    }

    /// <summary>What was made so far.</summary>
    public CompactHistory History => _log.History;

    /// <summary>Takes the lock and completes what a cut run left.</summary>
    /// <param name="writer">Writes the files; stays the caller's.</param>
    /// <exception cref="OwnedElsewhereException">Another process compacts this vault; the message names it.</exception>
    /// <exception cref="DamagedException"><c>compact.log</c> is damaged.</exception>
    public static DayCompactor Open(IFiles files, string vault, OwnerInfo owner, CompactWriter writer)
    {
        var log = CompactLog.Open(files, vault, owner);
        try
        {
            return new(files, vault, log, writer);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Finished days that were not made yet, or whose RAW rows are others now, in order.</summary>
    public IReadOnlyList<RawDay> Due(SealLogContent seals) => [.. FinishedDays.Of(seals).Where(day => History.Find(day.Day)?.IsOf(day.Totals) != true)];

    /// <summary>Makes a day, again if it was made before.</summary>
    /// <param name="told">Called before each file is made, never twice at once: how many were begun before, and how many there are.</param>
    /// <exception cref="DamagedException">The RAW files do not hold what the seal log says; nothing was changed.</exception>
    /// <exception cref="TapeException">Writing failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was changed.</exception>
    public CompactReport Compact(RawDay day, Action<int, int> told, CancellationToken cancel)
    {
        EntryPath.ConfineAll(_files, _vault, day.Files.Select(file => file.Path));
        var generation = History.Find(day.Day) is { } before ? before.Generation + 1 : 0;
        var totals = day.Totals;
        var tables = new CompactTable[totals.Count];
        SideBySide.Run(_writer.Slots, RawTotal.LargestFirst(totals), told,
            (_, number, stop) => tables[number] = Write(day, totals[number], generation, number, stop), cancel);
        for (var number = 0; number < tables.Length; number++) Place(Temporary(number), EntryPath.Confine(_files, _vault, tables[number].Path));
        var made = new CompactDay(day.Day, generation, tables, day.Files.Count);
        _log.Append(made);
        return new CompactReport(made, day.Files.SaturatingSum(file => file.Bytes), IsLeft: !Clean(made));
    }

    public void Dispose() => _log.Dispose();

    private string Temporary(int number) => Path.Combine(_temporary, $"{TemporaryPrefix}{number}.parquet");

    private CompactTable Write(RawDay day, RawTotal total, int generation, int number, CancellationToken cancel)
    {
        var table = RawSchema.Find(total.Table)
            ?? throw new DamagedException($"{PartPath.SealLog(_vault)}: parts of a table '{total.Table}', which schema {RawSchema.Version} does not have");
        var made = _writer.Write(_vault, table, day.FilesOf(total), Temporary(number), cancel);
        var (rows, hash) = (made.Written.Rows + made.Duplicates, (made.Written.Hash + made.DuplicatesHash).ToString());
        if ((rows, hash) != (total.Rows, total.Hash))
            throw new DamagedException(
                $"{total.Table} of {total.Venue} on {day.Day:yyyy-MM-dd}: its RAW files gave {rows} rows with hash {hash}, expected {total.Rows} with "
                    + $"{total.Hash} as {PartPath.SealLog(_vault)} says",
                "Run 'tape sanity'; it names the file that is not what was sealed. The day is not compacted until then.");
        return new CompactTable(
            total, CompactPath.Of(table, total.Venue, day.Day, generation), made.Written.Rows, made.Written.Bytes, made.Written.Hash.ToString(),
                PartChecksum.Of(_files, Temporary(number)), made.Duplicates,
            made.DuplicatesHash.ToString())
        { Layout = RawSchema.Layout };
    }

    private void Place(string temporary, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        DurableFolder.Create(_files, folder);
        _files.Move(temporary, path, overwrite: true);
        _files.SyncFolder(folder);
    }

    /// <summary>Removes what a day's folders hold beside its committed files: an earlier generation, or what a cut run put there.</summary>
    /// <returns>False when something stays because somebody has it open.</returns>
    private bool Clean(CompactDay day)
    {
        var isClean = true;
        var counted = day.Tables.Select(table => EntryPath.Absolute(_vault, table.Path)).ToHashSet(StringComparer.Ordinal);
        var root = $"compact/{RawSchema.Version}";
        foreach (var table in Plain(_files.ListFolders(EntryPath.Confine(_files, _vault, root))))
            foreach (var venue in Plain(_files.ListFolders(EntryPath.Confine(_files, _vault, $"{root}/{table}"))))
            {
                var folder = EntryPath.Confine(_files, _vault, $"{root}/{table}/{venue}/date={day.Day:yyyy-MM-dd}");
                foreach (var name in _files.ListFiles(folder))
                    if (CompactPath.IsName(name) && !counted.Contains(Path.Combine(folder, name)))
                        isClean &= InUse.TryDelete(_files, Path.Combine(folder, name));
            }

        return isClean;

        // Folders of other names are not ours.
        static IEnumerable<string> Plain(IEnumerable<string> names) => names.Where(EntryPath.IsPlainName);
    }
}
