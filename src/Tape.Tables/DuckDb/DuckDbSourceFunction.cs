using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Tape.Tables.DuckDb;

/// <summary>
/// A source under a name, so that statements can read <c>FROM name()</c> without the rows being stored in a table first. To be disposed after its database.
/// Used by one statement at a time.
/// </summary>
public sealed unsafe class DuckDbSourceFunction : IDisposable
{
    private readonly IDuckDbSource _source;
    private GCHandle _self;
    private ExceptionDispatchInfo? _fault;

    private DuckDbSourceFunction(IDuckDbSource source)
    {
        _source = source;
        _self = GCHandle.Alloc(this);
    }

    /// <summary>Registers a source for all connections of the database; it takes the place of another one with its name.</summary>
    /// <exception cref="DuckDbException">DuckDB refused.</exception>
    public static DuckDbSourceFunction Register(DuckDbConnection connection, string name, IDuckDbSource source)
    {
        var registered = new DuckDbSourceFunction(source);
        var function = NativeMethods.duckdb_create_table_function();
        NativeMethods.duckdb_table_function_set_name(function, name);
        NativeMethods.duckdb_table_function_set_extra_info(function, GCHandle.ToIntPtr(registered._self), 0);
        NativeMethods.duckdb_table_function_set_bind(function, &Bind);
        NativeMethods.duckdb_table_function_set_init(function, &Begin);
        NativeMethods.duckdb_table_function_set_function(function, &Fill);
        var state = NativeMethods.duckdb_register_table_function(connection.Handle, function);
        NativeMethods.duckdb_destroy_table_function(ref function);
        if (state == 0) return registered;
        registered.Dispose();
        throw new DuckDbException($"DuckDB did not take the function '{name}'");
    }

    /// <summary>After a statement failed: throws what the source itself threw, if it did.</summary>
    public void ThrowFault()
    {
        var fault = _fault;
        _fault = null;
        fault?.Throw();
    }

    public void Dispose()
    {
        if (_self.IsAllocated) _self.Free();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        foreach (var column in Of(NativeMethods.duckdb_bind_get_extra_info(info))._source.Columns)
        {
            var type = NativeMethods.duckdb_create_logical_type((int)column.Type);
            NativeMethods.duckdb_bind_add_result_column(info, column.Name, type);
            NativeMethods.duckdb_destroy_logical_type(ref type);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Begin(nint info) => Of(NativeMethods.duckdb_init_get_extra_info(info))._source.Begin();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint info, nint chunk)
    {
        var function = Of(NativeMethods.duckdb_function_get_extra_info(info));
        try
        {
            NativeMethods.duckdb_data_chunk_set_size(chunk, (ulong)function._source.Fill(new DuckDbVectors(chunk)));
        }
#pragma warning disable CA1031 // No exception can pass through native code: it is kept, the statement fails, and ThrowFault throws it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            function._fault = ExceptionDispatchInfo.Capture(fault);
            NativeMethods.duckdb_function_set_error(info, fault.Message);
        }
    }

    private static DuckDbSourceFunction Of(nint extra) => (DuckDbSourceFunction)GCHandle.FromIntPtr(extra).Target!;
}
