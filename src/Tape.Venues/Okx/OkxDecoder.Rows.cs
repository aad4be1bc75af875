using Tape.Venues.Json;

namespace Tape.Venues.Okx;

/// <summary>What has a form of its own: books, liquidations within an element, candles as arrays.</summary>
public sealed partial class OkxDecoder
{
    // A candle: open time, four prices, volume in contracts (spot: base), volume in base units (spot: quote), volume in quote, whether it is closed.
    private const int OpenTimeCell = 0;
    private const int OpenCell = 1;
    private const int HighCell = 2;
    private const int LowCell = 3;
    private const int CloseCell = 4;
    private const int VolumeCell = 5;
    private const int BaseVolumeCell = 6;
    private const int QuoteVolumeCell = 7;
    private const int IsClosedCell = 8;
    private const int CandleCells = 9;

    /// <summary>The previous sequence id of a full snapshot.</summary>
    private const long NoPrevious = -1;

    private readonly JsonToken[] _cells = new JsonToken[CandleCells];

    private void AddBook(ReadOnlySpan<byte> frame)
    {
        if (!BookHead(frame, out var head, out var updateId) || !OptionalInteger(frame, _data, OkxField.PreviousSequenceId, out var previousId)) return;
        BookKind? kind = _bookKind ?? (previousId == NoPrevious ? BookKind.Snapshot : null);
        if (kind is null) Wrong(_root, OkxField.Action, "is missing, expected snapshot or update where prevSeqId is not -1");
        else EmitBook(head, kind.Value, Absent.Integer, updateId, previousId, Absent.Integer);
    }

    /// <summary>Symbol (which books name in <c>arg</c> only), time, levels and sequence id (which books of 2022 lack).</summary>
    private bool BookHead(ReadOnlySpan<byte> frame, out EventHead head, out long updateId)
    {
        (head, updateId) = (default, Absent.Integer);
        if (!QuotedTime(frame, _data, OkxField.Time, out var time) || !OptionalInteger(frame, _data, OkxField.SequenceId, out updateId)) return false;
        head = new EventHead(0, _symbol, time, Absent.Integer);
        return Levels(frame, _data, OkxField.Bids, OkxField.Asks);
    }

    /// <summary>One row a detail; the element names the instrument.</summary>
    private void AddLiquidations(ReadOnlySpan<byte> frame)
    {
        if (!Text(frame, _data, OkxField.Instrument, out TextRef symbol) || !Is(_data, OkxField.Details, JsonKind.Array, "an array")) return;
        var json = new JsonScanner(frame, _data[OkxField.Details].Start);
        do
        {
            json.Position++;
            if (json.Peek() == ']') return;
            if (json.Peek() != '{')
            {
                Wrong(_data, OkxField.Details, "must hold objects");
                return;
            }

            ScanObject(ref json, _detail, 1);
            if (!AddLiquidation(frame, symbol)) return;
        }
        while (json.Peek() == ',');
    }

    private bool AddLiquidation(ReadOnlySpan<byte> frame, TextRef symbol)
    {
        if (!QuotedTime(frame, _detail, OkxField.Time, out var time) || !SideOf(frame, _detail, OkxField.Side, "buy"u8, "sell"u8, out var side)) return false;
        if (!Number(frame, _detail, OkxField.BankruptcyPrice, out var price) || !Number(frame, _detail, OkxField.Quantity, out var quantity)) return false;
        ref var liquidation = ref Events.Liquidations.Add();
        liquidation.Head = new EventHead(Index++, symbol, time, Absent.Integer);
        liquidation.Price = price;
        liquidation.Quantity = quantity;
        liquidation.AveragePrice = Absent.Number;
        liquidation.Side = side;
        return true;
    }

    private bool ReadCandle(ref JsonScanner json, int depth)
    {
        var (start, count) = (json.Position, 0);
        do
        {
            json.Position++;
            if (count == 0 && json.Peek() == ']') break;
            if (!json.ReadValue(depth + 1, out var cell)) return false;
            if (count < CandleCells) _cells[count] = cell;
            count++;
        }
        while (json.Peek() == ',');

        if (!json.Read((byte)']', "expected a comma or the end of an array")) return false;
        if (count < CandleCells) FormFault ??= $"byte {start}: a candle has {count} values, expected {CandleCells}";
        else AddCandle(json.Json);
        return true;
    }

    private void AddCandle(ReadOnlySpan<byte> frame)
    {
        if (!Cell(frame, OpenTimeCell, out ReadOnlySpan<byte> time) || !WireNumber.TryParseInteger(time, out var open)
            || open is > MillisecondsMax or < -MillisecondsMax)
        {
            WrongCell(OpenTimeCell, "a time in milliseconds in quotes");
            return;
        }

        if (!Cell(frame, OpenCell, out double openPrice) || !Cell(frame, HighCell, out double high) || !Cell(frame, LowCell, out double low)
            || !Cell(frame, CloseCell, out double close))
            return;
        if (!Cell(frame, VolumeCell, out double volume) || !Cell(frame, BaseVolumeCell, out double baseVolume)
            || !Cell(frame, QuoteVolumeCell, out double quoteVolume))
            return;
        if (!Cell(frame, IsClosedCell, out ReadOnlySpan<byte> closed) || !(closed.SequenceEqual("0"u8) || closed.SequenceEqual("1"u8)))
        {
            WrongCell(IsClosedCell, "0 or 1 in quotes");
            return;
        }

        ref var candle = ref Events.Candles.Add();
        candle.Head = new EventHead(Index++, _symbol, open * UnixNanos.PerMillisecond, Absent.Integer);
        candle.Timeframe = _timeframe;
        (candle.OpenTimeMs, candle.CloseTimeMs) = (open, Absent.Integer);
        (candle.Open, candle.High, candle.Low, candle.Close) = (openPrice, high, low, close);
        (candle.Volume, candle.QuoteVolume, candle.Vwap) = (_isSpot ? volume : baseVolume, quoteVolume, Absent.Number);
        candle.TradesCount = Absent.Integer;
        candle.IsClosed = closed[0] == '1';
    }

    private bool Cell(ReadOnlySpan<byte> frame, int cell, out double value)
    {
        value = 0;
        return (Cell(frame, cell, out ReadOnlySpan<byte> text) && Parse(text, out value)) || WrongCell(cell, "a number in quotes");
    }

    private bool Cell(ReadOnlySpan<byte> frame, int cell, out ReadOnlySpan<byte> text)
    {
        text = default;
        return _cells[cell].Kind == JsonKind.String && TextOf(frame, _cells[cell], out text);
    }

    private bool WrongCell(int cell, string expected)
    {
        FormFault ??= $"byte {_cells[cell].Start}: value {cell} of a candle must be {expected}";
        return false;
    }
}
