using Tape.Core.Work;
using Tape.Derive.Rows;
using Tape.Storage.Compaction;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.Compaction;

namespace Tape.Derive.Sealing;

/// <summary>
/// Merges the parts of a day, row for row, into one RAW file for each table and venue, in the order of the tape. Writing and proving needs no lock; exchanging
/// them is the work of the owner of the seal log. Order: files written to <c>tmp/</c>, synced and read back → merge announced → renamed into place → folders
/// synced → merge committed → parts deleted → seal log shortened. Cut before the commit it is forgotten and done anew.
/// </summary>
public static class DayMerging
{
    private const string TemporaryPrefix = "compact-fold-";

    /// <summary>Writes the merged files of a day; null when there is nothing to merge.</summary>
    /// <param name="day">A finished day with all its RAW files.</param>
    /// <exception cref="DamagedException">The RAW files do not hold what the seal log says; nothing was changed.</exception>
    /// <exception cref="TapeException">Writing failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DayMerge? Prepare(IFiles files, string vault, CompactWriter writer, RawDay day, CancellationToken cancel)
    {
        EntryPath.ConfineAll(files, vault, day.Files.Select(file => file.Path));
        (RawTotal Total, IReadOnlyList<SealedFile> Parts)[] due =
            [.. day.Totals.Select(total => (total, day.FilesOf(total))).Where(table => table.Item2.Count > 1 || table.Item2[0].Except.Count > 0)];
        var merged = new (SealedFile File, string Temporary)[due.Length];
        SideBySide.Run(writer.Slots, RawTotal.LargestFirst([.. due.Select(table => table.Total)]), (_, _) => { }, (_, number, stop) =>
        {
            var temporary = Path.Combine(vault, "tmp", $"{TemporaryPrefix}{number}.parquet");
            merged[number] = (Write(files, vault, writer, due[number].Total, due[number].Parts, temporary, stop), temporary);
        }, cancel);
        return due.Length == 0 ? null : new DayMerge(day.Day, merged, [.. due.Select(table => table.Parts)]);
    }

    /// <summary>Puts merged files in the place of their parts.</summary>
    /// <param name="log">Owned by the caller.</param>
    /// <returns>Null when the parts are others now than when the files were written, or the log waits for something else; then nothing was changed.</returns>
    /// <exception cref="TapeException">Writing failed.</exception>
    public static MergeReport? Commit(IFiles files, string vault, SealLog log, DayMerge merge)
    {
        if (log.Pending is not null || log.Superseded.Count > 0 || log.OutOfUse.Count > 0 || !IsOfNow(log, merge)) return null;
        var last = log.Committed[^1];
        var entry = new MergeEntry(log.NextId, last.Tape, log.FromSeq, last.ToSeqExcl, RowDeriver.DecoderVersion,
            [.. merge.Files.Select(file => file.File)], [], null);
        log.AppendMerge(entry);
        foreach (var (file, temporary) in merge.Files)
        {
            var path = EntryPath.Confine(files, vault, file.Path);
            files.Move(temporary, path, overwrite: true);
            files.SyncFolder(Path.GetDirectoryName(path)!);
        }

        log.AppendCommit(entry.Id);
        var old = log.OutOfUse.Single(old => old.By == entry.Id);
        var left = GenerationRecovery.Delete(files, vault, log, old);
        log.Shorten();
        return new MergeReport(merge.Day, old.Paths.Count, merge.Files.Count, left);
    }

    /// <summary>Whether the rows of the day are still in the files that were read.</summary>
    private static bool IsOfNow(SealLog log, DayMerge merge)
    {
        for (var number = 0; number < merge.Files.Count; number++)
        {
            var now = log.FilesOf(merge.Files[number].File);
            if (!now.Select(file => (file.Path, file.Hash)).Order().SequenceEqual(merge.Sources[number].Select(file => (file.Path, file.Hash)).Order()))
                return false;
        }

        return true;
    }

    private static SealedFile Write(IFiles files, string vault, CompactWriter writer, RawTotal total, IReadOnlyList<SealedFile> parts, string temporary,
        CancellationToken cancel)
    {
        var table = RawSchema.Find(total.Table)
            ?? throw new DamagedException($"{PartPath.SealLog(vault)}: parts of a table '{total.Table}', which schema {RawSchema.Version} does not have");
        var written = writer.Fold(vault, table, parts, temporary, cancel);
        if ((written.Rows, written.Hash.ToString()) != (total.Rows, total.Hash))
            throw new DamagedException(
                string.Create(CultureInfo.InvariantCulture,
                    $"{total.Table} of {total.Venue} on {parts[0].Day:yyyy-MM-dd}: its RAW files gave {written.Rows} rows with hash {written.Hash}, expected "
                    + $"{total.Rows} with {total.Hash} as {PartPath.SealLog(vault)} says"),
                "Run 'tape sanity'; it names the file that is not what was sealed. The day is not merged until then.");
        var path = $"{parts[0].Path[..(parts[0].Path.LastIndexOf('/') + 1)]}{NameOf(parts)}";
        return new SealedFile(total.Table, total.Venue, parts[0].Day, path, written.Rows, written.Bytes, total.Hash, parts.Min(file => file.ReceivedMin),
            parts.Max(file => file.ReceivedMax))
        { Checksum = PartChecksum.Of(files, temporary), Layout = RawSchema.Layout };
    }

    /// <summary><c>part-day-f0.parquet</c>, then <c>part-day-f1.parquet</c> for a day that is merged again, …: globs of parts find it.</summary>
    private static string NameOf(IReadOnlyList<SealedFile> parts)
    {
        var next = parts.Where(file => PartPath.IsMerged(file.Path))
            .Select(file => file.Path[(file.Path.LastIndexOf('/') + 1 + PartPath.MergedPrefix.Length)..])
            .Select(rest => int.TryParse(rest.AsSpan(0, rest.Length - ".parquet".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number < int.MaxValue ? number + 1 : throw new DamagedException($"found the name {PartPath.MergedPrefix}{rest}, expected a number in it"))
            .DefaultIfEmpty(0).Max();
        return $"{PartPath.MergedPrefix}{next}.parquet";
    }
}
