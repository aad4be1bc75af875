namespace Tape.Storage.Schema;

/// <summary>What a column of a RAW table holds.</summary>
public enum RawType : byte
{
    /// <summary>TIMESTAMP_NS: nanoseconds since the epoch, UTC.</summary>
    Time,

    /// <summary>BIGINT.</summary>
    Integer,

    /// <summary>INTEGER; the smallest one stands for NULL in memory.</summary>
    Int,

    /// <summary>DOUBLE.</summary>
    Number,

    /// <summary>VARCHAR, UTF-8.</summary>
    Text,

    /// <summary>BOOLEAN; in memory 0, 1, or another number for NULL.</summary>
    Boolean,
}

/// <summary>A column of a RAW table.</summary>
/// <param name="IsLater">
/// It came with <see cref="RawSchema.Layout"/> 2: files of layout 1 lack it, which reads as NULL, and a NULL there is not part of a row's hash.
/// </param>
public sealed record RawColumn(string Name, RawType Type, bool IsLater = false)
{
    private const int MarkBytes = 8;

    /// <summary>What stands for a later column in the hash of a row: the first eight bytes of its name as a little-endian word; 0 for other columns.</summary>
    public ulong HashMark { get; } = IsLater ? MarkOf(Name) : 0;

    /// <summary>DuckDB's type as written in SQL.</summary>
    public string SqlType => Type switch
    {
        RawType.Time => "TIMESTAMP_NS",
        RawType.Integer => "BIGINT",
        RawType.Int => "INTEGER",
        RawType.Number => "DOUBLE",
        RawType.Boolean => "BOOLEAN",
        _ => "VARCHAR",
    };

    private static ulong MarkOf(string name)
    {
        Span<byte> bytes = stackalloc byte[MarkBytes];
        bytes.Clear();
        Encoding.ASCII.GetBytes(name.AsSpan(0, Math.Min(name.Length, MarkBytes)), bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
