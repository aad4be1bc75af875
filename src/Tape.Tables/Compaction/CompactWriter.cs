using System.Collections.Concurrent;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;

namespace Tape.Tables.Compaction;

/// <summary>
/// Writes the files of finished days with an in-memory DuckDB of its own, each sorted and without duplicates, and reads them back. Memory is bounded by the
/// options, whatever is written side by side; what does not fit is sorted on the disk. As many threads as there are <see cref="Slots"/> may use it at a time.
/// </summary>
public sealed class CompactWriter : IDisposable
{
    private readonly DuckDbDatabase _database;
    private readonly CompactionSlot[] _slots;
    private readonly ConcurrentBag<CompactionSlot> _free;

    private CompactWriter(IFiles files, DuckDbDatabase database, int slots)
    {
        _database = database;
        _slots = [.. Enumerable.Range(0, slots).Select(_ => new CompactionSlot(files, database))];
        _free = [.. _slots];
    }

    /// <summary>Files that can be written at the same time: one for each of DuckDB's threads.</summary>
    public int Slots => _slots.Length;

    /// <summary>What compaction may use: 512 MiB of buffers; what does not fit there goes to the vault's <c>tmp</c>, up to 64 GiB.</summary>
    /// <param name="threads">One in the background, which then has the priority of the thread that asks; more where somebody waits.</param>
    public static DuckDbOptions Limits(string vault, int threads = 1) => new(512L << 20, Path.Combine(vault, "tmp"), 64L << 30, threads);

    /// <summary>Opens DuckDB.</summary>
    /// <exception cref="DuckDbException">The native library is missing.</exception>
    public static CompactWriter Open(IFiles files, DuckDbOptions options) => new(files, DuckDbDatabase.Open(options), options.Threads);

    /// <summary>Writes a new file, whole and synced when this returns; its folder is there, and syncing that is the caller's.</summary>
    /// <param name="raw">All RAW files of the table, venue and day, at least one.</param>
    /// <param name="path">Absolute path of the file; one that is there is replaced.</param>
    /// <param name="cancel">Ends it soon, from any thread.</param>
    /// <exception cref="Core.Errors.TapeException">It could not be written; nothing is left at the path.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left at the path.</exception>
    public CompactFile Write(string vault, RawTable table, IReadOnlyList<SealedFile> raw, string path, CancellationToken cancel) =>
        OnLane(slot => slot.Write(vault, table, raw, path, cancel));

    /// <summary>Writes all rows of a table, venue and day into one file, in the order of the tape.</summary>
    /// <inheritdoc cref="Write(string, RawTable, IReadOnlyList{SealedFile}, string, CancellationToken)"/>
    public PartFile Fold(string vault, RawTable table, IReadOnlyList<SealedFile> raw, string path, CancellationToken cancel) =>
        OnLane(slot => slot.Fold(vault, table, raw, path, cancel));

    public void Dispose()
    {
        foreach (var slot in _slots) slot.Dispose();
        _database.Dispose();
    }

    private T OnLane<T>(Func<CompactionSlot, T> work)
    {
        if (!_free.TryTake(out var slot)) throw new InvalidOperationException($"all {Slots} lanes are in use");
        try
        {
            return work(slot);
        }
        finally
        {
            _free.Add(slot);
        }
    }
}
