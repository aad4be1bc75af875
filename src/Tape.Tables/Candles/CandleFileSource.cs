using Tape.Core.Candles;
using Tape.Tables.DuckDb;

namespace Tape.Tables.Candles;

/// <summary>Candles for DuckDB to read. Not thread-safe.</summary>
internal sealed class CandleFileSource : IDuckDbSource
{
    private IReadOnlyList<StoredCandle> _rows = [];
    private int _next;

    public IReadOnlyList<DuckDbColumn> Columns { get; } = CandleColumnTypes.All;

    /// <summary>Rows read so far.</summary>
    public int Read => _next;

    /// <summary>Sets what is read next.</summary>
    public void Set(IReadOnlyList<StoredCandle> rows) => _rows = rows;

    public void Begin() => _next = 0;

    public int Fill(DuckDbVectors chunk)
    {
        var rows = Math.Min(_rows.Count - _next, DuckDbVectors.RowsMax);
        if (rows == 0) return 0;
        FillTexts(chunk, 0, rows, candle => candle.Venue);
        FillTexts(chunk, 1, rows, candle => candle.Symbol);
        FillTexts(chunk, 2, rows, candle => candle.Timeframe.Name);
        FillIntegers(chunk, 3, rows, candle => candle.OpenTimeMs);
        FillIntegers(chunk, 4, rows, candle => candle.CloseTimeMs);
        FillNumbers(chunk, 5, rows, candle => candle.Values.Open);
        FillNumbers(chunk, 6, rows, candle => candle.Values.High);
        FillNumbers(chunk, 7, rows, candle => candle.Values.Low);
        FillNumbers(chunk, 8, rows, candle => candle.Values.Close);
        FillNumbers(chunk, 9, rows, candle => candle.Values.Volume);
        FillNumbers(chunk, 10, rows, candle => candle.Values.QuoteVolume);
        FillNumbers(chunk, 11, rows, candle => candle.Values.Vwap);
        FillIntegers(chunk, 12, rows, candle => candle.Values.TradesCount);
        var closed = chunk.Values<bool>(13);
        for (var row = 0; row < rows; row++) closed[row] = _rows[_next + row].IsClosed;
        FillTexts(chunk, 14, rows, candle => candle.Source.Name());
        FillIntegers(chunk, 15, rows, candle => candle.IngestTimeMs);
        _next += rows;
        return rows;
    }

    private void FillTexts(DuckDbVectors chunk, int column, int rows, Func<StoredCandle, string> value)
    {
        var texts = chunk.Texts(column);
        for (var row = 0; row < rows; row++) texts.Set(row, Encoding.UTF8.GetBytes(value(_rows[_next + row])));
    }

    private void FillIntegers(DuckDbVectors chunk, int column, int rows, Func<StoredCandle, long> value)
    {
        var values = chunk.Values<long>(column);
        for (var row = 0; row < rows; row++)
            if ((values[row] = value(_rows[_next + row])) == Absent.Integer) MarkNull(chunk, column, row);
    }

    private void FillNumbers(DuckDbVectors chunk, int column, int rows, Func<StoredCandle, double> value)
    {
        var values = chunk.Values<double>(column);
        for (var row = 0; row < rows; row++)
            if (double.IsNaN(values[row] = value(_rows[_next + row]))) MarkNull(chunk, column, row);
    }

    private static void MarkNull(DuckDbVectors chunk, int column, int row) => chunk.Validity(column)[row >> 6] &= ~(1UL << (row & 63));
}
