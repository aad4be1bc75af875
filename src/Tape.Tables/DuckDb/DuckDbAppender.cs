namespace Tape.Tables.DuckDb;

/// <summary>
/// Fills a table vector by vector. The caller sets all columns of a chunk, then calls <see cref="Send"/>; <see cref="Close"/> ends it.
/// Disposing without closing discards nothing that DuckDB has already taken: drop the table then.
/// </summary>
public sealed unsafe class DuckDbAppender : IDisposable
{
    private nint _appender;
    private nint _chunk;

    internal DuckDbAppender(DuckDbConnection connection, string schema, string table, IReadOnlyList<DuckDbType> columns)
    {
        if (NativeMethods.duckdb_appender_create(connection.Handle, schema, table, out _appender) != 0) throw Fault();
        var types = stackalloc nint[columns.Count];
        for (var i = 0; i < columns.Count; i++) types[i] = NativeMethods.duckdb_create_logical_type((int)columns[i]);
        _chunk = NativeMethods.duckdb_create_data_chunk(types, (ulong)columns.Count);
        for (var i = 0; i < columns.Count; i++) NativeMethods.duckdb_destroy_logical_type(ref types[i]);
    }

    /// <summary>The chunk to fill.</summary>
    public DuckDbVectors Chunk => new(_chunk);

    /// <summary>Hands the first <paramref name="rows"/> rows over and empties the chunk.</summary>
    public void Send(int rows)
    {
        NativeMethods.duckdb_data_chunk_set_size(_chunk, (ulong)rows);
        if (NativeMethods.duckdb_append_data_chunk(_appender, _chunk) != 0) throw Fault();
        NativeMethods.duckdb_data_chunk_reset(_chunk);
    }

    /// <summary>Makes all rows visible in the table.</summary>
    public void Close()
    {
        if (NativeMethods.duckdb_appender_close(_appender) != 0) throw Fault();
    }

    public void Dispose()
    {
        if (_chunk != 0) NativeMethods.duckdb_destroy_data_chunk(ref _chunk);
        if (_appender != 0) _ = NativeMethods.duckdb_appender_destroy(ref _appender);
    }

    private Core.Errors.TapeException Fault() =>
        DuckDbFault.From(NativeMethods.Utf8(NativeMethods.duckdb_appender_error(_appender)) ?? "the appender gave no reason");
}
