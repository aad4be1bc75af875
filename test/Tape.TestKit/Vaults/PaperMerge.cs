using Tape.Storage.Schema;
using Tape.Storage.Seals;

namespace Tape.TestKit.Vaults;

/// <summary>Folds a day in the seal log alone, for tests that read the log and no rows: no file is touched.</summary>
public static class PaperMerge
{
    /// <summary>Folds what the log's own seals have of a day, and says that its parts are gone.</summary>
    public static void Fold(SealLog log, DateOnly day)
    {
        var keys = log.Committed.SelectMany(seal => seal.Files).Where(file => file.Day == day).DistinctBy(file => (file.Table, file.Venue)).ToList();
        var last = log.Committed[^1];
        var number = log.NextId;
        log.AppendMerge(new MergeEntry(number, last.Tape, log.FromSeq, last.ToSeqExcl, "1", [.. keys.Select(key => Sum(key, log.FilesOf(key), number))], [],
            null));
        log.AppendCommit(number);
        log.AppendArchived(number);
    }

    private static SealedFile Sum(SealedFile key, IReadOnlyList<SealedFile> files, long number) => new(
        key.Table, key.Venue, key.Day, $"{key.Path[..(key.Path.LastIndexOf('/') + 1)]}part-day-f{number}.parquet", files.Sum(file => file.Rows),
            files.Sum(file => file.Bytes),
        files.Aggregate(default(RowHash), (sum, file) => sum + RowHash.Parse(file.Hash)).ToString(), files.Min(file => file.ReceivedMin),
            files.Max(file => file.ReceivedMax));
}
