using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Query.Engine;
using Tape.Query.Last;
using Tape.Query.Snapshots;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.Rows;

namespace Tape.Query.Tests;

public sealed class StateViewTests
{
    [Fact]
    public void The_last_value_is_carried_forward_within_a_symbol_and_connection_only()
    {
        using var vault = new QueryFixture();
        AddQuote(vault.Tail, connection: 1, "A", bid: 1, ask: 2, updateId: 7);
        AddQuote(vault.Tail, connection: 1, "A", bid: 3, ask: Absent.Number, updateId: Absent.Integer);
        AddQuote(vault.Tail, connection: 1, "B", bid: Absent.Number, ask: 9, updateId: 8);
        AddQuote(vault.Tail, connection: 1, "A", bid: Absent.Number, ask: 4, updateId: Absent.Integer);
        AddQuote(vault.Tail, connection: 2, "A", bid: 5, ask: Absent.Number, updateId: Absent.Integer);
        Assert.Equal(
            """
            symbol,conn,bid_price,ask_price,update_id
            A,1,1,2,7
            A,1,3,2,
            B,1,,9,8
            A,1,3,4,
            A,2,5,,

            """, vault.Ask("SELECT symbol, conn, bid_price, ask_price, update_id FROM bbo_state ORDER BY tape_seq"));
    }

    [Fact]
    public void The_newest_values_are_those_that_hold_not_those_of_a_sparse_row()
    {
        using var vault = new QueryFixture();
        vault.Streams = [new StreamStatistics("binance", "bookTicker", "A", 2, 2, QueryFixture.Start, QueryFixture.Start, 0)];
        AddQuote(vault.Tail, connection: 1, "A", bid: 1, ask: 2, updateId: 7);
        AddQuote(vault.Tail, connection: 1, "A", bid: 3, ask: Absent.Number, updateId: Absent.Integer);
        var row = Assert.Single(LastRows.Find(vault.Snapshot, "A", null, new UnixNanos(QueryFixture.Start), CancellationToken.None));
        Assert.Equal([3.0, 2.0], row.Values.Where(value => value.Key is "bid_price" or "ask_price").Select(value => value.Value));
    }

    [Fact]
    public void Every_state_view_has_the_columns_and_rows_of_its_table()
    {
        using var vault = new QueryFixture().Filled();
        foreach (var table in new[] { RawSchema.Bbo, RawSchema.MarkPrice, RawSchema.Funding, RawSchema.OpenInterest })
        {
            Assert.Equal(vault.Ask($"SELECT column_name, column_type FROM (DESCRIBE {table})"),
                vault.Ask($"SELECT column_name, column_type FROM (DESCRIBE {table}_state)"));
            Assert.Equal(vault.Ask($"SELECT count(*) n, sum(tape_seq) s FROM {table}"), vault.Ask($"SELECT count(*) n, sum(tape_seq) s FROM {table}_state"));
        }
    }

    [Fact]
    public void Market_trades_are_there_once_and_without_fills_that_are_no_market()
    {
        using var vault = new QueryFixture();
        AddTrade(vault.Tail, connection: 1, id: "1", price: 10, firstId: 1);
        AddTrade(vault.Tail, connection: 2, id: "1", price: 10, firstId: 1); // an overlapping connection
        AddTrade(vault.Tail, connection: 2, id: "1", price: 10, firstId: Absent.Integer); // a single trade that has the number of an aggregate
        AddTrade(vault.Tail, connection: 2, id: "1", price: 11, firstId: 1); // ids that began again
        AddTrade(vault.Tail, connection: 2, id: "2", price: 1, firstId: 2, flags: "INSURANCE_FUND");
        AddTrade(vault.Tail, connection: 2, id: "3", price: 2, firstId: 3, flags: "adl");
        AddTrade(vault.Tail, connection: 2, id: "4", price: 3, firstId: 4, flags: "block,snapshot");
        AddTrade(vault.Tail, connection: 2, id: "6", price: 3, firstId: 6, flags: "NA");
        AddTrade(vault.Tail, connection: 2, id: "7", price: 0, firstId: 7);
        AddTrade(vault.Tail, connection: 2, id: "5", price: 12, firstId: 5, flags: "block,rpi");
        AddTrade(vault.Tail, connection: 2, id: null, price: 13, firstId: Absent.Integer);
        AddTrade(vault.Tail, connection: 2, id: null, price: 13, firstId: Absent.Integer);
        Assert.Equal(
            """
            conn,trade_id,first_id,price
            1,1,1,10
            2,1,,10
            2,1,1,11
            2,5,5,12
            2,,,13
            2,,,13

            """, vault.Ask("SELECT conn, trade_id, first_id, price FROM trades_market ORDER BY tape_seq"));
    }

