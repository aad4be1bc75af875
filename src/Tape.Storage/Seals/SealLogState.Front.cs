using Tape.Storage.Journal;

namespace Tape.Storage.Seals;

/// <summary>Seals that the log was relieved of: the front in their place, and bringing them back.</summary>
internal sealed partial class SealLogState
{
    /// <summary>What is known of the seals before the first one of <see cref="Committed"/>; null when there are none.</summary>
    public CheckpointEntry? Front { get; private set; }

    /// <summary>All archives that the first line names: reopening does not end the need for them, since the log is read anew from that line on.</summary>
    public IReadOnlyList<SealArchive> NamedArchives { get; private set; } = [];

    /// <summary>Lines of the logs in whose place this one is.</summary>
    public long LinesBefore { get; private set; }

    /// <summary>Kept seals that the front announced and that did not come yet.</summary>
    public int KeptMissing { get; private set; }

    /// <summary>An archived seal with the files that hold its rows now.</summary>
    public SealEntry Placed(SealEntry archived) => archived with { Files = [.. archived.Files.Select(Placed)] };

    /// <summary>
    /// How many seals from the first on may go into archives: the rows of each are in files that stand in the front, since they are folded, or are all rows of
    /// their table, venue and day. The last seal stays, and nothing goes while a replacement or fold is under way or rows in folded files do not count.
    /// </summary>
    public int Archivable()
    {
        if (Pending is not null || Superseded.Count > 0 || OutOfUse.Count > 0 || _merges.HasExceptions || _merges.LatestDay is not { } latest) return 0;
        var tape = Committed[^1].Tape;
        var count = 0;
        while (count < Committed.Count - 1 && Committed[count].Tape == tape
            && Committed[count].Files.All(file => file.Fold is not null || (file.Day <= latest && FilesOf(file).Take(2).Count() == 1)))
            count++;
        return count;
    }

    /// <summary>Whose rows they are: the files that the front must name once so many seals are archived.</summary>
    public IReadOnlyList<SealedFile> FrontFiles(int archived) =>
        [.. _merges.Files, .. Committed.Take(archived).SelectMany(seal => seal.Files).Where(file => file.Fold is null)];

    /// <summary>Takes the seals from an archive on back, as if they stood in the log.</summary>
    /// <param name="fromSeq">First record of the archive.</param>
    /// <exception cref="Core.Errors.DamagedException">An archive is missing or damaged.</exception>
    private void Reopen(long fromSeq)
    {
        var front = Front!;
        var back = front.Archives.Where(archive => archive.FromSeq >= fromSeq).Select(archives!.Read).ToList();
        var seals = back.SelectMany(archive => archive.Committed).Select(Placed).ToList();
        Front = back[0].Front! with { Id = front.Id, Archives = [.. front.Archives.Where(archive => archive.FromSeq < fromSeq)] };
        foreach (var file in seals.SelectMany(seal => seal.Files).Where(file => file.Fold is null)) _merges.Remove(file);
        Committed.InsertRange(0, seals);
        _placesOfDay.Clear();
        for (var place = 0; place < Committed.Count; place++) Remember(Committed[place], place);
    }

    private string? CheckpointFault(CheckpointEntry front) =>
        LastId != 0 || Front is not null || front.Id <= 0 ? $"{Name(front)} behind other entries, expected it first" : null;

    private string? RetainedFault(RetainedEntry kept)
    {
        if (KeptMissing == 0) return $"{Name(kept)}, but no front announces it";
        var expected = Committed.Count > 0 ? Committed[^1].ToSeqExcl : Front!.Seals > 0 ? Front.ToSeqExcl : kept.FromSeq;
        return kept.FromSeq != expected ? $"{Name(kept)} from record {kept.FromSeq} on, expected {expected}"
            : kept.Files.FirstOrDefault(file => file.Folded && _merges.Find(file) is null) is { } file
                ? $"{Name(kept)}: {file.Path} is folded, but the front has no file of {file.Table} of {file.Venue} on {file.Day:yyyy-MM-dd}"
            : null;
    }

    private string? ReopenFault(ReopenEntry entry) =>
        archives is not null && Front?.Archives.Any(archive => archive.FromSeq == entry.FromSeq) == true
            ? null : $"{Name(entry)}, but no archive begins with record {entry.FromSeq}";

    private void Apply(CheckpointEntry front)
    {
        (Front, LastId, KeptMissing, NamedArchives, LinesBefore, Heads) =
            (front, front.Id, front.Kept, front.Archives, front.LinesBefore, front.Heads ?? new VaultHeads());
        foreach (var file in front.Files) _merges.Set(file);
    }

    private void Apply(RetainedEntry kept)
    {
        KeptMissing--;
        Committed.Add(kept with { Files = [.. kept.Files.Select(file => file.Folded ? file with { Folded = false, Fold = _merges.Find(file) } : file)] });
        Remember(kept, Committed.Count - 1);
    }

    /// <summary>All rows of archived seals are in files of the front: a part is folded, or is such a file itself.</summary>
    private SealedFile Placed(SealedFile part) => _merges.Find(part) is { } fold && fold.Path != part.Path ? part with { Fold = fold } : part;
}
