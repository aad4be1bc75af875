using Tape.Core.Candles;
using Tape.Tables.DuckDb;

namespace Tape.Tables.Candles;

/// <summary>The columns of day files in DuckDB's types.</summary>
public static class CandleColumnTypes
{
    public static readonly IReadOnlyList<DuckDbColumn> All = [.. CandleColumns.All.Select(column => new DuckDbColumn(column.Name, column.Type switch
    {
        CandleColumnType.Integer => DuckDbType.BigInt,
        CandleColumnType.Number => DuckDbType.Double,
        CandleColumnType.Boolean => DuckDbType.Boolean,
        _ => DuckDbType.Varchar,
    }))];
}
