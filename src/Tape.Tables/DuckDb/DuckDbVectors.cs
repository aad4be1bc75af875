namespace Tape.Tables.DuckDb;

/// <summary>
/// The columns of an empty chunk, to be filled by the caller: rows 0 to <see cref="RowsMax"/>, each column whole. Valid until the chunk is handed over.
/// </summary>
public readonly unsafe struct DuckDbVectors
{
    private readonly nint _chunk;

    internal DuckDbVectors(nint chunk) => _chunk = chunk;

    /// <summary>Rows that one chunk holds at most.</summary>
    public static int RowsMax { get; } = (int)NativeMethods.duckdb_vector_size();

    /// <summary>Where the values of a column of fixed-size values go.</summary>
    public Span<T> Values<T>(int column) where T : unmanaged => new(NativeMethods.duckdb_vector_get_data(Vector(column)), RowsMax);

    /// <summary>Where NULLs of a column are marked: bit <c>row % 64</c> of word <c>row / 64</c>, 1 = not NULL. All bits are set at first.</summary>
    public Span<ulong> Validity(int column)
    {
        var vector = Vector(column);
        NativeMethods.duckdb_vector_ensure_validity_writable(vector);
        return new(NativeMethods.duckdb_vector_get_validity(vector), RowsMax / 64);
    }

    /// <summary>Where the values of a VARCHAR column go.</summary>
    public DuckDbTexts Texts(int column) => new(Vector(column));

    private nint Vector(int column) => NativeMethods.duckdb_data_chunk_get_vector(_chunk, (ulong)column);
}
