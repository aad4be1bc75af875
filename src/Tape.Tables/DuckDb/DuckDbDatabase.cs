namespace Tape.Tables.DuckDb;

/// <summary>An in-memory DuckDB. Owned by its opener, which disposes it after its connections. Thread-safe; connections are not.</summary>
public sealed class DuckDbDatabase : IDisposable
{
    private nint _handle;

    private DuckDbDatabase(nint handle) => _handle = handle;

    /// <summary>Opens an empty one.</summary>
    /// <exception cref="DuckDbException">The native library is missing, or DuckDB refused an option.</exception>
    public static unsafe DuckDbDatabase Open(DuckDbOptions options)
    {
        DuckDbLibrary.Require();
        if (NativeMethods.duckdb_create_config(out var config) != 0) throw new DuckDbException("DuckDB could not make a configuration: out of memory.");
        try
        {
            foreach (var (name, option) in options.Settings())
                if (NativeMethods.duckdb_set_config(config, name, option) != 0)
                    throw new DuckDbException($"DuckDB does not know the setting {name} = {option}");
            if (NativeMethods.duckdb_open_ext(":memory:", out var handle, config, out var error) != 0)
            {
                var text = NativeMethods.Utf8(error) ?? "no reason given";
                NativeMethods.duckdb_free(error);
                throw new DuckDbException($"DuckDB did not open: {text}");
            }
            var database = new DuckDbDatabase(handle);
            using var connection = database.Connect();
            connection.Execute("SET GLOBAL TimeZone = 'UTC'");
            return database;
        }
        finally
        {
            NativeMethods.duckdb_destroy_config(ref config);
        }
    }

    /// <summary>A further connection to it.</summary>
    public DuckDbConnection Connect()
    {
        ObjectDisposedException.ThrowIf(_handle == 0, this);
        if (NativeMethods.duckdb_connect(_handle, out var connection) != 0) throw new DuckDbException("DuckDB gave no connection: out of memory.");
        return new DuckDbConnection(connection);
    }

    public void Dispose()
    {
        if (_handle != 0) NativeMethods.duckdb_close(ref _handle);
    }
}
