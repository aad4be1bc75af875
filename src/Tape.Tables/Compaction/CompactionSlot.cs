using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;

namespace Tape.Tables.Compaction;

/// <summary>
/// One connection to the DuckDB of a <see cref="CompactWriter"/>: writes one file at a time, sorted by symbol, ts_recv, tape_seq and idx, without the copies
/// that <see cref="DuplicateSearch"/> finds, and reads it back. Not thread-safe.
/// </summary>
internal sealed class CompactionSlot : IDisposable
{
    /// <summary>
    /// Measured on 1.5 M trades of each venue: 3 takes 6 % off numbered trades against 1 at the same speed, 6 a further 5 % in 1.4 times the time. Long ids of
    /// chance (UUIDs) come out largest above 1.
    /// </summary>
    private const int ZstdLevel = 3;
    private const int ZstdLevelOfChance = 1;

    /// <summary>
    /// Half of what parts take: a group is mostly of one symbol, and times that several trades share would get a dictionary, at twice the bytes of deltas.
    /// </summary>
    private const int DictionaryEntriesMax = ParquetCopy.DictionaryEntriesMax / 2;

    private const int IdDigitsMax = 20;

    private readonly IFiles _files;
    private readonly DuckDbConnection _connection;
    private readonly PartReader _reader;

    /// <summary>Connects.</summary>
    /// <param name="database">Stays the caller's.</param>
    public CompactionSlot(IFiles files, DuckDbDatabase database)
    {
        (_files, _reader) = (files, PartReader.Open(new DuckDbOptions()));
        _connection = database.Connect();
    }

    /// <inheritdoc cref="CompactWriter.Write"/>
    public CompactFile Write(string vault, RawTable table, IReadOnlyList<SealedFile> raw, string path, CancellationToken cancel) => WithFile(path, cancel, () =>
    {
        var duplicates = DuplicateSearch.Run(_connection, vault, table, raw);
        cancel.ThrowIfCancellationRequested();
        var source = PartSelect.Of(vault, table, raw);
        var kept = duplicates == 0 ? source : $"SELECT * FROM ({source}) AS s WHERE NOT {DuplicateSearch.IsRemoved}";
        var written = Write(table, raw, kept, "symbol, ts_recv, tape_seq, idx", path, LevelFor(vault, table, raw),
            [("tapevault_schema", $"compact {RawSchema.Version}"), ("duplicates", Text(duplicates))], cancel);
        return new CompactFile(written, duplicates, duplicates == 0 ? default : DuplicateSearch.HashOfRemoved(_connection, table));
    });

    /// <inheritdoc cref="CompactWriter.Fold"/>
    public PartFile Fold(string vault, RawTable table, IReadOnlyList<SealedFile> raw, string path, CancellationToken cancel) => WithFile(path, cancel, () =>
        Write(table, raw, PartSelect.Of(vault, table, raw), "tape_seq, idx", path, LevelFor(vault, table, raw), [("tapevault_schema", RawSchema.Version)],
            cancel));

    public void Dispose()
    {
        _reader.Dispose();
        _connection.Dispose();
    }

    /// <summary>Runs what makes a file, and leaves none behind when it fails.</summary>
    private T WithFile<T>(string path, CancellationToken cancel, Func<T> make)
    {
        using var interrupt = cancel.Register(_connection.Interrupt);
        try
        {
            return make();
        }
        catch (Exception fault)
        {
            _files.Delete(path);
            if (cancel.IsCancellationRequested && fault is DuckDbException) throw new OperationCanceledException("compaction was cancelled", fault, cancel);
            throw;
        }
        finally
        {
            DuplicateSearch.Drop(_connection);
        }
    }

    /// <summary>Writes a sorted SELECT into a file, syncs it, and reads it back.</summary>
    private PartFile Write(RawTable table, IReadOnlyList<SealedFile> raw, string select, string order, string path, int level,
        IReadOnlyList<(string, string)> metadata, CancellationToken cancel)
    {
        var rows = raw.Sum(file => file.Rows);
        // The venue is the same in all rows: what is sorted need not carry it.
        var columns = string.Join(", ", table.Columns.Select(column => column.Name == "exchange" ? $"{Sql.Text(raw[0].Venue)} AS exchange" : column.Name));
        _connection.Execute(ParquetCopy.Sql($"SELECT {columns} FROM ({select}) ORDER BY {order}", path, rows, DictionaryEntriesMax, level,
        [
            .. metadata, ("table", table.Name), ("venue", raw[0].Venue), ("day", raw[0].Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                ("raw_rows", Text(rows)),
        ]));
        cancel.ThrowIfCancellationRequested();
        using (var file = _files.Open(path, FileUse.Write)) file.Sync();
        return _reader.Read(table, path);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private int LevelFor(string vault, RawTable table, IReadOnlyList<SealedFile> raw)
    {
        if (table != RawSchema.Trades) return ZstdLevel;
        using var result = _connection.Query($"SELECT coalesce(max(length(trade_id)), 0) FROM ({PartSelect.Of(vault, table, [raw[0]])})");
        return result.Next(out var chunk) && chunk.Values<long>(0)[0] > IdDigitsMax ? ZstdLevelOfChance : ZstdLevel;
    }
}
