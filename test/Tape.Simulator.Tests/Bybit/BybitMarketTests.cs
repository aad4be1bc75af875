using System.Text.Json;
using Tape.Simulator.Bybit;
using Tape.Simulator.Tests.Support;
using static Tape.Simulator.Tests.Support.FrameList;

namespace Tape.Simulator.Tests.Bybit;

/// <summary>What Bybit's frames promise, in frames without sockets.</summary>
public class BybitMarketTests
{
    private static readonly string[] _all =
        ["publicTrade.BTCUSDT", "orderbook.1.BTCUSDT", "orderbook.50.BTCUSDT", "orderbook.200.BTCUSDT", "tickers.BTCUSDT", "allLiquidation.BTCUSDT",
        "kline.1.BTCUSDT"];

    [Fact]
    public void The_same_seed_gives_the_same_bytes_however_time_is_cut()
    {
        var whole = Of(Market(7), 2, 2000, _all);
        Assert.Equal(whole, Of(Market(7), 2, 5, _all));
        Assert.NotEqual(whole, Of(Market(8), 2, 2000, _all));
    }

    [Fact]
    public void Every_frame_names_its_topic_and_its_channels_form()
    {
        var frames = Of(Market(3), 150, 1000, _all);
        Assert.Equal(_all.Order(), frames.Select(frame => frame.Stream).Distinct().Order());
        foreach (var (stream, text) in frames)
        {
            var frame = Json(text);
            Assert.Equal(stream, frame.GetProperty("topic").GetString());
            Assert.Contains(frame.GetProperty("type").GetString(), new[] { "snapshot", "delta" });
            Assert.True(frame.GetProperty("ts").GetInt64() > 1_799_999_999_000);
        }
    }

    [Fact]
    public void Trades_come_several_a_frame_with_distinct_uuids_and_a_sequence_that_never_falls()
    {
        var (ids, sequence, split) = (new HashSet<Guid>(), 0L, 0);
        var sizes = new HashSet<int>();
        foreach (var (_, text) in Of(Market(1), 20, 100, "publicTrade.BTCUSDT"))
        {
            var rows = Json(text).GetProperty("data").EnumerateArray().ToList();
            sizes.Add(rows.Count);
            Assert.All(rows, row => Assert.True(ids.Add(row.GetProperty("i").GetGuid())));
            var seq = Assert.Single(rows.Select(row => row.GetProperty("seq").GetInt64()).Distinct());
            Assert.True(seq >= sequence);
            if (seq == sequence) split++;
            sequence = seq;
        }

        Assert.Superset(new HashSet<int> { 1, 2, 3, 4 }, sizes);
        Assert.True(split > 0, "no burst was split over two messages");
    }

    [Theory]
    [InlineData(50)]
    [InlineData(200)]
    [InlineData(1000)]
    public void A_book_kept_by_the_venues_rules_has_the_best_levels_and_no_others(int depth)
    {
        var market = Market(5);
        var (book, u, snapshots) = (new Book(), 0L, 0);
        foreach (var (stream, text) in Of(market, 30, 50, $"orderbook.{depth}.BTCUSDT", "orderbook.1.BTCUSDT", "publicTrade.BTCUSDT")
            .Where(frame => frame.Stream == $"orderbook.{depth}.BTCUSDT"))
        {
            var frame = Json(text);
            if (frame.GetProperty("type").GetString() == "snapshot") snapshots++;
            var next = book.Follow(frame);
            Assert.True(u == 0 || next == u + 1, $"u is {next} after {u}");
            u = next;
            Assert.InRange(book.Bids.Count, 1, depth);
            Assert.InRange(book.Asks.Count, 1, depth);
        }

        Assert.Equal(1, snapshots);
    }

    [Fact]
    public void A_second_subscriber_gets_a_snapshot_that_the_next_change_fits()
    {
        var market = Market(6);
        var (first, second) = (new FrameList(), new FrameList());
        var stream = Subscribe(market, "orderbook.50.BTCUSDT", Start, first);
        market.Advance(Start.Add(TimeSpan.FromSeconds(3)), first);
        market.Greet(stream, Start.Add(TimeSpan.FromSeconds(3)), second);
        var (early, late) = (new Book(), new Book());
        foreach (var (_, text) in first.Frames) early.Follow(Json(text));
        var u = late.Follow(Json(Assert.Single(second.Frames).Text));
        first.Frames.Clear();
        market.Advance(Start.Add(TimeSpan.FromSeconds(4)), first);
        Assert.Equal(u + 1, Json(first.Frames[0].Text).GetProperty("data").GetProperty("u").GetInt64());
        foreach (var (_, text) in first.Frames)
        {
            early.Follow(Json(text));
            late.Follow(Json(text));
        }

        Assert.Equal(early.Bids.OrderBy(level => level.Key), late.Bids.OrderBy(level => level.Key));
        Assert.Equal(early.Asks.OrderBy(level => level.Key), late.Asks.OrderBy(level => level.Key));
    }

