using Tape.Storage.Schema;
using Tape.Tables.DuckDb;

namespace Tape.Tables.Rows;

/// <summary>Fills chunks of DuckDB with rows of a buffer, column by column, and hashes the rows on the way.</summary>
internal static class RowFiller
{
    /// <summary>Fills a chunk.</summary>
    /// <param name="rows">0-based rows of the buffer, at most <see cref="DuckDbVectors.RowsMax"/>.</param>
    public static void Fill(DuckDbVectors chunk, RowBuffer buffer, ReadOnlySpan<int> rows, RowHasher hasher)
    {
        hasher.Begin(rows.Length);
        for (var index = 0; index < buffer.Table.Columns.Count; index++)
        {
            var column = buffer.Column(index);
            hasher.Begin(buffer.Table.Columns[index]);
            if (column.Type is RawType.Time or RawType.Integer) FillIntegers(chunk, index, column.Integers, rows, hasher);
            else if (column.Type is RawType.Boolean) FillBooleans(chunk, index, column.Ints, rows, hasher);
            else if (column.Type is RawType.Int) FillInts(chunk, index, column.Ints, rows, hasher);
            else if (column.Type is RawType.Number) FillNumbers(chunk, index, column.Numbers, rows, hasher);
            else FillTexts(chunk, index, buffer, rows, hasher);
        }

        hasher.End();
    }

    private static void FillIntegers(DuckDbVectors chunk, int index, long[] source, ReadOnlySpan<int> rows, RowHasher hasher)
    {
        var values = chunk.Values<long>(index)[..rows.Length];
        for (var i = 0; i < rows.Length && i < values.Length; i++) values[i] = source[rows[i]];
        hasher.Integers(values);
        if (!values.Contains(Absent.Integer)) return;
        var validity = chunk.Validity(index);
        for (var i = 0; i < values.Length; i++)
            if (values[i] == Absent.Integer) MarkNull(validity, i);
    }

    private static void FillInts(DuckDbVectors chunk, int index, int[] source, ReadOnlySpan<int> rows, RowHasher hasher)
    {
        var values = chunk.Values<int>(index)[..rows.Length];
        for (var i = 0; i < rows.Length && i < values.Length; i++) values[i] = source[rows[i]];
        hasher.Ints(values);
        if (!values.Contains(int.MinValue)) return;
        var validity = chunk.Validity(index);
        for (var i = 0; i < values.Length; i++)
            if (values[i] == int.MinValue) MarkNull(validity, i);
    }

    private static void FillBooleans(DuckDbVectors chunk, int index, int[] source, ReadOnlySpan<int> rows, RowHasher hasher)
    {
        var values = chunk.Values<byte>(index);
        var validity = chunk.Validity(index);
        for (var i = 0; i < rows.Length; i++)
        {
            var value = source[rows[i]];
            values[i] = value == 1 ? (byte)1 : (byte)0;
            if (value is 0 or 1)
            {
                hasher.Word(i, values[i]);
                continue;
            }

            MarkNull(validity, i);
            hasher.Null(i);
        }
    }

    private static void FillNumbers(DuckDbVectors chunk, int index, double[] source, ReadOnlySpan<int> rows, RowHasher hasher)
    {
        var values = chunk.Values<double>(index)[..rows.Length];
        var hasNull = false;
        for (var i = 0; i < rows.Length && i < values.Length; i++)
        {
            values[i] = source[rows[i]];
            hasNull |= double.IsNaN(values[i]);
        }

        hasher.Numbers(values);
        if (!hasNull) return;
        var validity = chunk.Validity(index);
        for (var i = 0; i < values.Length; i++)
            if (double.IsNaN(values[i])) MarkNull(validity, i);
    }

    /// <summary>Rows come sorted by symbol, so that most texts are those of the row before.</summary>
    private static void FillTexts(DuckDbVectors chunk, int index, RowBuffer buffer, ReadOnlySpan<int> rows, RowHasher hasher)
    {
        var source = buffer.Column(index).Texts;
        var texts = chunk.Texts(index);
        Span<ulong> validity = default;
        var (last, lastRow) = (default(TextRef), 0);
        for (var i = 0; i < rows.Length; i++)
        {
            var text = source[rows[i]];
            if (text.IsAbsent)
            {
                if (validity.IsEmpty) validity = chunk.Validity(index);
                MarkNull(validity, i);
                hasher.Null(i);
                continue;
            }

            var utf8 = buffer.TextOf(index, text);
            if (text == last) texts.Repeat(i, lastRow);
            else texts.Set(i, utf8);
            (last, lastRow) = (text, i);
            hasher.Text(i, utf8);
        }
    }

    private static void MarkNull(Span<ulong> validity, int row) => validity[row >> 6] &= ~(1UL << (row & 63));
}
