namespace Tape.Tables.DuckDb;

/// <summary>Rows that DuckDB asks for, chunk by chunk, while a statement runs.</summary>
public interface IDuckDbSource
{
    /// <summary>Names and types of the columns.</summary>
    IReadOnlyList<DuckDbColumn> Columns { get; }

    /// <summary>A statement begins to read: from the first row.</summary>
    void Begin();

    /// <summary>Fills a chunk with the next rows.</summary>
    /// <returns>How many, at most <see cref="DuckDbVectors.RowsMax"/>; 0 at the end.</returns>
    int Fill(DuckDbVectors chunk);
}