    [Fact]
    public void Segments_of_the_tape_in_the_range_are_a_view_that_costs_nothing_until_it_is_named()
    {
        using var vault = new QueryFixture();
        var looks = 0;
        var snapshot = vault.Snapshot with
        {
            Segments = () =>
            {
                looks++;
                return [new("/v/tape/a.tape", 0xab, 0, 10, 4096, new UnixNanos(100), new UnixNanos(200), true),
                    new("/v/tape/b.tape", 0xab, 10, 10, 64, null, null, false)];
            },
        };
        Assert.Equal("n\n0\n", Ask(snapshot, default, "SELECT count(*) n FROM trades"));
        Assert.Equal(0, looks);
        Assert.Equal(
            """
            segment,tape_id,first_seq,last_seq,records,first_time,last_time,bytes,finished
            a.tape,00000000000000ab,0,9,10,1970-01-01 00:00:00.0000001,1970-01-01 00:00:00.0000002,4096,true
            b.tape,00000000000000ab,10,,0,,,64,false

            """, Ask(snapshot, default, "SELECT * FROM segments"));
        Assert.Equal("segment\nb.tape\n", Ask(snapshot, new QueryRange(new UnixNanos(201), null), "SELECT segment FROM Segments"));
    }

    private static string Ask(VaultSnapshot snapshot, QueryRange range, string sql)
    {
        using var engine = QueryEngine.Open(snapshot, range, new QueryLimits(), new UnixNanos(0), null, CancellationToken.None);
        using var rows = engine.Run(sql);
        using var text = new MemoryStream();
        Output.RowWriters.WriteAll(rows, Output.RowWriters.Create("csv", text, null, _ => { }));
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    private static void AddTrade(RowSet rows, long connection, string? id, double price, long firstId, string? flags = null)
    {
        var events = new EventBuffer();
        var text = (string? value) => value is null ? default : events.AddText(System.Text.Encoding.UTF8.GetBytes(value));
        events.Trades.Add() = new TradeEvent
        {
            Head = new EventHead(0, text("A"), 5, Absent.Integer),
            Price = price,
            Quantity = 1,
            TradeId = text(id),
            FirstId = firstId,
            LastId = firstId,
            Flags = text(flags),
        };
        rows.Add(events, new RowOrigin("binance", 1000 + rows.Rows, connection, rows.Rows));
    }

    private static void AddQuote(RowSet rows, long connection, string symbol, double bid, double ask, long updateId)
    {
        var events = new EventBuffer();
        var head = new EventHead(0, events.AddText(System.Text.Encoding.UTF8.GetBytes(symbol)), 5, Absent.Integer);
        events.Quotes.Add() = new QuoteEvent
        {
            Head = head,
            BidPrice = bid,
            BidQuantity = Absent.Number,
            AskPrice = ask,
            AskQuantity = Absent.Number,
            UpdateId = updateId,
        };
        rows.Add(events, new RowOrigin("binance", 1000 + rows.Rows, connection, rows.Rows));
    }
}
