namespace Tape.Tables.DuckDb;

/// <summary>A prepared statement.</summary>
public sealed class DuckDbStatement : IDisposable
{
    private const int SelectType = 1;
    private nint _handle;

    internal DuckDbStatement(nint handle) => _handle = handle;

    /// <summary>Whether DuckDB says that it is a SELECT.</summary>
    public bool IsSelect => NativeMethods.duckdb_prepared_statement_type(_handle) == SelectType;

    /// <summary>Placeholders that wait for values.</summary>
    public int Parameters => (int)NativeMethods.duckdb_nparams(_handle);

    /// <summary>Names and types of the columns that it will give.</summary>
    public unsafe IReadOnlyList<DuckDbColumn> Columns
    {
        get
        {
            var columns = new DuckDbColumn[(int)NativeMethods.duckdb_prepared_statement_column_count(_handle)];
            for (var i = 0; i < columns.Length; i++)
            {
                var name = NativeMethods.duckdb_prepared_statement_column_name(_handle, (ulong)i);
                columns[i] = new(NativeMethods.Utf8(name) ?? "", (DuckDbType)NativeMethods.duckdb_prepared_statement_column_type(_handle, (ulong)i));
                NativeMethods.duckdb_free(name);
            }
            return columns;
        }
    }

    /// <summary>Starts it; rows are computed while they are read.</summary>
    /// <exception cref="DuckDbException">It failed before its first row.</exception>
    public unsafe DuckDbResult Run()
    {
        NativeMethods.Result result;
        var state = NativeMethods.duckdb_execute_prepared_streaming(_handle, &result);
        if (state == 0) return new DuckDbResult(result);
        var error = NativeMethods.Utf8(NativeMethods.duckdb_result_error(&result)) ?? "no reason given";
        NativeMethods.duckdb_destroy_result(&result);
        throw DuckDbFault.From(error);
    }

    public void Dispose()
    {
        if (_handle != 0) NativeMethods.duckdb_destroy_prepare(ref _handle);
    }
}
