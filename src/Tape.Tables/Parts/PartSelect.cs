using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;

namespace Tape.Tables.Parts;

/// <summary>The rows of parts, as SQL.</summary>
public static class PartSelect
{
    /// <summary>A SELECT of the columns of a table from files of it, at least one.</summary>
    /// <param name="where">A condition without WHERE; empty for all rows.</param>
    public static string Of(string vault, RawTable table, IReadOnlyList<SealedFile> files, string where = "")
    {
        var selects = new List<string>();
        foreach (var layout in files.Where(file => file.Except.Count == 0).GroupBy(file => file.Layout >= RawSchema.Layout))
            selects.Add(Select(Columns(table, layout.Key), vault, layout, [where]));
        selects.AddRange(files.Where(file => file.Except.Count > 0)
            .Select(file => Select(Columns(table, file.Layout >= RawSchema.Layout), vault, [file], [where, .. file.Except.Select(Outside)])));
        return string.Join(" UNION ALL ", selects);
    }

    /// <summary>All columns; those that a file of layout 1 lacks are NULL.</summary>
    private static string Columns(RawTable table, bool isWhole) =>
        string.Join(", ", table.Columns.Select(column => isWhole || !column.IsLater ? column.Name : $"NULL::{column.SqlType} AS {column.Name}"));

    private static string Select(string columns, string vault, IEnumerable<SealedFile> files, IEnumerable<string> conditions)
    {
        var where = string.Join(" AND ", conditions.Where(condition => condition.Length > 0));
        return $"SELECT {columns} FROM read_parquet({Sql.List(files.Select(file => EntryPath.Absolute(vault, file.Path)))}, hive_partitioning = false)"
            + $"{(where.Length == 0 ? "" : $" WHERE {where}")}";
    }

    private static string Outside(SeqRange range) => $"(tape_seq < {range.FromSeq} OR tape_seq >= {range.ToSeqExcl})";
}
