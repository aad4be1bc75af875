using Tape.Storage.Tables.DuckDb;

namespace Tape.Storage.Tables;

/// <summary>The rows of parts, as SQL.</summary>
public static class PartSelect
{
    /// <summary>A SELECT of the columns of a table from files of it, at least one.</summary>
    /// <param name="where">A condition with WHERE; empty for all rows.</param>
    public static string Of(string vault, RawTable table, IReadOnlyList<SealedFile> files, string where = "")
    {
        var columns = string.Join(", ", table.Columns.Select(column => column.Name));
        return $"SELECT {columns} FROM read_parquet({Sql.List(files.Select(file => PartPath.Absolute(vault, file.Path)))}, hive_partitioning = false){where}";
    }
}
