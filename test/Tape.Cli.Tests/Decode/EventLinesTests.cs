using System.Text;
using Tape.Cli.Decode;
using Tape.Core.Events;
using Tape.Core.Values;

namespace Tape.Cli.Tests.Decode;

public sealed class EventLinesTests
{
    [Fact]
    public void Events_are_printed_in_the_order_of_the_frame_with_null_for_what_is_absent()
    {
        var events = new EventBuffer();
        var symbol = events.AddText("幸运USDT"u8);
        for (var row = 0; row < 2; row++)
        {
            events.MarkPrices.Add() = new MarkPriceEvent
            {
                Head = new EventHead(row * 2, symbol, 5, Absent.Integer),
                MarkPrice = 1.5,
                IndexPrice = Absent.Number,
            };
            events.Fundings.Add() = new FundingEvent
            {
                Head = new EventHead((row * 2) + 1, symbol, 5, Absent.Integer),
                Rate = -1e-7,
                NextFundingTime = Absent.Integer,
                IntervalSeconds = 28_800,
                SettledRate = Absent.Number,
            };
        }

        var mark = """{"frame":7,"idx":0,"table":"mark_price","exchange":"binance","symbol":"幸运USDT","ts_event":5,"ts_sent":null,"mark_price":1.5,"index_price":null}""";
        var funding = """{"frame":7,"idx":1,"table":"funding","exchange":"binance","symbol":"幸运USDT","ts_event":5,"ts_sent":null,"funding_rate":-1E-07,"next_funding_time":null,"funding_interval_s":28800,"settled_rate":null}""";
        Assert.Equal($"{mark}\n{funding}\n{mark.Replace("\"idx\":0", "\"idx\":2", StringComparison.Ordinal)}\n"
            + $"{funding.Replace("\"idx\":1", "\"idx\":3", StringComparison.Ordinal)}\n", Print(events));
    }

    [Fact]
    public void Nanoseconds_and_long_ids_are_texts_where_they_are_asked_for()
    {
        var events = new EventBuffer();
        events.Quotes.Add() = new QuoteEvent
        {
            Head = new EventHead(0, events.AddText("A"u8), 1_795_219_200_000_000_001, Absent.Integer),
            BidPrice = 1,
            BidQuantity = 1,
            AskPrice = 2,
            AskQuantity = 1,
            UpdateId = (1L << 53) + 1,
        };
        var numbers = Print(events);
        var texts = Print(events, areTexts: true);
        Assert.Contains("\"ts_event\":1795219200000000001,\"ts_sent\":null", numbers, StringComparison.Ordinal);
        Assert.Contains("\"update_id\":9007199254740993", numbers, StringComparison.Ordinal);
        Assert.Contains("\"ts_event\":\"1795219200000000001\",\"ts_sent\":null", texts, StringComparison.Ordinal);
        Assert.Contains("\"update_id\":\"9007199254740993\"", texts, StringComparison.Ordinal);
        Assert.Contains("{\"frame\":7,\"idx\":0", texts, StringComparison.Ordinal);
    }

    [Fact]
    public void A_book_frame_without_levels_has_no_side()
    {
        var events = new EventBuffer();
        events.Book.Add() = new BookEvent
        {
            Head = new EventHead(0, events.AddText("X"u8), 5, 6),
            Price = Absent.Number,
            Quantity = Absent.Number,
            FirstUpdateId = 1,
            UpdateId = 2,
            PreviousUpdateId = Absent.Integer,
            Sequence = 9,
        };
        Assert.Equal("""{"frame":7,"idx":0,"table":"book","exchange":"binance","symbol":"X","ts_event":5,"ts_sent":6,"side":null,"price":null,"qty":null,"kind":"delta","first_update_id":1,"update_id":2,"prev_update_id":null,"seq":9}""" + "\n", Print(events));
    }

    [Fact]
    public void What_is_no_trade_prints_nothing()
    {
        var events = new EventBuffer();
        foreach (var isNone in new[] { true, false })
            events.Trades.Add() = new TradeEvent
            {
                Head = new EventHead(isNone ? 0 : 1, events.AddText("X"u8), 5, 6),
                Price = isNone ? 0 : 2,
                Quantity = 1,
                QuantityExRpi = 0.5,
                IsNoTrade = isNone,
            };
        var line = Assert.Single(Print(events).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("\"idx\":1,", line, StringComparison.Ordinal);
        Assert.Contains("\"qty_ex_rpi\":0.5,", line, StringComparison.Ordinal);
    }

    private static string Print(EventBuffer events, bool areTexts = false)
    {
        using var output = new MemoryStream();
        using var lines = new EventLines(output, "binance", areTexts);
        lines.Write(7, events);
        lines.Flush();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
