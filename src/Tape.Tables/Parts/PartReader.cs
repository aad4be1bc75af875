using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Rows;

namespace Tape.Tables.Parts;

/// <summary>Opens parts to check them. Not thread-safe.</summary>
public sealed class PartReader : IDisposable
{
    private readonly DuckDbDatabase _database;
    private readonly DuckDbConnection _connection;

    private PartReader(DuckDbDatabase database)
    {
        _database = database;
        _connection = database.Connect();
        // Whole files are read as they are: planning how costs a small part more than reading it.
        _connection.Execute("PRAGMA disable_optimizer");
    }

    /// <summary>Opens DuckDB for reading.</summary>
    /// <exception cref="DuckDbException">The native library is missing.</exception>
    public static PartReader Open(DuckDbOptions options) => new(DuckDbDatabase.Open(options));

    /// <summary>Reads a part whole.</summary>
    /// <returns>Its rows and their hash; <see cref="PartFile.Bytes"/> is the length of the file.</returns>
    /// <exception cref="DamagedException">The file does not open, or its schema is not the table's.</exception>
    public PartFile Read(RawTable table, string path) => Read(table, path, out _);

    /// <summary>Reads a part whole.</summary>
    /// <param name="records">The records of the tape among which those of its rows are: the first and last that occur; empty without rows.</param>
    /// <inheritdoc cref="Read(RawTable, string)"/>
    public PartFile Read(RawTable table, string path, out SeqRange records)
    {
        try
        {
            using var result = _connection.Query($"SELECT * FROM {Source(path)}");
            (var rows, var hash, records) = ChunkHasher.Sum(result, ColumnsIn(table, path, result.Columns));
            return new(rows, new FileInfo(path).Length, hash);
        }
        catch (DuckDbException fault)
        {
            throw new DamagedException($"{path}: {fault.Message}", "Run 'tape sanity --deep'; the rows can be derived again from the tape.", fault);
        }
    }

    /// <summary>Keys and values that the file carries about itself.</summary>
    /// <exception cref="DuckDbException">The file does not open.</exception>
    public IReadOnlyDictionary<string, string> Metadata(string path)
    {
        var metadata = new Dictionary<string, string>();
        using var result = _connection.Query($"SELECT decode(key), decode(value) FROM parquet_kv_metadata({Sql.Text(path)})");
        while (result.Next(out var chunk))
            for (var row = 0; row < chunk.Rows; row++) metadata[chunk.Text(0, row)!] = chunk.Text(1, row) ?? "";
        return metadata;
    }

    public void Dispose()
    {
        _connection.Dispose();
        _database.Dispose();
    }

    private static string Source(string path) => $"read_parquet([{Sql.Text(path)}], hive_partitioning = false)";

    /// <summary>The columns of the table that a file has: all, or those of layout 1.</summary>
    private static IReadOnlyList<RawColumn> ColumnsIn(RawTable table, string path, IReadOnlyList<DuckDbColumn> found)
    {
        foreach (var columns in new[] { table.Columns, [.. table.Columns.Where(column => !column.IsLater)] })
            if (found.SequenceEqual(columns.Select(column => new DuckDbColumn(column.Name, column.DuckDbType())))) return columns;
        throw new DamagedException($"{path}: columns are {string.Join(", ", found.Select(column => $"{column.Name} {column.Type}"))}; expected those of "
            + $"{table} {RawSchema.Version}: {table.SqlColumns}");
    }
}
