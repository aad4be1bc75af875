namespace Tape.Tables.DuckDb;

/// <summary>Up to 2,048 rows of a result; valid until the next chunk is read. The reader must ask for a column by its own type.</summary>
public readonly unsafe ref struct DuckDbChunk
{
    private readonly nint _chunk;

    internal DuckDbChunk(nint chunk, int rows)
    {
        _chunk = chunk;
        Rows = rows;
    }

    /// <summary>Rows in it.</summary>
    public int Rows { get; }

    /// <summary>Fixed-size values of a column; those of NULL rows mean nothing.</summary>
    public ReadOnlySpan<T> Values<T>(int column) where T : unmanaged => new(NativeMethods.duckdb_vector_get_data(Vector(column)), Rows);

    /// <summary>Where a column has NULLs: bit <c>row % 64</c> of word <c>row / 64</c>, 1 = not NULL. Empty: none of its values is NULL.</summary>
    public ReadOnlySpan<ulong> Validity(int column)
    {
        var validity = NativeMethods.duckdb_vector_get_validity(Vector(column));
        return validity == null ? default : new(validity, (Rows + 63) / 64);
    }

    /// <summary>The values of a VARCHAR column, for going through them without asking the library for each.</summary>
    public DuckDbTextValues Texts(int column) => new((NativeMethods.Text*)NativeMethods.duckdb_vector_get_data(Vector(column)));

    /// <summary>Whether a value is NULL.</summary>
    public bool IsNull(int column, int row)
    {
        var validity = NativeMethods.duckdb_vector_get_validity(Vector(column));
        return validity != null && (validity[row >> 6] & (1UL << (row & 63))) == 0;
    }

    /// <summary>UTF-8 text of a VARCHAR value; valid until the next chunk is read.</summary>
    public ReadOnlySpan<byte> Utf8(int column, int row) => Texts(column)[row];

    /// <summary>A VARCHAR value; null for NULL.</summary>
    public string? Text(int column, int row) => IsNull(column, row) ? null : Encoding.UTF8.GetString(Utf8(column, row));

    private nint Vector(int column) => NativeMethods.duckdb_data_chunk_get_vector(_chunk, (ulong)column);
}
