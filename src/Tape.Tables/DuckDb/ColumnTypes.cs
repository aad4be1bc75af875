using Tape.Storage.Schema;

namespace Tape.Tables.DuckDb;

/// <summary>The columns of RAW tables in DuckDB's types.</summary>
public static class ColumnTypes
{
    /// <summary>DuckDB's type of a column.</summary>
    public static DuckDbType DuckDbType(this RawColumn column) => column.Type switch
    {
        RawType.Time => DuckDb.DuckDbType.TimestampNs,
        RawType.Integer => DuckDb.DuckDbType.BigInt,
        RawType.Int => DuckDb.DuckDbType.Integer,
        RawType.Number => DuckDb.DuckDbType.Double,
        RawType.Boolean => DuckDb.DuckDbType.Boolean,
        _ => DuckDb.DuckDbType.Varchar,
    };

    /// <summary>DuckDB's types of all columns of a table.</summary>
    public static IReadOnlyList<DuckDbType> DuckDbTypes(this RawTable table) => [.. table.Columns.Select(DuckDbType)];
}