    [Fact]
    public void After_a_restart_books_begin_again_with_one()
    {
        var market = Market(6);
        var sink = new FrameList();
        foreach (var name in new[] { "orderbook.50.BTCUSDT", "orderbook.1.BTCUSDT" }) Subscribe(market, name, Start, sink);
        market.Advance(Start.Add(TimeSpan.FromSeconds(1)), sink);
        sink.Frames.Clear();
        market.Restart();
        market.Advance(Start.Add(TimeSpan.FromSeconds(2)), sink);
        var names = sink.Frames.Select(frame => frame.Stream).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["orderbook.1.BTCUSDT", "orderbook.50.BTCUSDT"], names);
        foreach (var name in names)
        {
            var frames = sink.Frames.Where(frame => frame.Stream == name).Select(frame => Json(frame.Text)).Take(2).ToList();
            Assert.Equal(("snapshot", 1L), (frames[0].GetProperty("type").GetString(), frames[0].GetProperty("data").GetProperty("u").GetInt64()));
            Assert.InRange(frames[1].GetProperty("data").GetProperty("u").GetInt64(), 1, 2);
        }
    }

    [Fact]
    public void A_snapshot_comes_in_the_middle_of_changes_and_continues_their_numbers()
    {
        var frames = Of(Market(2), 101, 200, "orderbook.50.BTCUSDT").Select(frame => Json(frame.Text)).ToList();
        var at = frames.FindLastIndex(frame => frame.GetProperty("type").GetString() == "snapshot");
        Assert.True(at > 1000);
        Assert.Equal(1, frames[at].GetProperty("data").GetProperty("u").GetInt64() - frames[at - 1].GetProperty("data").GetProperty("u").GetInt64());
    }

    [Fact]
    public void The_best_prices_are_snapshots_that_now_and_then_come_again_under_the_same_number()
    {
        var (repeats, u, last) = (0, 0L, "");
        foreach (var frame in Of(Market(2), 5, 50, "orderbook.1.BTCUSDT").Select(frame => Json(frame.Text)))
        {
            Assert.Equal("snapshot", frame.GetProperty("type").GetString());
            var data = frame.GetProperty("data");
            if (data.GetProperty("u").GetInt64() == u)
            {
                repeats++;
                Assert.Equal(last, data.GetRawText());
            }

            (u, last) = (data.GetProperty("u").GetInt64(), data.GetRawText());
        }

        Assert.True(repeats > 0);
    }

    [Fact]
    public void The_order_of_keys_is_not_the_same_for_all_symbols()
    {
        var orders = Of(Market(2), 1, 50, "orderbook.1.BTCUSDT", "orderbook.1.ETHUSDT")
            .Select(frame => string.Join(',', Json(frame.Text).EnumerateObject().Select(property => property.Name))).Distinct();
        Assert.Equal(2, orders.Count());
    }

    [Fact]
    public void A_ticker_is_whole_first_and_then_what_changed()
    {
        var frames = Of(Market(4), 30, 100, "tickers.BTCUSDT", "publicTrade.BTCUSDT")
            .Where(frame => frame.Stream.StartsWith("tickers", StringComparison.Ordinal)).Select(frame => Json(frame.Text)).ToList();
        Assert.Equal("snapshot", frames[0].GetProperty("type").GetString());
        var state = frames[0].GetProperty("data").EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetString());
        Assert.Equal(27, state.Count);
        Assert.Equal("", state["preQty"]);
        foreach (var delta in frames.Skip(1))
        {
            Assert.Equal("delta", delta.GetProperty("type").GetString());
            var changed = delta.GetProperty("data").EnumerateObject().Where(property => property.Name != "symbol").ToList();
            Assert.NotEmpty(changed);
            Assert.All(changed, property => Assert.NotEqual(state[property.Name], property.Value.GetString()));
            foreach (var property in changed) state[property.Name] = property.Value.GetString();
        }

        Assert.Contains(frames, frame => frame.GetProperty("data").EnumerateObject().Count() <= 4);
    }

    [Fact]
    public void A_minute_ends_with_both_candles_in_one_frame()
    {
        var closing = Of(Market(1), 130, 100, "kline.1.BTCUSDT", "publicTrade.BTCUSDT")
            .Where(frame => frame.Text.Contains("\"confirm\":true", StringComparison.Ordinal)).Select(frame => Json(frame.Text).GetProperty("data")).ToList();
        Assert.Equal(2, closing.Count);
        Assert.All(closing, data => Assert.Equal([true, false], data.EnumerateArray().Select(row => row.GetProperty("confirm").GetBoolean())));
        Assert.Equal(60_000, closing[1][0].GetProperty("start").GetInt64() - closing[0][0].GetProperty("start").GetInt64());
    }

    [Theory]
    [InlineData("publicTrade.NOSUCH")]
    [InlineData("publicTrade.btcusdt")]
    [InlineData("orderbook.7.BTCUSDT")]
    [InlineData("BTCUSDT")]
    [InlineData("")]
    public void Topics_that_the_venue_does_not_know_have_no_stream(string topic) => Assert.Null(Market(1).Find(topic));

    private static BybitMarket Market(int seed) => new(BybitSimulatorOptions.First(2), 300, new Random(seed), Start);

    private sealed class Book
    {
        public Dictionary<string, string> Bids { get; } = [];

        public Dictionary<string, string> Asks { get; } = [];

        /// <returns>The number of the frame.</returns>
        public long Follow(JsonElement frame)
        {
            if (frame.GetProperty("type").GetString() == "snapshot")
            {
                Bids.Clear();
                Asks.Clear();
            }

            var data = frame.GetProperty("data");
            Apply(Bids, data.GetProperty("b"));
            Apply(Asks, data.GetProperty("a"));
            return data.GetProperty("u").GetInt64();
        }
    }
}
