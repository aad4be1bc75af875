using Tape.Storage.Journal;
using Tape.Storage.Schema;

namespace Tape.Storage.Seals;

/// <summary>What the entries of a seal log amount to, one after the other: the same for those who write and those who read it. Not thread-safe.</summary>
/// <param name="archives">Where seals go back to from archives; null for a log that has none.</param>
internal sealed partial class SealLogState(SealArchives? archives = null)
{
    private readonly MergedParts _merges = new();
    private readonly Dictionary<DateOnly, List<int>> _placesOfDay = [];

    public List<SealEntry> Committed { get; } = [];

    public List<SupersededSeal> Superseded { get; } = [];

    public List<OutOfUseParts> OutOfUse { get; } = [];

    /// <summary>The files that hold all sealed rows, each once: folded ones, then parts in the order of the ranges.</summary>
    public IEnumerable<SealedFile> Files => _merges.Files.Concat(Committed.SelectMany(seal => seal.Files).Where(file => file.Fold is null));

    public SealEntry? Pending { get; private set; }

    public long LastId { get; private set; }

    /// <summary>How far the other logs had come when this was last said.</summary>
    public VaultHeads Heads { get; private set; } = new();

    /// <summary>Why an entry can't come next, or null.</summary>
    public string? Fault(SealLogEntry entry) => SealEntryCheck.Fault(entry) is { } fault ? $"{Name(entry)} with {fault}" : PlaceFault(entry);

    private string? PlaceFault(SealLogEntry entry) => entry switch
    {
        CheckpointEntry front => CheckpointFault(front),
        RetainedEntry kept => RetainedFault(kept),
        _ when KeptMissing > 0 => $"{Name(entry)}, but {KeptMissing} of the seals that the front announces are missing before it",
        SealEntry or ReopenEntry when Pending is not null => $"{Name(entry)} after {Name(Pending)}, which is not committed yet",
        SealEntry or ReopenEntry when entry.Id != LastId + 1 => $"{Name(entry)}, expected number {LastId + 1}",
        SupersedeEntry next when Replaced(next) < 0 =>
            $"{Name(entry)} for records {next.FromSeq}..{next.ToSeqExcl}, but no committed seal {next.Replaces} has them",
        MergeEntry fold => fold.Files.Select(MergeFault).FirstOrDefault(fault => fault is not null) is { } wrong ? $"{Name(entry)}: {wrong}" : null,
        FirstSealEntry first when Committed is [.., var last] && last.Tape == first.Tape && last.ToSeqExcl != first.FromSeq =>
            $"{Name(entry)} from record {first.FromSeq} on, expected {last.ToSeqExcl}",
        SealEntry => null,
        CommitEntry { Files: { } files } when Pending?.Id == entry.Id && !files.Select(Identity).SequenceEqual(Pending.Files.Select(Identity)) =>
            $"{Name(entry)} with other files than {Name(Pending)} announced",
        ReopenEntry reopen => ReopenFault(reopen),
        HeadsEntry => Pending is null && entry.Id == LastId ? null : $"{Name(entry)}, expected them between two seals and with number {LastId}",
        ArchivedEntry => Superseded.Exists(old => old.By == entry.Id) || OutOfUse.Exists(old => old.By == entry.Id)
            ? null : $"{Name(entry)}, but no replacement or fold of that number has files to set aside",
        _ => Pending?.Id == entry.Id ? null : $"{Name(entry)}, but {(Pending is null ? "nothing" : Name(Pending))} is pending",
    };

    /// <summary>Takes an entry in that has no <see cref="Fault"/>.</summary>
    public void Apply(SealLogEntry entry)
    {
        switch (entry)
        {
            case CheckpointEntry front:
                Apply(front);
                break;
            case RetainedEntry kept:
                Apply(kept);
                break;
            case ReopenEntry reopen:
                Reopen(reopen.FromSeq);
                LastId = reopen.Id;
                break;
            case SealEntry seal:
                (Pending, LastId) = (seal, seal.Id);
                break;
            case CommitEntry commit:
                Commit(commit.Files is { } files ? Pending! with { Files = files } : Pending!);
                (Pending, Heads) = (null, commit.Heads ?? Heads);
                break;
            case HeadsEntry heads:
                Heads = heads.Heads;
                break;
            case AbortEntry:
                Pending = null;
                break;
            case ArchivedEntry:
                Superseded.RemoveAll(old => old.By == entry.Id);
                OutOfUse.RemoveAll(old => old.By == entry.Id);
                break;
        }
    }

