using Tape.Storage.Tables.DuckDb;

namespace Tape.Storage.Tables;

/// <summary>Hashes the rows of a RAW table as they come from DuckDB, a column of a chunk at a time where nothing in it is NULL.</summary>
internal static class ChunkHasher
{
    /// <summary>Reads a result to its end.</summary>
    /// <param name="result">All columns of the table in their order.</param>
    /// <returns>Its rows and the sum of their hashes.</returns>
    public static (long Rows, RowHash Hash) Sum(DuckDbResult result, RawTable table)
    {
        var (hasher, rows) = (new RowHasher(), 0L);
        for (; result.Next(out var chunk); rows += chunk.Rows)
        {
            hasher.Begin(chunk.Rows);
            for (var column = 0; column < table.Columns.Count; column++) Add(hasher, table.Columns[column].Type, chunk, column);
            hasher.End();
        }

        return (rows, hasher.Hash);
    }

    private static void Add(RowHasher hasher, RawType type, DuckDbChunk chunk, int column)
    {
        if (chunk.HasNulls(column) || type is RawType.Text)
            for (var row = 0; row < chunk.Rows; row++) AddValue(hasher, type, chunk, column, row);
        else if (type is RawType.Number) hasher.Numbers(chunk.Values<double>(column));
        else if (type is RawType.Int) hasher.Ints(chunk.Values<int>(column));
        else hasher.Integers(chunk.Values<long>(column));
    }

    private static void AddValue(RowHasher hasher, RawType type, DuckDbChunk chunk, int column, int row)
    {
        if (chunk.IsNull(column, row)) hasher.Null(row);
        else if (type is RawType.Text) hasher.Text(row, chunk.Utf8(column, row));
        else if (type is RawType.Number) hasher.Word(row, BitConverter.DoubleToUInt64Bits(chunk.Values<double>(column)[row]));
        else if (type is RawType.Int) hasher.Word(row, (ulong)(long)chunk.Values<int>(column)[row]);
        else hasher.Word(row, (ulong)chunk.Values<long>(column)[row]);
    }
}
