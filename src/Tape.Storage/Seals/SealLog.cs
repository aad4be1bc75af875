using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Schema;

namespace Tape.Storage.Seals;

/// <summary>
/// The list of seals, <c>raw/seals.log</c>: what makes the parts of all tables visible at once. A seal is written and synced, then its files are put in place,
/// then its commit is written and synced. One writer, held by the lock of the folder <c>raw</c>; readers take no lock. Opening cuts a torn last line. After a
/// failed write this writer is broken until it is opened again. Not thread-safe.
/// </summary>
public sealed partial class SealLog : IDisposable
{
    private readonly IFiles _files;
    private readonly string _path;
    private readonly SealArchives _archives;
    private readonly CheckedLog _log;
    private SealLogState _state;

    private SealLog(IFiles files, string path, SealArchives archives, CheckedLog log, SealLogState state) =>
        (_files, _path, _archives, _log, _state) = (files, path, archives, log, state);

    /// <summary>Seals that readers see, in the order of the ranges, without those in archives; of each range the newest generation.</summary>
    public IReadOnlyList<SealEntry> Committed => _state.Committed;

    /// <summary>The seal that waits for its commit, or null. Recovery puts its files in place and commits it, or forgets it.</summary>
    public SealEntry? Pending => _state.Pending;

    /// <summary>Replaced seals whose files may still be in the tables' folders.</summary>
    public IReadOnlyList<SupersededSeal> Superseded => _state.Superseded;

    /// <summary>Files that folds took the rows of and that may still be in the tables' folders.</summary>
    public IReadOnlyList<OutOfUseParts> OutOfUse => _state.OutOfUse;

    /// <summary>Bytes of a torn last line that opening cut; 0 when there was none.</summary>
    public long CutBytes => _log.CutBytes;

    /// <summary>Whether the log is there under its name; when not, the disk or the folder went away.</summary>
    public bool IsInPlace => _files.FileExists(_path);

    /// <summary>How far it has come, over all logs in whose place it is.</summary>
    public LogHead Head => SealLogContent.HeadOf(_state, _log.Head);

    /// <summary>How far the other logs had come when this was last said.</summary>
    public VaultHeads Heads => _state.Heads;

    /// <summary>Gives how far the other logs have come, for the next commit; null: commits say nothing of them.</summary>
    public Func<VaultHeads>? Others { get; set; }

    /// <summary>What opening found missing from its end, as a sentence: it is sealed again, since the tape still has it; null when nothing was.</summary>
    public string? Loss { get; private init; }

    /// <summary>The number that the next seal must have.</summary>
    public long NextId => _state.LastId + 1;

    /// <summary>Opens for writing; creates the log in a vault that has none.</summary>
    /// <param name="owner">Who writes, for the message to others who want to.</param>
    /// <exception cref="OwnedElsewhereException">Another writer has it; the message names it.</exception>
    /// <exception cref="DamagedException">The log is damaged before its last line.</exception>
    public static SealLog Open(IFiles files, string vault, OwnerInfo owner)
    {
        var (path, archives, state) = (PartPath.SealLog(vault), new SealArchives(files, vault), new SealLogState());
        string? loss = null;
        // First: what it knows of the seal log was there before what the seal log says now.
        var known = KnownHeads.OfSeals(files, vault);
        var log = CheckedLog.OpenLocked(files, path, "seal log", owner, bytes =>
        {
            var content = SealLogContent.Parse(path, bytes, archives, expected: known);
            loss = content.Loss(files, vault, known);
            state = content.State;
            return content.End;
        });
        try
        {
            archives.DeleteStrays(state.NamedArchives);
            InUse.TryDelete(files, path + NewSuffix);
            return new(files, path, archives, log, state) { Loss = loss };
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Reads the log as it is, while it may be written; empty for a vault without one.</summary>
    /// <exception cref="DamagedException">The log is damaged before its last line.</exception>
    public static SealLogContent Read(IFiles files, string vault)
    {
        var (path, known) = (PartPath.SealLog(vault), KnownHeads.OfSeals(files, vault));
        var content = SealLogContent.Parse(path, CheckedLog.ReadBytes(files, path), new SealArchives(files, vault), expected: known);
        content.Loss(files, vault, known);
        return content;
    }

    /// <summary>How far the other logs had come at the last commit; nothing where the seal log is damaged, which its own readers tell.</summary>
    public static VaultHeads HeadsOf(IFiles files, string vault) => KnownHeads.OfOthers(files, vault);

    /// <summary>Bytes of the log, to see whether it changed; 0 for a vault without one.</summary>
    public static long LengthOf(IFiles files, string vault) => PartPath.SealLog(vault) is var path && files.FileExists(path) ? files.FileLength(path) : 0;

    /// <summary>Announces a seal; it is durable when this returns, and still invisible to readers.</summary>
    /// <param name="seal">Its number is <see cref="NextId"/>; its range follows the last one of the same tape.</param>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    public void AppendSeal(FirstSealEntry seal)
    {
        if (seal.FromSeq >= seal.ToSeqExcl) throw new InvalidOperationException($"seal {seal.Id} covers no record: {seal.FromSeq}..{seal.ToSeqExcl}");
        var before = _state.Committed.FindLast(other => other.Tape == seal.Tape);
        if (before is not null && before.ToSeqExcl != seal.FromSeq)
            throw new InvalidOperationException($"seal {seal.Id} begins at {seal.FromSeq}, but tape {seal.Tape} is sealed up to {before.ToSeqExcl}");
        Append(seal);
    }

    /// <summary>Announces that a committed range is to be replaced; durable when this returns, and still invisible to readers.</summary>
    /// <param name="seal">Its number is <see cref="NextId"/>, its range that of the seal it replaces.</param>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    public void AppendSupersede(SupersedeEntry seal) => Append(seal);

    /// <summary>Announces that the parts of a day are to be folded; durable when this returns, and still invisible to readers.</summary>
    /// <param name="fold">Its number is <see cref="NextId"/>; each file has the rows and hash of the files of its table, venue and day.</param>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    public void AppendMerge(MergeEntry fold) => Append(fold);

    /// <summary>The files that hold the rows of one table, venue and day now.</summary>
    /// <param name="key">A file of that table, venue and day.</param>
    public IReadOnlyList<SealedFile> FilesOf(SealedFile key) => [.. _state.FilesOf(key)];

    /// <summary>Makes the pending seal visible, in the place of the one that it replaces if it does; durable when this returns.</summary>
    /// <param name="files">The files as they are, when they are not byte for byte the announced ones; same paths, rows and hashes.</param>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    public void AppendCommit(long id, IReadOnlyList<SealedFile>? files = null) => Append(new CommitEntry(id) { Files = files, Heads = Others?.Invoke() });

    /// <summary>Says that another log was made again on purpose.</summary>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    public void AppendHeads(VaultHeads heads) => Append(new HeadsEntry(_state.LastId, heads));

    /// <summary>Gives the pending seal up; none of its files may be in place any more.</summary>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    public void AppendAbort(long id) => Append(new AbortEntry(id));

    /// <summary>Notes that the files which this replacement or fold put out of use are set aside.</summary>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    public void AppendArchived(long id) => Append(new ArchivedEntry(id));

    public void Dispose() => _log.Dispose();

    private void Append(SealLogEntry entry)
    {
        _log.ThrowIfBroken();
        if (_state.Fault(entry) is { } wrong) throw new InvalidOperationException($"{_path}: {wrong}");
        _log.Append(SealLogContent.Format.Write(entry), $"entry {entry.Id}");
        _state.Apply(entry);
    }
}
