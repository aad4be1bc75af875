using Tape.Storage.Journal;

namespace Tape.Storage.Seals;

/// <summary>
/// Keeping the log short: seals of folded days go into archives, and a front at the head of the log stands for them. Order: archives written and synced → the
/// new log written beside and synced → renamed into the place of the old one → folder synced. Cut anywhere, the log is there as before or as after, and both
/// name whole archives only.
/// </summary>
public sealed partial class SealLog
{
    /// <summary>Rewriting a seal that stays costs as much as archiving one, so at least one goes for so many that stay.</summary>
    private const int KeptForOneArchived = 4;

    /// <summary>A log that is being written has this behind its name; it means nothing.</summary>
    private const string NewSuffix = ".new";

    /// <summary>First record of the first seal of all, in an archive or not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Nothing is sealed.</exception>
    public long FromSeq => _state.Front is { Archives: [var first, ..] } ? first.FromSeq : _state.Committed[0].FromSeq;

    /// <summary>Puts the seals into archives whose rows are folded, when they are many beside those that stay.</summary>
    /// <returns>Whether the log is shorter now: not when there is too little to gain, or somebody has it open (Windows), and then the next call tries
    /// again.</returns>
    /// <exception cref="TapeException">Archives or the new log could not be written: nothing was changed. As <see cref="WriterBrokenException"/>: they could
    /// not be exchanged.</exception>
    public bool Shorten()
    {
        _log.ThrowIfBroken();
        var count = _state.Archivable();
        if (count == 0 || (long)count * KeptForOneArchived < _state.Committed.Count - count) return false;
        var before = (_state.Front ?? new CheckpointEntry(0, _state.Committed[0].Tape, 0, 0, [], [], [], null)) with
        {
            Id = _state.LastId,
            LinesBefore = 0,
            Heads = null,
        };
        var front = _archives.Write(before, _state.Committed.Take(count)) with
        {
            Files = _state.FrontFiles(count),
            Kept = _state.Committed.Count - count,
            LinesBefore = Head.Lines,
            Heads = _state.Heads == new VaultHeads() ? null : _state.Heads,
        };
        // The log as it shall be is taken in as a reader would.
        var (temporary, next) = (_path + NewSuffix, new SealLogState(_archives));
        var end = CheckedLog.WriteWhole(_files, temporary, _state.Committed.Skip(count).Select(Kept).Prepend<SealLogEntry>(front).Select(entry =>
        {
            if (next.Fault(entry) is { } wrong) throw new InvalidOperationException($"{temporary}: {wrong}");
            next.Apply(entry);
            return SealLogContent.Format.Write(entry);
        }));
        if (!_log.TryExchange(temporary, end)) return false;
        _state = next;
        return true;
    }

    /// <summary>
    /// Brings the archives back into the log that hold a range and those behind it, so that the range can be replaced; durable when this returns. Nothing
    /// happens when it is in none.
    /// </summary>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    /// <exception cref="DamagedException">An archive is missing or damaged.</exception>
    public void Reopen(long fromSeq)
    {
        if (_state.Front?.Archives.FirstOrDefault(archive => archive.FromSeq <= fromSeq && fromSeq < archive.ToSeqExcl) is { } holding)
            Append(new ReopenEntry(NextId, holding.FromSeq));
    }

    private static RetainedEntry Kept(SealEntry seal) => RetainedEntry.Of(seal, [.. seal.Files.Select(file => file with { Folded = file.Fold is not null })]);
}
