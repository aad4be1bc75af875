using Tape.Storage.Answers;
using Tape.Storage.Compaction;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;

namespace Tape.Storage.Vaults;

/// <summary>
/// Looks how far the other logs of a vault have come, for the commits of seals, and tells once what was lost from them. What was lost keeps its old head, so
/// that readers refuse that log until it has come as far again, or another one was begun in its place. Used by one thread at a time.
/// </summary>
public sealed class OtherLogs(IFiles files, string vault)
{
    private readonly HashSet<string> _told = [];
    private readonly List<string> _losses = [];
    private (long Bytes, LogHead Head)? _compact;

    /// <summary>The heads now.</summary>
    /// <param name="before">Those that were said last.</param>
    /// <param name="gaps">That of the gap ledger, which the caller owns; null where it has none at this moment.</param>
    public VaultHeads Look(VaultHeads before, LogHead? gaps) =>
        new(gaps ?? before.Gaps, Read(() => Compact(before.Compact), before.Compact), Read(() => Answers(before.Answers), before.Answers));

    /// <summary>Takes what was found lost since the last time, a sentence each.</summary>
    public IReadOnlyList<string> TakeLosses()
    {
        string[] losses = [.. _losses];
        _losses.Clear();
        return losses;
    }

    /// <summary>Remembers what was found lost elsewhere.</summary>
    public void Tell(string loss)
    {
        if (_told.Add(loss)) _losses.Add(loss);
    }

    private T? Read<T>(Func<T?> look, T? before)
    {
        try
        {
            return look();
        }
        catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
        {
            Tell(fault.Message);
            return before;
        }
    }

    private LogHead? Compact(LogHead? before)
    {
        var path = CompactPath.Log(vault);
        var bytes = files.FileExists(path) ? files.FileLength(path) : 0;
        if (bytes == 0 && before is null) return null;
        if (_compact is { } known && known.Bytes == bytes && known.Head == before) return before;
        var chain = CheckedLog.Read(files, path, CompactHistory.Format, _ => { }, before);
        if (VaultHeads.Fault(before, chain) is { } fault)
        {
            Tell($"{path}: found {fault}. The days are made again.");
            if (chain.Lines < before!.Value.Lines) return before;
        }

        _compact = (bytes, chain.Head);
        return chain.Head;
    }

    private AnswersMark? Answers(AnswersMark? before)
    {
        var (folder, now) = (AnswersLog.Folder(vault), AnswersLog.Mark(files, vault));
        if (before is not null && AnswersLog.Loss(files, vault, before) is { } loss)
        {
            // Another log was begun in its place on purpose, or put there: from now on it counts.
            var isOther = now is not null && now.Id != before.Id;
            Tell(isOther ? $"{loss}. The other log counts from now on" : loss);
            if (!isOther) return before;
        }

        // What a commit says must outlast a power cut as the commit does.
        if (now is { NextSeq: > 0 } && now != before) TapeFolder.SyncThrough(files, folder, now.NextSeq - 1, now.NextSeq);
        return now;
    }
}
