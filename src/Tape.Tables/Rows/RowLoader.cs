using Tape.Storage.Schema;
using Tape.Tables.DuckDb;

namespace Tape.Tables.Rows;

/// <summary>Moves rows of a buffer into a DuckDB table, vector by vector, and hashes them on the way.</summary>
public static class RowLoader
{
    /// <summary>Creates a table with the columns of the buffer's table and fills it in the given order of rows.</summary>
    /// <param name="rows">0-based rows of the buffer.</param>
    /// <returns>The hash of the rows.</returns>
    /// <exception cref="DuckDbException">DuckDB refused, for example for want of memory; the table may be there in part.</exception>
    public static RowHash Load(DuckDbConnection connection, string schema, string table, RowBuffer buffer, ReadOnlySpan<int> rows)
    {
        connection.Execute($"CREATE TABLE {Sql.Name(schema)}.{Sql.Name(table)} ({buffer.Table.SqlColumns})");
        var hasher = new RowHasher();
        using var appender = connection.Append(schema, table, buffer.Table.DuckDbTypes());
        for (; !rows.IsEmpty; rows = rows[Math.Min(rows.Length, DuckDbVectors.RowsMax)..])
        {
            var chunk = rows[..Math.Min(rows.Length, DuckDbVectors.RowsMax)];
            RowFiller.Fill(appender.Chunk, buffer, chunk, hasher);
            appender.Send(chunk.Length);
        }
        appender.Close();
        return hasher.Hash;
    }
}
