using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tape.Tables.DuckDb;

/// <summary>The functions of DuckDB's C interface that we use, as the library names them. Pointers are opaque; states are 0 for success.</summary>
internal static unsafe partial class NativeMethods
{
    public const string Library = "duckdb";

    static NativeMethods() => DuckDbLibrary.Register();

    /// <summary>A result, passed by value as the interface asks; only the last field means anything to us.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Result
    {
        private readonly ulong _columnCount;
        private readonly ulong _rowCount;
        private readonly ulong _rowsChanged;
        private readonly nint _columns;
        private readonly nint _error;
        private readonly nint _data;
    }

    /// <summary>Text in a vector: up to 12 bytes in place, longer text by pointer.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 16)]
    public struct Text
    {
        public const int InlineBytes = 12;

        [FieldOffset(0)] public uint Length;
        [FieldOffset(4)] public fixed byte Inline[InlineBytes];
        [FieldOffset(8)] public byte* Pointer;
    }

    /// <summary>How far the running statement is.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Progress
    {
        public double Percentage;
        private readonly ulong _rowsProcessed;
        private readonly ulong _rowsTotal;
    }

    [LibraryImport(Library)] public static partial byte* duckdb_library_version();
    [LibraryImport(Library)] public static partial void duckdb_free(void* pointer);

    [LibraryImport(Library)] public static partial int duckdb_create_config(out nint config);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int duckdb_set_config(nint config, string name, string option);
    [LibraryImport(Library)] public static partial void duckdb_destroy_config(ref nint config);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_open_ext(string path, out nint database, nint config,
        out byte* error);
    [LibraryImport(Library)] public static partial void duckdb_close(ref nint database);
    [LibraryImport(Library)] public static partial int duckdb_connect(nint database, out nint connection);
    [LibraryImport(Library)] public static partial void duckdb_disconnect(ref nint connection);
    [LibraryImport(Library)] public static partial void duckdb_interrupt(nint connection);
    [LibraryImport(Library)] public static partial Progress duckdb_query_progress(nint connection);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial ulong duckdb_extract_statements(nint connection, string sql,
        out nint statements);
    [LibraryImport(Library)] public static partial byte* duckdb_extract_statements_error(nint statements);
    [LibraryImport(Library)] public static partial int duckdb_prepare_extracted_statement(nint connection, nint statements, ulong index, out nint prepared);
    [LibraryImport(Library)] public static partial void duckdb_destroy_extracted(ref nint statements);
    [LibraryImport(Library)] public static partial byte* duckdb_prepare_error(nint prepared);
    [LibraryImport(Library)] public static partial int duckdb_prepared_statement_type(nint prepared);
    [LibraryImport(Library)] public static partial ulong duckdb_nparams(nint prepared);
    [LibraryImport(Library)] public static partial ulong duckdb_prepared_statement_column_count(nint prepared);
    [LibraryImport(Library)] public static partial byte* duckdb_prepared_statement_column_name(nint prepared, ulong column);
    [LibraryImport(Library)] public static partial int duckdb_prepared_statement_column_type(nint prepared, ulong column);
    [LibraryImport(Library)] public static partial void duckdb_destroy_prepare(ref nint prepared);
    [LibraryImport(Library)] public static partial int duckdb_execute_prepared_streaming(nint prepared, Result* result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int duckdb_query(nint connection, string sql, Result* result);
    [LibraryImport(Library)] public static partial void duckdb_destroy_result(Result* result);
    [LibraryImport(Library)] public static partial byte* duckdb_result_error(Result* result);
    [LibraryImport(Library)] public static partial ulong duckdb_column_count(Result* result);
    [LibraryImport(Library)] public static partial byte* duckdb_column_name(Result* result, ulong column);
    [LibraryImport(Library)] public static partial int duckdb_column_type(Result* result, ulong column);
    [LibraryImport(Library)] public static partial nint duckdb_fetch_chunk(Result result);

    [LibraryImport(Library)] public static partial nint duckdb_create_logical_type(int type);
    [LibraryImport(Library)] public static partial void duckdb_destroy_logical_type(ref nint type);

    [LibraryImport(Library)] public static partial ulong duckdb_vector_size();
    [LibraryImport(Library)] public static partial nint duckdb_create_data_chunk(nint* types, ulong columns);
    [LibraryImport(Library)] public static partial void duckdb_destroy_data_chunk(ref nint chunk);
    [LibraryImport(Library)] public static partial void duckdb_data_chunk_reset(nint chunk);
    [LibraryImport(Library)] public static partial ulong duckdb_data_chunk_get_size(nint chunk);
    [LibraryImport(Library)] public static partial void duckdb_data_chunk_set_size(nint chunk, ulong rows);
    [LibraryImport(Library)] public static partial nint duckdb_data_chunk_get_vector(nint chunk, ulong column);
    [LibraryImport(Library)] public static partial void* duckdb_vector_get_data(nint vector);
    [LibraryImport(Library)] public static partial ulong* duckdb_vector_get_validity(nint vector);
    [LibraryImport(Library)] public static partial void duckdb_vector_ensure_validity_writable(nint vector);
    [LibraryImport(Library)] public static partial void duckdb_vector_assign_string_element_len(nint vector, ulong row, byte* text, ulong bytes);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int duckdb_appender_create(nint connection, string? schema,
        string table, out nint appender);
    [LibraryImport(Library)] public static partial int duckdb_append_data_chunk(nint appender, nint chunk);
    [LibraryImport(Library)] public static partial int duckdb_appender_close(nint appender);
    [LibraryImport(Library)] public static partial byte* duckdb_appender_error(nint appender);
    [LibraryImport(Library)] public static partial int duckdb_appender_destroy(ref nint appender);

    [LibraryImport(Library)] public static partial nint duckdb_create_table_function();
    [LibraryImport(Library)] public static partial void duckdb_destroy_table_function(ref nint function);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial void duckdb_table_function_set_name(nint function, string name);
    [LibraryImport(Library)] public static partial void duckdb_table_function_set_extra_info(nint function, nint extra, nint destroy);
    [LibraryImport(Library)] public static partial void duckdb_table_function_set_bind(nint function, delegate* unmanaged[Cdecl]<nint, void> bind);
    [LibraryImport(Library)] public static partial void duckdb_table_function_set_init(nint function, delegate* unmanaged[Cdecl]<nint, void> init);
    [LibraryImport(Library)] public static partial void duckdb_table_function_set_function(nint function, delegate* unmanaged[Cdecl]<nint, nint, void> fill);
    [LibraryImport(Library)] public static partial int duckdb_register_table_function(nint connection, nint function);
    [LibraryImport(Library)] public static partial nint duckdb_bind_get_extra_info(nint info);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void duckdb_bind_add_result_column(nint info, string name,
        nint type);
    [LibraryImport(Library)] public static partial nint duckdb_init_get_extra_info(nint info);
    [LibraryImport(Library)] public static partial nint duckdb_function_get_extra_info(nint info);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial void duckdb_function_set_error(nint info, string error);

    /// <summary>Text that the library owns, as a string; null for a null pointer.</summary>
    public static string? Utf8(byte* text) => Marshal.PtrToStringUTF8((nint)text);
}