    /// <summary>The files that hold the rows of one table, venue and day now.</summary>
    public IEnumerable<SealedFile> FilesOf(SealedFile key)
    {
        if (_merges.FindCounted(key) is { } fold) yield return fold;
        foreach (var place in _placesOfDay.GetValueOrDefault(key.Day) ?? [])
            foreach (var file in Committed[place].Files)
                if (file.Fold is null && IsSame(file, key)) yield return file;
    }

    /// <summary>What a file that was written again must have in common with the announced one.</summary>
    private static (string Path, long Rows, string Hash) Identity(SealedFile file) => (file.Path, file.Rows, file.Hash);

    private static bool IsSame(SealedFile file, SealedFile key) => file.Day == key.Day && file.Table == key.Table && file.Venue == key.Venue;

    private void Commit(SealEntry seal)
    {
        if (seal is MergeEntry fold)
        {
            Fold(fold);
            return;
        }

        if (seal is not SupersedeEntry next)
        {
            Committed.Add(seal);
            Remember(seal, Committed.Count - 1);
            return;
        }

        var place = Replaced(next);
        _merges.Except(Committed[place]);
        Superseded.Add(new SupersededSeal(Committed[place], next.Id));
        Committed[place] = next;
        Remember(next, place);
    }

    private void Remember(SealEntry seal, int place)
    {
        foreach (var file in seal.Files)
        {
            if (!_placesOfDay.TryGetValue(file.Day, out var places)) _placesOfDay[file.Day] = places = [];
            if (places.Count == 0 || places[^1] < place || !places.Contains(place)) places.Add(place);
        }
    }

    private string? MergeFault(SealedFile fold)
    {
        var (rows, hash) = (0L, default(RowHash));
        foreach (var file in FilesOf(fold)) (rows, hash) = (Saturating.Add(rows, file.Rows), hash + RowHash.Parse(file.Hash));
        return (rows, hash.ToString()) == (fold.Rows, fold.Hash)
            ? null : $"{fold.Path} has {fold.Rows} rows with hash {fold.Hash}, but its parts have {rows} with {hash}";
    }

    private void Fold(MergeEntry fold)
    {
        OutOfUse.Add(new OutOfUseParts(fold.Id, [.. fold.Files.SelectMany(FilesOf).Select(file => file.Path)]));
        foreach (var file in fold.Files)
        {
            _merges.Set(file);
            foreach (var place in _placesOfDay.GetValueOrDefault(file.Day) ?? [])
                Committed[place] = Committed[place] with
                {
                    Files = [.. Committed[place].Files.Select(part => IsSame(part, file) ? part with { Fold = file } : part)],
                };
        }
    }

    private int Replaced(SupersedeEntry next) =>
        Committed.FindIndex(old => (old.Id, old.Tape, old.FromSeq, old.ToSeqExcl) == (next.Replaces, next.Tape, next.FromSeq, next.ToSeqExcl));

    private static string Name(SealLogEntry entry) => entry switch
    {
        CheckpointEntry => $"the front of {entry.Id}",
        RetainedEntry => $"kept seal {entry.Id}",
        HeadsEntry => $"the heads of {entry.Id}",
        ReopenEntry => $"reopening {entry.Id}",
        SupersedeEntry => $"replacement {entry.Id}",
        MergeEntry => $"fold {entry.Id}",
        SealEntry => $"seal {entry.Id}",
        CommitEntry => $"the commit of {entry.Id}",
        AbortEntry => $"the forgetting of {entry.Id}",
        _ => $"the archiving of {entry.Id}",
    };
}
