using Tape.Tables.DuckDb;

namespace Tape.Query.Engine;

/// <summary>How a column of an answer is carried.</summary>
public enum QueryKind
{
    /// <summary>BOOLEAN.</summary>
    Boolean,

    /// <summary>BIGINT.</summary>
    Integer,

    /// <summary>DOUBLE.</summary>
    Number,

    /// <summary>Digits as VARCHAR, of numbers that neither fit in BIGINT nor DOUBLE.</summary>
    Digits,

    /// <summary>VARCHAR.</summary>
    Text,

    /// <summary>A point in time as DuckDB writes it, VARCHAR.</summary>
    Time,

    /// <summary>JSON as VARCHAR: lists, structs, maps.</summary>
    Json,
}

/// <summary>A column of an answer.</summary>
public readonly record struct QueryColumn(string Name, QueryKind Kind)
{
    /// <summary>How a column of DuckDB's is carried.</summary>
    internal static QueryKind KindOf(DuckDbType type) => type switch
    {
        DuckDbType.Boolean => QueryKind.Boolean,
        DuckDbType.TinyInt or DuckDbType.SmallInt or DuckDbType.Integer or DuckDbType.BigInt or DuckDbType.UTinyInt
            or DuckDbType.USmallInt or DuckDbType.UInteger => QueryKind.Integer,
        DuckDbType.Float or DuckDbType.Double => QueryKind.Number,
        DuckDbType.UBigInt or DuckDbType.HugeInt or DuckDbType.UHugeInt or DuckDbType.Decimal => QueryKind.Digits,
        DuckDbType.Timestamp or DuckDbType.TimestampS or DuckDbType.TimestampMs or DuckDbType.TimestampNs or DuckDbType.TimestampTz => QueryKind.Time,
        DuckDbType.List or DuckDbType.Struct or DuckDbType.Map or DuckDbType.Array => QueryKind.Json,
        _ => QueryKind.Text,
    };

    /// <summary>The 1-based column of a subquery, cast to the carrying type.</summary>
    internal static string SqlOf(int number, QueryKind kind) => kind switch
    {
        QueryKind.Boolean => $"#{number}",
        QueryKind.Integer => $"CAST(#{number} AS BIGINT)",
        QueryKind.Number => $"CAST(#{number} AS DOUBLE)",
        QueryKind.Json => $"CAST(to_json(#{number}) AS VARCHAR)",
        _ => $"CAST(#{number} AS VARCHAR)",
    };
}
