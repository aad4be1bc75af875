using Tape.Storage.Schema;

namespace Tape.Storage.Seals;

/// <summary>The folded files of a seal log, by table, venue and day. Not thread-safe.</summary>
internal sealed class MergedParts
{
    private readonly Dictionary<PartKey, Folded> _merges = [];

    /// <summary>Each file with what counts in it.</summary>
    public IEnumerable<SealedFile> Files => _merges.Values.Select(fold => fold.Counted());

    /// <summary>The folded file of a part's table, venue and day, whole; null when there is none.</summary>
    public SealedFile? Find(SealedFile part) => _merges.GetValueOrDefault(PartKey.Of(part))?.File;

    /// <summary>What of that file counts.</summary>
    public SealedFile? FindCounted(SealedFile part) => _merges.GetValueOrDefault(PartKey.Of(part))?.Counted();

    /// <summary>Puts a file in the place of the parts, and of an earlier fold of them.</summary>
    public void Set(SealedFile file) => _merges[PartKey.Of(file)] = new Folded(file);

    /// <summary>Whether rows in folded files do not count any more.</summary>
    public bool HasExceptions => _merges.Values.Any(fold => fold.Replaced.Count > 0);

    /// <summary>The latest day that has one; null for none.</summary>
    public DateOnly? LatestDay => _merges.Count == 0 ? null : _merges.Keys.Max(key => key.Day);

    /// <summary>The part is again one of a seal in the log: it no longer stands for itself.</summary>
    public void Remove(SealedFile part) => _merges.Remove(PartKey.Of(part));

    /// <summary>A seal was replaced: its rows in folded files do not count any more.</summary>
    public void Except(SealEntry replaced)
    {
        foreach (var part in replaced.Files)
            if (part.Fold is not null) _merges[PartKey.Of(part)].Replaced.Add((new SeqRange(replaced.FromSeq, replaced.ToSeqExcl), part));
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
            Rows = Saturating.Subtract(File.Rows, Replaced.SaturatingSum(replaced => replaced.Part.Rows)),
            Hash = Replaced.Aggregate(RowHash.Parse(File.Hash), (hash, replaced) => hash - RowHash.Parse(replaced.Part.Hash)).ToString(),
            Except = [.. Replaced.Select(replaced => replaced.Range)],
        };
    }
}
