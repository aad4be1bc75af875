namespace Tape.Storage.Tables;

/// <summary>What the entries of a seal log amount to, one after the other: the same for those who write and those who read it. Not thread-safe.</summary>
internal sealed class SealLogState
{
    /// <summary>Begins with an empty log.</summary>
    public SealLogState()
    {
        Committed = [];
        Superseded = [];
    }

    /// <summary>Goes on where a log that was read ends.</summary>
    public SealLogState(SealLogContent content)
    {
        Committed = [.. content.Committed];
        Superseded = [.. content.Superseded];
        (Pending, LastId) = (content.Pending, content.LastId);
    }

    public List<SealEntry> Committed { get; }

    public List<SupersededSeal> Superseded { get; }

    public SealEntry? Pending { get; private set; }

    public long LastId { get; private set; }

    /// <summary>Why an entry can't come next, or null.</summary>
    public string? Fault(SealLogEntry entry) => entry switch
    {
        SealEntry when Pending is not null => $"{Name(entry)} after {Name(Pending)}, which is not committed yet",
        SealEntry when entry.Id != LastId + 1 => $"{Name(entry)}, expected number {LastId + 1}",
        SupersedeEntry next when Replaced(next) < 0 => $"{Name(entry)} for records {next.FromSeq}..{next.ToSeqExcl}, but no committed seal {next.Replaces} has them",
        SealEntry => null,
        ArchivedEntry => Superseded.Exists(old => old.By == entry.Id) ? null : $"{Name(entry)}, but no replacement of that number has files to set aside",
        _ => Pending?.Id == entry.Id ? null : $"{Name(entry)}, but {(Pending is null ? "nothing" : Name(Pending))} is pending",
    };

    /// <summary>Takes an entry in that has no <see cref="Fault"/>.</summary>
    public void Apply(SealLogEntry entry)
    {
        switch (entry)
        {
            case SealEntry seal:
                (Pending, LastId) = (seal, seal.Id);
                break;
            case CommitEntry commit:
                Commit(commit.Files is { } files ? Pending! with { Files = files } : Pending!);
                Pending = null;
                break;
            case ForgetEntry:
                Pending = null;
                break;
            case ArchivedEntry:
                Superseded.RemoveAll(old => old.By == entry.Id);
                break;
        }
    }

    private void Commit(SealEntry seal)
    {
        if (seal is not SupersedeEntry next)
        {
            Committed.Add(seal);
            return;
        }

        var place = Replaced(next);
        Superseded.Add(new SupersededSeal(Committed[place], next.Id));
        Committed[place] = next;
    }

    private int Replaced(SupersedeEntry next) =>
        Committed.FindIndex(old => (old.Id, old.Tape, old.FromSeq, old.ToSeqExcl) == (next.Replaces, next.Tape, next.FromSeq, next.ToSeqExcl));

    private static string Name(SealLogEntry entry) => entry switch
    {
        SupersedeEntry => $"replacement {entry.Id}",
        SealEntry => $"seal {entry.Id}",
        CommitEntry => $"the commit of {entry.Id}",
        ForgetEntry => $"the forgetting of {entry.Id}",
        _ => $"the archiving of {entry.Id}",
    };
}
