using System.Text.Json;
using Tape.Core.Errors;
using Tape.Core.Files;
using Tape.Storage.Files;
using Tape.Storage.Journal;

namespace Tape.Storage.Compaction;

/// <summary>
/// Writes <c>compact/compact.log</c>; holds the lock of the folder <c>compact</c>. After a failed write it is broken until it is opened again. Not thread-safe.
/// </summary>
public sealed class CompactLog : IDisposable
{
    private readonly OwnerLock _lock;
    private readonly CheckedLog _log;

    private CompactLog(OwnerLock held, CheckedLog log, CompactHistory history) => (_lock, _log, History) = (held, log, history);

    /// <summary>What it says.</summary>
    public CompactHistory History { get; }

    /// <summary>Opens for writing; makes the folder and the log in a vault that has none.</summary>
    /// <exception cref="OwnedElsewhereException">Another process compacts this vault; the message names it.</exception>
    /// <exception cref="DamagedException">The log is damaged before its last line.</exception>
    public static CompactLog Open(IFiles files, string vault, OwnerInfo owner)
    {
        var folder = CompactPath.Folder(vault);
        DurableFolder.Create(files, folder);
        var held = OwnerLock.Take(files, folder, "files of finished days", owner);
        try
        {
            var history = new CompactHistory();
            return new(held, CheckedLog.Open(files, CompactPath.Log(vault), CompactHistory.Hint, history.Take), history);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Makes a day visible; durable when this returns.</summary>
    /// <exception cref="WriterBrokenException">This or an earlier write failed.</exception>
    public void Append(CompactDay day)
    {
        _log.Append(JsonSerializer.SerializeToUtf8Bytes(day, CompactJson.Default.CompactEntry));
        History.Take(day);
    }

    public void Dispose()
    {
        _log.Dispose();
        _lock.Dispose();
    }
}
