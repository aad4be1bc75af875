using System.Text.Json;
using Tape.Tables.DuckDb;

namespace Tape.Query.Engine;

/// <summary>
/// Decides whether SQL may run: one statement that is a SELECT to DuckDB's parser, whose every table function is known to read nothing outside.
/// Settings of DuckDB are the second fence (no external access, locked configuration), the child process the third.
/// </summary>
internal static class SqlGuard
{
    /// <summary>SQL text, characters.</summary>
    public const int SqlCharsMax = 1 << 20;

    private const int SyntaxDepthMax = 4096;

    /// <summary>
    /// Table functions that compute from their arguments or show the catalog. Not here on purpose: whatever opens files (the views do that), runs SQL from a
    /// text (query, query_table, json_execute_serialized_sql) or changes the instance (enable_logging, checkpoint…), even though nothing more than that fence
    /// would fall.
    /// </summary>
    private static readonly HashSet<string> TableFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree", "test_all_types",
        "duckdb_columns", "duckdb_functions", "duckdb_tables", "duckdb_types", "duckdb_keywords", "pragma_table_info",
    };

    /// <summary>Functions that change something although they stand in a SELECT.</summary>
    private static readonly HashSet<string> RefusedFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "write_log", "nextval", "getenv", "current_setting",
    };

    /// <summary>Catalog views that show settings, or the views' own SQL: both hold paths of this machine.</summary>
    private static readonly HashSet<string> RefusedCatalogs = new(StringComparer.OrdinalIgnoreCase)
    {
        "pg_settings", "pg_views", "duckdb_views", "duckdb_settings", "duckdb_secrets", "duckdb_logs", "sqlite_master", "sqlite_schema", "sqlite_temp_master",
        "sqlite_temp_schema", "views",
    };

    /// <summary>Checks SQL on a connection that is already fenced in.</summary>
    /// <exception cref="QueryRefusedException">It may not run.</exception>
    /// <exception cref="DuckDbException">It does not parse.</exception>
    public static void Check(DuckDbConnection connection, string sql)
    {
        if (string.IsNullOrWhiteSpace(sql)) throw new QueryRefusedException("found no SQL, expected one SELECT", "For example: SELECT count(*) FROM trades");
        if (sql.Length > SqlCharsMax) throw new QueryRefusedException($"the SQL has {sql.Length} characters; {SqlCharsMax} are the most");
        using var syntax = JsonDocument.Parse(SyntaxOf(connection, sql), new JsonDocumentOptions { MaxDepth = SyntaxDepthMax });
        var root = syntax.RootElement;
        if (root.GetProperty("error").GetBoolean()) throw NotSelect(connection, sql, root);
        var count = root.GetProperty("statements").GetArrayLength();
        if (count != 1) throw new QueryRefusedException($"found {count} statements, expected exactly one SELECT", "Remove what follows the first semicolon.");
        Walk(root);
    }

    private static string SyntaxOf(DuckDbConnection connection, string sql)
    {
        using var result = connection.Query($"SELECT CAST(json_serialize_sql({Sql.Text(sql)}) AS VARCHAR)");
        return result.Next(out var chunk) ? chunk.Text(0, 0)! : throw new QueryRefusedException("the parser gave no answer");
    }

    private static Core.Errors.TapeException NotSelect(DuckDbConnection connection, string sql, JsonElement root)
    {
        var message = root.TryGetProperty("error_message", out var text) ? text.GetString() ?? "" : "";
        if (!message.Contains("Only SELECT", StringComparison.Ordinal))
            return new DuckDbException(Explain(connection, sql) ?? message, "See 'tape query --help' for examples.");
        return new QueryRefusedException("found another statement, expected a SELECT: a query reads and changes nothing",
            "Write SELECT … (WITH, FROM, VALUES, DESCRIBE, SUMMARIZE and SHOW TABLES are taken as well). For a file use --format and --out instead of COPY.");
    }

    /// <summary>The parser's full text with the place in the SQL, which the serializer leaves out; null when the statement is understood after all.</summary>
    private static string? Explain(DuckDbConnection connection, string sql)
    {
        try
        {
            connection.Prepare(sql).Dispose();
            return null;
        }
        catch (DuckDbException fault)
        {
            return fault.Message;
        }
    }

    private static void Walk(JsonElement node)
    {
        if (node.ValueKind is JsonValueKind.Array)
            foreach (var item in node.EnumerateArray()) Walk(item);
        if (node.ValueKind is not JsonValueKind.Object) return;
        if (node.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String && type.ValueEquals("TABLE_FUNCTION")) CheckTableFunction(node);
        if (node.TryGetProperty("table_name", out var table) && table.ValueKind is JsonValueKind.String && IsRefusedCatalog(node, table.GetString()!))
            throw new QueryRefusedException($"{table.GetString()} is not available in queries: it shows paths of this machine",
                "SHOW TABLES lists the views, DESCRIBE their columns.");
        if (node.TryGetProperty("function_name", out var name) && name.ValueKind is JsonValueKind.String && RefusedFunctions.Contains(name.GetString()!))
            throw new QueryRefusedException($"the function {name.GetString()} is not available in queries");
        foreach (var property in node.EnumerateObject()) Walk(property.Value);
    }

    /// <summary>A table of the user's own WITH clause may have such a name only where that names no catalog: 'views' is one of information_schema's.</summary>
    private static bool IsRefusedCatalog(JsonElement node, string table) => RefusedCatalogs.Contains(table)
        && (!table.Equals("views", StringComparison.OrdinalIgnoreCase)
            || (node.TryGetProperty("schema_name", out var schema)
                && string.Equals(schema.GetString(), "information_schema", StringComparison.OrdinalIgnoreCase)));

    private static void CheckTableFunction(JsonElement node)
    {
        var name = node.TryGetProperty("function", out var function) && function.TryGetProperty("function_name", out var text) ? text.GetString() : null;
        if (name is not null && TableFunctions.Contains(name)) return;
        throw new QueryRefusedException($"the table function {name ?? "(unnamed)"} is not available in queries", "Query the views: SHOW TABLES lists them.");
    }
}

/// <summary>The SQL is not something that a query may do. Nothing was run.</summary>
public sealed class QueryRefusedException(string message, string? hint = null) : TapeException(message, hint);
