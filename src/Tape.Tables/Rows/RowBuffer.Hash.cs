using Tape.Storage.Schema;

namespace Tape.Tables.Rows;

/// <summary>Hashes of rows without writing them anywhere.</summary>
public sealed partial class RowBuffer
{
    internal const int TapeSeqColumn = 6;

    /// <summary>The hash of some rows; the same that a part with these rows has.</summary>
    /// <param name="rows">0-based rows, in any order.</param>
    public RowHash Hash(ReadOnlySpan<int> rows)
    {
        var hasher = new RowHasher();
        for (; !rows.IsEmpty; rows = rows[Math.Min(rows.Length, RowHasher.RowsMax)..])
        {
            var chunk = rows[..Math.Min(rows.Length, RowHasher.RowsMax)];
            hasher.Begin(chunk.Length);
            for (var column = 0; column < _columns.Length; column++)
            {
                hasher.Begin(Table.Columns[column]);
                HashColumn(hasher, column, chunk);
            }

            hasher.End();
        }
        return hasher.Hash;
    }

    /// <summary>Count and hash of the rows whose records lie in <paramref name="fromSeq"/>..<paramref name="toSeqExcl"/>.</summary>
    public (int Rows, RowHash Hash) Sum(long fromSeq, long toSeqExcl)
    {
        var seqs = _columns[TapeSeqColumn].Integers.AsSpan(0, Count);
        var (from, to) = (FirstAtOrAfter(seqs, fromSeq), FirstAtOrAfter(seqs, toSeqExcl));
        var rows = new int[to - from];
        for (var i = 0; i < rows.Length; i++) rows[i] = from + i;
        return (rows.Length, Hash(rows));
    }

    private static int FirstAtOrAfter(ReadOnlySpan<long> rising, long value)
    {
        var (low, high) = (0, rising.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (rising[middle] < value) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private void HashColumn(RowHasher hasher, int index, ReadOnlySpan<int> rows)
    {
        var column = _columns[index];
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            if (column.Type is RawType.Int or RawType.Boolean) HashInt(hasher, i, column.Ints[row]);
            else if (column.Type is RawType.Time or RawType.Integer) HashInteger(hasher, i, column.Integers[row]);
            else if (column.Type is RawType.Number) HashNumber(hasher, i, column.Numbers[row]);
            else if (column.Texts[row] is var text && text.IsAbsent) hasher.Null(i);
            else hasher.Text(i, TextOf(index, column.Texts[row]));
        }
    }

    private static void HashInteger(RowHasher hasher, int row, long value)
    {
        if (value == Absent.Integer) hasher.Null(row);
        else hasher.Word(row, (ulong)value);
    }

    private static void HashInt(RowHasher hasher, int row, int value)
    {
        if (value == int.MinValue) hasher.Null(row);
        else hasher.Word(row, (ulong)(long)value);
    }

    private static void HashNumber(RowHasher hasher, int row, double value)
    {
        if (double.IsNaN(value)) hasher.Null(row);
        else hasher.Word(row, BitConverter.DoubleToUInt64Bits(value));
    }
}
