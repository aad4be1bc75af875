namespace Tape.Tables.DuckDb;

/// <summary>Rows that come chunk by chunk. Dispose it before the connection is used again. Not thread-safe.</summary>
public sealed unsafe class DuckDbResult : IDisposable
{
    private NativeMethods.Result _result;
    private nint _chunk;
    private bool _disposed;

    internal DuckDbResult(NativeMethods.Result result)
    {
        _result = result;
        fixed (NativeMethods.Result* at = &_result)
        {
            var columns = new DuckDbColumn[(int)NativeMethods.duckdb_column_count(at)];
            for (var i = 0; i < columns.Length; i++)
                columns[i] = new(NativeMethods.Utf8(NativeMethods.duckdb_column_name(at, (ulong)i)) ?? "",
                    (DuckDbType)NativeMethods.duckdb_column_type(at, (ulong)i));
            Columns = columns;
        }
    }

    /// <summary>Names and types.</summary>
    public IReadOnlyList<DuckDbColumn> Columns { get; }

    /// <summary>Moves to the next chunk, which replaces the one before.</summary>
    /// <returns>False after the last row.</returns>
    /// <exception cref="DuckDbException">The query failed while its rows were computed.</exception>
    public bool Next(out DuckDbChunk chunk)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_chunk != 0) NativeMethods.duckdb_destroy_data_chunk(ref _chunk);
        _chunk = NativeMethods.duckdb_fetch_chunk(_result);
        if (_chunk == 0) ThrowIfFailed();
        var rows = _chunk == 0 ? 0 : (int)NativeMethods.duckdb_data_chunk_get_size(_chunk);
        chunk = new(_chunk, rows);
        return rows > 0;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (_chunk != 0) NativeMethods.duckdb_destroy_data_chunk(ref _chunk);
        fixed (NativeMethods.Result* at = &_result) NativeMethods.duckdb_destroy_result(at);
    }

    private void ThrowIfFailed()
    {
        fixed (NativeMethods.Result* at = &_result)
        {
            var error = NativeMethods.Utf8(NativeMethods.duckdb_result_error(at));
            if (!string.IsNullOrEmpty(error)) throw DuckDbFault.From(error);
        }
    }
}

/// <summary>A column of a result.</summary>
public readonly record struct DuckDbColumn(string Name, DuckDbType Type);
