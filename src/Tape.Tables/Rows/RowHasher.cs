using System.Buffers.Binary;
using Tape.Storage.Schema;

namespace Tape.Tables.Rows;

/// <summary>
/// Hashes rows by columns, up to <see cref="RowsMax"/> rows at a time. Version 1, never to be changed: a row has two lanes that begin with the two seeds
/// below; each column in the order of the table is mixed in as words of 64 bits, <c>lane = fold((lane xor word) * key)</c>, where fold is the high half xor the
/// low half of the 128-bit product. A number or time is one word (a DOUBLE its IEEE bits, an INTEGER sign-extended); a text is its byte length and then its
/// UTF-8 bytes in little-endian words filled up with zeros; a BOOLEAN is 0 or 1; NULL is <c>lane = fold((lane + NullStep) * key)</c>. Of a column that came
/// later a NULL is not mixed in, and a value behind <see cref="RawColumn.HashMark"/>: rows without it hash as before.
/// </summary>
internal sealed class RowHasher
{
    public const int RowsMax = 2048;

    private const ulong FirstKey = 0xA0761D6478BD642FUL;
    private const ulong SecondKey = 0xE7037ED1A0B428DBUL;
    private const ulong FirstSeed = 0x8EBC6AF09C88C6E3UL;
    private const ulong SecondSeed = 0x589965CC75374CC3UL;
    private const ulong NullStep = 0x9E3779B97F4A7C15UL;

    private readonly Lanes[] _lanes = new Lanes[RowsMax];
    private int _rows;
    private ulong _mark;

    /// <summary>The hash of all rows so far.</summary>
    public RowHash Hash { get; private set; }

    /// <summary>Begins the next rows; each column is then begun and given once, in order.</summary>
    public void Begin(int rows)
    {
        _rows = rows;
        Array.Fill(_lanes, new Lanes(FirstSeed, SecondSeed), 0, rows);
    }

    /// <summary>Begins the next column.</summary>
    public void Begin(RawColumn column) => _mark = column.HashMark;

    /// <summary>Adds the rows that were begun to the sums.</summary>
    public void End()
    {
        var (first, second) = (0UL, 0UL);
        foreach (ref readonly var lanes in _lanes.AsSpan(0, _rows)) (first, second) = (first + lanes.First, second + lanes.Second);
        Hash += new RowHash(first, second);
    }

    /// <summary>Mixes a column of times or integers in, NULL being <see cref="Absent.Integer"/>.</summary>
    public void Integers(ReadOnlySpan<long> column)
    {
        if (_mark != 0)
        {
            for (var row = 0; row < column.Length; row++)
                if (column[row] != Absent.Integer) Word(row, (ulong)column[row]);
            return;
        }

        var lanes = _lanes.AsSpan(0, column.Length);
        for (var row = 0; row < column.Length && row < lanes.Length; row++)
            lanes[row] = column[row] == Absent.Integer ? lanes[row].WithNull() : lanes[row].With((ulong)column[row]);
    }

    /// <summary>Mixes a column of integers in, NULL being <see cref="int.MinValue"/>.</summary>
    public void Ints(ReadOnlySpan<int> column)
    {
        for (var row = 0; row < column.Length; row++)
            if (column[row] == int.MinValue) Null(row);
            else Word(row, (ulong)(long)column[row]);
    }

    /// <summary>Mixes a column of numbers in, NULL being NaN.</summary>
    public void Numbers(ReadOnlySpan<double> column)
    {
        if (_mark != 0)
        {
            for (var row = 0; row < column.Length; row++)
                if (!double.IsNaN(column[row])) Word(row, BitConverter.DoubleToUInt64Bits(column[row]));
            return;
        }

        var lanes = _lanes.AsSpan(0, column.Length);
        for (var row = 0; row < column.Length && row < lanes.Length; row++)
            lanes[row] = double.IsNaN(column[row]) ? lanes[row].WithNull() : lanes[row].With(BitConverter.DoubleToUInt64Bits(column[row]));
    }

    /// <summary>Mixes a word of one row in.</summary>
    public void Word(int row, ulong word) => _lanes[row] = Marked(row).With(word);

    /// <summary>Mixes a NULL of one row in.</summary>
    public void Null(int row)
    {
        if (_mark == 0) _lanes[row] = _lanes[row].WithNull();
    }

    /// <summary>Mixes a text of one row in.</summary>
    public void Text(int row, ReadOnlySpan<byte> utf8)
    {
        var lanes = Marked(row).With((ulong)utf8.Length);
        for (; utf8.Length >= 8; utf8 = utf8[8..]) lanes = lanes.With(BinaryPrimitives.ReadUInt64LittleEndian(utf8));
        _lanes[row] = utf8.IsEmpty ? lanes : lanes.With(LastWord(utf8));
    }

    private Lanes Marked(int row) => _mark == 0 ? _lanes[row] : _lanes[row].With(_mark);

    /// <summary>1 to 7 bytes as a word.</summary>
    private static ulong LastWord(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length >= 4)
            return BinaryPrimitives.ReadUInt32LittleEndian(utf8) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(utf8[^4..]) << ((utf8.Length - 4) * 8));
        return utf8[0] | ((ulong)utf8[utf8.Length / 2] << (utf8.Length / 2 * 8)) | ((ulong)utf8[^1] << ((utf8.Length - 1) * 8));
    }

    /// <summary>The two hashes of a row so far.</summary>
    private readonly record struct Lanes(ulong First, ulong Second)
    {
        public Lanes With(ulong word) => new(Fold(First ^ word, FirstKey), Fold(Second ^ word, SecondKey));

        public Lanes WithNull() => new(Fold(First + NullStep, FirstKey), Fold(Second + NullStep, SecondKey));

        private static ulong Fold(ulong value, ulong key)
        {
            var high = Math.BigMul(value, key, out var low);
            return high ^ low;
        }
    }
}
