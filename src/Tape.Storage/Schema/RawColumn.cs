namespace Tape.Storage.Schema;

/// <summary>What a column of a RAW table holds.</summary>
public enum RawType : byte
{
    /// <summary>TIMESTAMP_NS: nanoseconds since the epoch, UTC.</summary>
    Time,

    /// <summary>BIGINT.</summary>
    Integer,

    /// <summary>INTEGER, never NULL.</summary>
    Int,

    /// <summary>DOUBLE.</summary>
    Number,

    /// <summary>VARCHAR, UTF-8.</summary>
    Text,
}

/// <summary>A column of a RAW table.</summary>
public sealed record RawColumn(string Name, RawType Type)
{
    /// <summary>DuckDB's type as written in SQL.</summary>
    public string SqlType => Type switch
    {
        RawType.Time => "TIMESTAMP_NS",
        RawType.Integer => "BIGINT",
        RawType.Int => "INTEGER",
        RawType.Number => "DOUBLE",
        _ => "VARCHAR",
    };
}
