using System.Globalization;
using Tape.Storage.Schema;
using Tape.Tables.Rows;

namespace Tape.TestKit.Tables;

/// <summary>Rows as text, every value in a form that tells each one from any other.</summary>
public static class RowLines
{
    /// <summary>One line a row, the table's name first, in the order of the tables and of the rows in them.</summary>
    public static List<string> Of(RowSet rows)
    {
        var lines = new List<string>();
        foreach (var buffer in rows.Buffers)
            for (var row = 0; row < buffer.Count; row++) lines.Add(Of(buffer, row));
        return lines;
    }

    private static string Of(RowBuffer buffer, int row)
    {
        var values = buffer.Table.Columns.Select((column, index) => column.Type switch
        {
            RawType.Text => buffer.Text(index, row) is { } text ? $"'{text}'" : "NULL",
            RawType.Number => buffer.Number(index, row)?.ToString("R", CultureInfo.InvariantCulture) ?? "NULL",
            _ => buffer.Integer(index, row)?.ToString(CultureInfo.InvariantCulture) ?? "NULL",
        });
        return $"{buffer.Table.Name} {string.Join(' ', values)}";
    }
}
