using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Derive.Instruments;
using Tape.Query.Engine;
using Tape.Storage.Schema;
using Tape.Tables.Rows;

namespace Tape.Query.Tests;

public sealed class InstrumentViewTests
{
    private static readonly Instrument Swap = new()
    {
        Venue = "okx",
        Symbol = "BTC-USDT-SWAP",
        Name = "BTC-USDT-PERP",
        Base = "BTC",
        Quote = "USDT",
        Margin = "USDT",
        Kind = InstrumentKind.Perpetual,
        ContractType = "SWAP",
        Status = "live",
        IsTrading = true,
        TickSize = 0.1,
        LotSize = 1,
        ContractSize = 0.01,
    };

    /// <summary>
    /// A contract of 0.01, of 0.1 from 2000 ns on; a status that changes with the size staying; the same symbol on a venue that sends base units.
    /// </summary>
    private static readonly IReadOnlyList<InstrumentSpan> Spans =
    [
        new(Swap with { Venue = "binance", ContractSize = 1, MinNotional = 5, ListedAt = new UnixNanos(7) }, "BTC-USDT-SWAP", new UnixNanos(1500), null, 1),
        new(Swap, "BTC-USDT-SWAP", new UnixNanos(1000), new UnixNanos(1500), 0),
        new(Swap with { Status = "suspend", IsTrading = false }, "BTC-USDT-SWAP", new UnixNanos(1500), new UnixNanos(2000), 2),
        new(Swap with { ContractSize = 0.1 }, "BTC-USDT-SWAP", new UnixNanos(2000), new UnixNanos(3000), 3),
    ];

    [Fact]
    public void Contracts_become_base_units_by_the_size_that_held_when_they_were_received()
    {
        using var vault = new QueryFixture();
        foreach (var at in new long[] { 10, 1000, 1999, 2000, 9000 }) Add(vault.Tail, "okx", "BTC-USDT-SWAP", at, 200);
        Add(vault.Tail, "binance", "BTC-USDT-SWAP", 1700, 200);
        Add(vault.Tail, "okx", "UNKNOWN", 1700, 200);
        Assert.Equal(
            """
            t,exchange,qty,instrument,qty_base
            10,okx,200,BTC-USDT-PERP,2
            1000,okx,200,BTC-USDT-PERP,2
            1700,binance,200,BTC-USDT-PERP,200
            1700,okx,200,,
            1999,okx,200,BTC-USDT-PERP,2
            2000,okx,200,BTC-USDT-PERP,20
            9000,okx,200,BTC-USDT-PERP,20

            """, Ask(vault, "SELECT epoch_ns(ts_recv) t, exchange, qty, instrument, qty_base FROM trades_base ORDER BY 1, 2, 4 NULLS LAST"));
    }

    [Fact]
    public void Every_base_view_has_the_rows_of_its_table_each_once_with_or_without_instruments()
    {
        using var vault = new QueryFixture().Filled();
        foreach (var table in new[] { RawSchema.Trades, RawSchema.Bbo, RawSchema.OpenInterest, RawSchema.Liquidations, RawSchema.Book })
        {
            var expected = vault.Ask($"SELECT count(*) n, sum(tape_seq) s, sum(idx) i FROM {table}");
            Assert.Equal(expected, vault.Ask($"SELECT count(*) n, sum(tape_seq) s, sum(idx) i FROM {table}_base"));
            Assert.Equal(expected, Ask(vault, $"SELECT count(*) n, sum(tape_seq) s, sum(idx) i FROM {table}_base"));
            Assert.Equal("n\n0\n", vault.Ask($"SELECT count(instrument) n FROM {table}_base"));
        }
    }

    [Fact]
    public void Each_quantity_has_its_base_units()
    {
        using var vault = new QueryFixture();
        Assert.Equal(
            "bid_qty_base,ask_qty_base,open_interest_base,liq,book\nDOUBLE,DOUBLE,DOUBLE,DOUBLE,DOUBLE\n",
            Ask(vault, "SELECT any_value(typeof(b.bid_qty_base)) bid_qty_base, any_value(typeof(b.ask_qty_base)) ask_qty_base, "
                + "any_value(typeof(o.open_interest_base)) open_interest_base, any_value(typeof(l.qty_base)) liq, any_value(typeof(k.qty_base)) book FROM "
                + "(SELECT 1) LEFT JOIN bbo_base b ON true LEFT JOIN open_interest_base o ON true LEFT JOIN liquidations_base l ON true LEFT JOIN book_base k "
                + "ON true"));
    }

    [Fact]
    public void Instruments_are_a_view_that_costs_nothing_until_it_is_named_and_is_empty_without_answers()
    {
        using var vault = new QueryFixture();
        Assert.Equal("n\n0\n", vault.Ask("SELECT count(*) n FROM instruments"));
        var looks = 0;
        Assert.Equal("n\n0\n", Ask(vault, "SELECT count(*) n FROM trades", () => looks++));
        Assert.Equal(0, looks);
        Assert.Equal(
            """
            exchange,symbol,instrument,base,quote,margin,contract_type,status,trading,tick_size,lot_size,min_notional,contract_size,listed_at,delivers_at,path_name,valid_from,valid_to,answer_seq
            binance,BTC-USDT-SWAP,BTC-USDT-PERP,BTC,USDT,USDT,SWAP,live,true,0.1,1,5,1,1970-01-01 00:00:00.000000007,,BTC-USDT-SWAP,1970-01-01 00:00:00.0000015,,1
            okx,BTC-USDT-SWAP,BTC-USDT-PERP,BTC,USDT,USDT,SWAP,live,true,0.1,1,,0.01,,,BTC-USDT-SWAP,1970-01-01 00:00:00.000001,1970-01-01 00:00:00.0000015,0

            """, Ask(vault, "SELECT * FROM Instruments WHERE answer_seq < 2", () => looks++));
        Assert.Equal(1, looks);
    }

    private static string Ask(QueryFixture vault, string sql, Action? looked = null)
    {
        var snapshot = vault.Snapshot with
        {
            Instruments = () =>
            {
                looked?.Invoke();
                return Spans;
            },
        };
        using var engine = QueryEngine.Open(snapshot, default, new QueryLimits(), new UnixNanos(0), null, CancellationToken.None);
        using var rows = engine.Run(sql);
        using var text = new MemoryStream();
        Output.RowWriters.WriteAll(rows, Output.RowWriters.Create("csv", text, null, _ => { }));
        return System.Text.Encoding.UTF8.GetString(text.ToArray());
    }

    private static void Add(RowSet rows, string venue, string symbol, long receivedAt, double quantity)
    {
        var events = new EventBuffer();
        var head = new EventHead(0, events.AddText(System.Text.Encoding.UTF8.GetBytes(symbol)), 5, Absent.Integer);
        events.Trades.Add() = new TradeEvent
        {
            Head = head,
            Price = 1,
            Quantity = quantity,
            Side = Side.Buy,
            FirstId = Absent.Integer,
            LastId = Absent.Integer,
        };
        rows.Add(events, new RowOrigin(venue, receivedAt, 1, rows.Rows));
    }
}
