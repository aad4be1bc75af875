namespace Tape.Tables.DuckDb;

/// <summary>A connection. Not thread-safe but for <see cref="Interrupt"/> and <see cref="Progress"/>, which any thread may call.</summary>
public sealed class DuckDbConnection : IDisposable
{
    private readonly Lock _guard = new();
    private nint _handle;

    internal DuckDbConnection(nint handle) => _handle = handle;

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Runs statements of ours and forgets their results.</summary>
    /// <exception cref="DuckDbException">DuckDB refused or failed.</exception>
    public unsafe void Execute(string sql)
    {
        NativeMethods.Result result;
        var state = NativeMethods.duckdb_query(Handle, sql, &result);
        var error = state == 0 ? null : NativeMethods.Utf8(NativeMethods.duckdb_result_error(&result)) ?? "no reason given";
        NativeMethods.duckdb_destroy_result(&result);
        if (error is not null) throw DuckDbFault.From(error);
    }

    /// <summary>Prepares text that must be exactly one statement.</summary>
    /// <exception cref="DuckDbException">It does not parse or bind, or is none or several statements.</exception>
    public unsafe DuckDbStatement Prepare(string sql)
    {
        var count = NativeMethods.duckdb_extract_statements(Handle, sql, out var statements);
        try
        {
            if (count != 1)
            {
                var error = NativeMethods.Utf8(NativeMethods.duckdb_extract_statements_error(statements));
                if (!string.IsNullOrEmpty(error)) throw DuckDbFault.From(error);
                throw new DuckDbException($"found {count} statements, expected exactly one", "Write one SELECT.");
            }
            if (NativeMethods.duckdb_prepare_extracted_statement(Handle, statements, 0, out var prepared) == 0) return new DuckDbStatement(prepared);
            var reason = NativeMethods.Utf8(NativeMethods.duckdb_prepare_error(prepared)) ?? "no reason given";
            NativeMethods.duckdb_destroy_prepare(ref prepared);
            throw DuckDbFault.From(reason);
        }
        finally
        {
            NativeMethods.duckdb_destroy_extracted(ref statements);
        }
    }

    /// <summary>Runs one statement and reads its rows while they come.</summary>
    public DuckDbResult Query(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Run();
    }

    /// <summary>Appends chunks to a table; ends with <see cref="DuckDbAppender.Close"/>.</summary>
    public DuckDbAppender Append(string schema, string table, IReadOnlyList<DuckDbType> columns) => new(this, schema, table, columns);

    /// <summary>Makes what runs on this connection fail soon. Nothing happens when nothing runs, or after disposal.</summary>
    public void Interrupt()
    {
        lock (_guard)
            if (_handle != 0) NativeMethods.duckdb_interrupt(_handle);
    }

    /// <summary>How far the running statement is, 0 to 1; null when nothing runs or it can't tell. Needs the setting <c>enable_progress_bar</c>.</summary>
    public double? Progress()
    {
        lock (_guard)
        {
            if (_handle == 0) return null;
            var percentage = NativeMethods.duckdb_query_progress(_handle).Percentage;
            return percentage is >= 0 and <= 100 ? percentage / 100 : null;
        }
    }

    public void Dispose()
    {
        lock (_guard)
            if (_handle != 0) NativeMethods.duckdb_disconnect(ref _handle);
    }
}
