namespace Tape.Storage.Tables;

/// <summary>The folded files of a seal log, by table, venue and day. Not thread-safe.</summary>
internal sealed class FoldedParts
{
    private readonly Dictionary<PartKey, Folded> _folds = [];

    /// <summary>Each file with what counts in it.</summary>
    public IEnumerable<SealedFile> Files => _folds.Values.Select(fold => fold.Counted());

    /// <summary>The folded file of a part's table, venue and day, whole; null when there is none.</summary>
    public SealedFile? Find(SealedFile part) => _folds.GetValueOrDefault(PartKey.Of(part))?.File;

    /// <summary>What of that file counts.</summary>
    public SealedFile? FindCounted(SealedFile part) => _folds.GetValueOrDefault(PartKey.Of(part))?.Counted();

    /// <summary>Puts a file in the place of the parts, and of an earlier fold of them.</summary>
    public void Set(SealedFile file) => _folds[PartKey.Of(file)] = new Folded(file);

    /// <summary>Whether rows in folded files do not count any more.</summary>
    public bool HasExceptions => _folds.Values.Any(fold => fold.Replaced.Count > 0);

    /// <summary>The latest day that has one; null for none.</summary>
    public DateOnly? LatestDay => _folds.Count == 0 ? null : _folds.Keys.Max(key => key.Day);

    /// <summary>The part is again one of a seal in the log: it no longer stands for itself.</summary>
    public void Remove(SealedFile part) => _folds.Remove(PartKey.Of(part));

    /// <summary>A seal was replaced: its rows in folded files do not count any more.</summary>
    public void Except(SealEntry replaced)
    {
        foreach (var part in replaced.Files)
            if (part.Fold is not null) _folds[PartKey.Of(part)].Replaced.Add((new SeqRange(replaced.FromSeq, replaced.ToSeqExcl), part));
    }

    private readonly record struct PartKey(string Table, string Venue, DateOnly Day)
    {
        public static PartKey Of(SealedFile file) => new(file.Table, file.Venue, file.Day);
    }

    private sealed class Folded(SealedFile file)
    {
        public SealedFile File { get; } = file;

        public List<(SeqRange Range, SealedFile Part)> Replaced { get; } = [];

        public SealedFile Counted() => Replaced.Count == 0 ? File : File with
        {
            Rows = File.Rows - Replaced.Sum(replaced => replaced.Part.Rows),
            Hash = Replaced.Aggregate(RowHash.Parse(File.Hash), (hash, replaced) => hash - RowHash.Parse(replaced.Part.Hash)).ToString(),
            Except = [.. Replaced.Select(replaced => replaced.Range)],
        };
    }
}
