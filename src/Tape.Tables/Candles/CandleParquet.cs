using Tape.Core.Candles;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;

namespace Tape.Tables.Candles;

/// <summary>
/// Candles as Parquet, with an in-memory DuckDB of its own. The same rows give the same bytes. Memory is bounded by the options and by the rows of one file.
/// </summary>
public sealed class CandleParquet : ICandleFiles, IDisposable
{
    /// <summary>Rows of a file at most; a day has 1,440 minutes.</summary>
    public const int RowsMax = 100_000;

    private const string SourceName = "candle_rows";
    private const string HashKey = "rows_sha256";
    private const int NullableFrom = 10;
    private const int NullableTo = 12;
    private const string Hint = "Day files are made from the tape and from answers: set it aside, and it is made again.";

    private readonly IFiles _files;
    private readonly DuckDbDatabase _database;
    private readonly DuckDbConnection _connection;
    private readonly CandleFileSource _source = new();
    private readonly DuckDbSourceFunction _function;

    private CandleParquet(IFiles files, DuckDbDatabase database)
    {
        _files = files;
        _database = database;
        _connection = database.Connect();
        // Day files are replaced under their names: what was read of one must not be taken for the next.
        _connection.Execute("SET GLOBAL enable_external_file_cache = false");
        _function = DuckDbSourceFunction.Register(_connection, SourceName, _source);
    }

    /// <summary>Opens DuckDB.</summary>
    /// <exception cref="DuckDbException">The native library is missing.</exception>
    public static CandleParquet Open(IFiles files, DuckDbOptions options) => new(files, DuckDbDatabase.Open(options));

    public void Write(string path, IReadOnlyList<StoredCandle> rows)
    {
        try
        {
            _source.Set(rows);
            _connection.Execute(ParquetCopy.Sql($"FROM {SourceName}()", path, rows.Count, ParquetCopy.DictionaryEntriesMax, level: 1,
                [("tapevault_schema", "candles v1"), (HashKey, CandleRowsHash.Of(rows))]));
            if (_source.Read != rows.Count) throw new InvalidOperationException($"DuckDB took {_source.Read} rows of {rows.Count}");
            using var file = _files.Open(path, FileUse.Write);
            file.Sync();
        }
        catch
        {
            _files.Delete(path);
            _function.ThrowFault();
            throw;
        }
        finally
        {
            _source.Set([]);
        }
    }

    public IReadOnlyList<StoredCandle> Read(string path)
    {
        try
        {
            using var result = _connection.Query($"SELECT * FROM read_parquet([{Sql.Text(path)}], hive_partitioning = false)");
            if (!result.Columns.SequenceEqual(CandleColumnTypes.All))
                throw new DamagedException($"{path}: found the columns {Text(result.Columns)}; expected {Text(CandleColumnTypes.All)}", Hint);
            var rows = new List<StoredCandle>();
            while (result.Next(out var chunk))
            {
                if (rows.Count + chunk.Rows > RowsMax) throw new DamagedException($"{path}: found more than {RowsMax} rows, expected those of one day", Hint);
                for (var row = 0; row < chunk.Rows; row++) rows.Add(Row(path, chunk, row));
            }

            result.Dispose();
            if (HashIn(path) is { } hash && hash != CandleRowsHash.Of(rows))
                throw new DamagedException($"{path}: found rows that don't match the hash that was stored with them", Hint);
            return rows;
        }
        catch (DuckDbException fault)
        {
            throw new DamagedException($"{path}: {fault.Message}", Hint, fault);
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
        _function.Dispose();
    }

    /// <summary>The hash that a file of ours carries; null in files of others.</summary>
    private string? HashIn(string path)
    {
        using var result = _connection.Query($"SELECT decode(value) FROM parquet_kv_metadata({Sql.Text(path)}) WHERE decode(key) = {Sql.Text(HashKey)}");
        return result.Next(out var chunk) ? chunk.Text(0, 0) : null;
    }

    private static StoredCandle Row(string path, in DuckDbChunk chunk, int row)
    {
        for (var column = 0; column < CandleColumnTypes.All.Count; column++)
            if (column is < NullableFrom or > NullableTo && chunk.IsNull(column, row))
                throw new DamagedException($"{path}: found no {CandleColumnTypes.All[column].Name} in row {row}, expected a value", Hint);
        var (timeframe, source) = (chunk.Text(2, row)!, chunk.Text(14, row)!);
        return new StoredCandle
        {
            Venue = chunk.Text(0, row)!,
            Symbol = chunk.Text(1, row)!,
            Timeframe = Timeframe.Find(timeframe) ?? throw new DamagedException($"{path}: found the timeframe '{timeframe}' in row {row}", Hint),
            Values = new Candle
            {
                OpenTimeMs = chunk.Values<long>(3)[row],
                Open = chunk.Values<double>(5)[row],
                High = chunk.Values<double>(6)[row],
                Low = chunk.Values<double>(7)[row],
                Close = chunk.Values<double>(8)[row],
                Volume = chunk.Values<double>(9)[row],
                QuoteVolume = chunk.IsNull(10, row) ? Absent.Number : chunk.Values<double>(10)[row],
                Vwap = chunk.IsNull(11, row) ? Absent.Number : chunk.Values<double>(11)[row],
                TradesCount = chunk.IsNull(12, row) ? Absent.Integer : chunk.Values<long>(12)[row],
            },
            CloseTimeMs = chunk.Values<long>(4)[row],
            IsClosed = chunk.Values<bool>(13)[row],
            Source = CandleSources.Find(source) ?? throw new DamagedException($"{path}: found the source '{source}' in row {row}", Hint),
            IngestTimeMs = chunk.Values<long>(15)[row],
        };
    }

    private static string Text(IEnumerable<DuckDbColumn> columns) => string.Join(", ", columns.Select(column => $"{column.Name} {column.Type}"));
}
