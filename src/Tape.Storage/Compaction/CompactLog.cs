using Tape.Storage.Journal;

namespace Tape.Storage.Compaction;

/// <summary>
/// Writes <c>compact/compact.log</c>; holds the lock of the folder <c>compact</c>. After a failed write it is broken until it is opened again. Not thread-safe.
/// </summary>
public sealed class CompactLog : IDisposable
{
    private readonly CheckedLog _log;

    private CompactLog(CheckedLog log, CompactHistory history) => (_log, History) = (log, history);

    /// <summary>What it says.</summary>
    public CompactHistory History { get; }

    /// <summary>Opens for writing; makes the folder and the log in a vault that has none.</summary>
    /// <exception cref="OwnedElsewhereException">Another process compacts this vault; the message names it.</exception>
    /// <exception cref="DamagedException">The log is damaged before its last line.</exception>
    public static CompactLog Open(IFiles files, string vault, OwnerInfo owner)
    {
        var (path, history) = (CompactPath.Log(vault), new CompactHistory());
        return new(CheckedLog.OpenLocked(files, path, "files of finished days", owner, log => CheckedLog.Walk(path, log, CompactHistory.Format, history.Take)),
            history);
    }

    /// <summary>Makes a day visible; durable when this returns.</summary>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    public void Append(CompactDay day)
    {
        _log.Append(CompactHistory.Format.Write(day));
        History.Take(day);
    }

    public void Dispose() => _log.Dispose();
}
