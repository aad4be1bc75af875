using System.Runtime.InteropServices;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;

namespace Tape.Tables.Rows;

/// <summary>Hashes the rows of a RAW table as they come from DuckDB, a column of a chunk at a time.</summary>
internal static class ChunkHasher
{
    /// <summary>Reads a result to its end.</summary>
    /// <param name="result">The columns in their order.</param>
    /// <param name="columns">Of a table; those that came later may be missing.</param>
    /// <returns>Its rows, the sum of their hashes, and the records of the tape among which their own are: the first and last that occur.</returns>
    public static (long Rows, RowHash Hash, SeqRange Records) Sum(DuckDbResult result, IReadOnlyList<RawColumn> columns)
    {
        var (hasher, rows) = (new RowHasher(), 0L);
        var (first, last) = (long.MaxValue, long.MinValue);
        for (; result.Next(out var chunk); rows += chunk.Rows)
        {
            hasher.Begin(chunk.Rows);
            for (var column = 0; column < columns.Count; column++)
            {
                hasher.Begin(columns[column]);
                Add(hasher, columns[column].Type, chunk, column);
            }

            hasher.End();
            foreach (var seq in chunk.Values<long>(RowBuffer.TapeSeqColumn)) (first, last) = (Math.Min(first, seq), Math.Max(last, seq));
        }

        return (rows, hasher.Hash, rows == 0 ? default : new SeqRange(first, last + 1));
    }

    private static void Add(RowHasher hasher, RawType type, DuckDbChunk chunk, int column)
    {
        var validity = chunk.Validity(column);
        if (type is RawType.Text) AddTexts(hasher, chunk.Texts(column), chunk.Rows, validity);
        else if (type is RawType.Number && validity.IsEmpty) hasher.Numbers(chunk.Values<double>(column));
        else if (type is RawType.Number) AddWords(hasher, MemoryMarshal.Cast<double, ulong>(chunk.Values<double>(column)), validity);
        else if (type is RawType.Boolean) AddBooleans(hasher, chunk.Values<byte>(column), validity);
        else if (type is RawType.Int && validity.IsEmpty) hasher.Ints(chunk.Values<int>(column));
        else if (type is RawType.Int) AddInts(hasher, chunk.Values<int>(column), validity);
        else if (validity.IsEmpty) hasher.Integers(chunk.Values<long>(column));
        else AddWords(hasher, MemoryMarshal.Cast<long, ulong>(chunk.Values<long>(column)), validity);
    }

    private static void AddTexts(RowHasher hasher, DuckDbTextValues texts, int rows, ReadOnlySpan<ulong> validity)
    {
        for (var row = 0; row < rows; row++)
            if (IsNull(validity, row)) hasher.Null(row);
            else hasher.Text(row, texts[row]);
    }

    private static void AddWords(RowHasher hasher, ReadOnlySpan<ulong> words, ReadOnlySpan<ulong> validity)
    {
        for (var row = 0; row < words.Length; row++)
            if (IsNull(validity, row)) hasher.Null(row);
            else hasher.Word(row, words[row]);
    }

    private static void AddInts(RowHasher hasher, ReadOnlySpan<int> values, ReadOnlySpan<ulong> validity)
    {
        for (var row = 0; row < values.Length; row++)
            if (IsNull(validity, row)) hasher.Null(row);
            else hasher.Word(row, (ulong)(long)values[row]);
    }

    private static void AddBooleans(RowHasher hasher, ReadOnlySpan<byte> values, ReadOnlySpan<ulong> validity)
    {
        for (var row = 0; row < values.Length; row++)
            if (IsNull(validity, row)) hasher.Null(row);
            else hasher.Word(row, values[row]);
    }

    private static bool IsNull(ReadOnlySpan<ulong> validity, int row) => !validity.IsEmpty && (validity[row >> 6] & (1UL << (row & 63))) == 0;
}
