using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Storage.Schema;
using Tape.Tables.Rows;
using Tape.TestKit.Memory;
using Tape.TestKit.Tables;

namespace Tape.Tables.Tests.Rows;

public sealed class RowBufferTests
{
    [Fact]
    public void A_steady_stream_allocates_nothing()
    {
        var events = new EventBuffer();
        events.Trades.Add() = new()
        {
            Head = new(0, events.AddText("BTCUSDT"u8), 1, 2),
            Price = 3,
            Quantity = 4,
            Side = Side.Buy,
            TradeId = events.AddText("123456789012345"u8),
        };
        events.Book.Add() = new() { Head = new(1, events.AddText("BTCUSDT"u8), 1, 2), Side = Side.Sell, Price = 3, Quantity = 0 };
        var rows = new RowSet();
        void Fill()
        {
            rows.Clear();
            for (var seq = 0; seq < 10_000; seq++) rows.Add(events, new RowOrigin("binance", 5, 6, seq));
        }

        Fill();
        Assert.Equal(0, Allocations.Least(Fill));
        Assert.Equal(20_000, rows.Rows);
    }

    [Fact]
    public void A_cleared_buffer_holds_the_same_as_a_new_one()
    {
        var reused = new RowSet();
        new RandomRows(1).Fill(reused, 500, 0, 1000, "okx");
        reused.Clear();
        new RandomRows(2).Fill(reused, 500, 0, 1000, "binance");
        var fresh = new RowSet();
        new RandomRows(2).Fill(fresh, 500, 0, 1000, "binance");
        foreach (var table in RawSchema.Tables)
            for (var row = 0; row < fresh[table].Count; row++)
                for (var column = 0; column < table.Columns.Count; column++)
                    Assert.Equal(Cell(fresh[table], column, row), Cell(reused[table], column, row));
    }

    [Fact]
    public void Rows_out_of_the_order_of_the_tape_are_refused()
    {
        var events = new EventBuffer();
        var buffer = new RowBuffer(RawSchema.MarkPrice);
        var mark = new MarkPriceEvent { Head = new(1, events.AddText("BTCUSDT"u8), 1, 2), MarkPrice = 1, IndexPrice = Absent.Number };
        buffer.AddMarkPrice(mark, events, new RowOrigin("binance", 5, 6, 7));
        Assert.Throws<InvalidOperationException>(() => buffer.AddMarkPrice(mark, events, new RowOrigin("binance", 5, 6, 7)));
        Assert.Throws<InvalidOperationException>(() => buffer.AddMarkPrice(mark, events, new RowOrigin("binance", 5, 6, 6)));
        Assert.Throws<InvalidOperationException>(() => buffer.AddFunding(default, events, new RowOrigin("binance", 5, 6, 8)));
        Assert.Equal(1, buffer.Count);
    }

    [Fact]
    public void Minus_zero_is_kept_as_zero()
    {
        var events = new EventBuffer();
        var buffer = new RowBuffer(RawSchema.Funding);
        buffer.AddFunding(new() { Head = new(0, events.AddText("BTCUSDT"u8), 1, 2), Rate = -0.0 }, events, new RowOrigin("binance", 5, 6, 7));
        Assert.Equal(0L, BitConverter.DoubleToInt64Bits(buffer.Number(8, 0)!.Value));
    }

    private static object? Cell(RowBuffer buffer, int column, int row) => buffer.Table.Columns[column].Type switch
    {
        RawType.Text => buffer.Text(column, row),
        RawType.Number => buffer.Number(column, row),
        _ => buffer.Integer(column, row),
    };
}
