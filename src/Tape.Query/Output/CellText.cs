using Tape.Query.Engine;
using Tape.Tables.DuckDb;

namespace Tape.Query.Output;

/// <summary>Values as text, the same in every text format.</summary>
internal static class CellText
{
    /// <summary>The value, or null for NULL. Numbers are the shortest digits that give the same DOUBLE.</summary>
    public static string? Of(DuckDbChunk chunk, int column, int row, QueryKind kind)
    {
        if (chunk.IsNull(column, row)) return null;
        return kind switch
        {
            QueryKind.Boolean => chunk.Values<byte>(column)[row] != 0 ? "true" : "false",
            QueryKind.Integer => chunk.Values<long>(column)[row].ToString(CultureInfo.InvariantCulture),
            QueryKind.Number => chunk.Values<double>(column)[row].ToString("R", CultureInfo.InvariantCulture),
            _ => chunk.Text(column, row),
        };
    }
}
