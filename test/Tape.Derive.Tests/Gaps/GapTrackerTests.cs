using System.Text.Json.Nodes;
using Tape.Core.Errors;
using Tape.Derive.Gaps;
using Tape.Venues;

namespace Tape.Derive.Tests.Gaps;

/// <summary>What becomes a hole, with which cause, and what does not: case by case. tape-bench gaps does the same in masses.</summary>
public sealed class GapTrackerTests
{
    private const string Trades = "btcusdt@aggTrade";
    private const string Quotes = "btcusdt@bookTicker";
    private const string Depth = "btcusdt@depth@100ms";

    private const string Trade = "{\"topic\":\"publicTrade.BTCUSDT\",\"type\":\"snapshot\",\"ts\":1,\"data\":[{\"T\":1,\"s\":\"BTCUSDT\",\"S\":\"Buy\","
        + "\"v\":\"1\",\"p\":\"1\",\"L\":\"PlusTick\",\"i\":\"x\",\"BT\":false}]}";

    private const string Liquidation = "{\"stream\":\"btcusdt@forceOrder\",\"data\":{\"e\":\"forceOrder\",\"E\":1,\"o\":{\"s\":\"BTCUSDT\",\"S\":\"SELL\","
        + "\"o\":\"LIMIT\",\"f\":\"IOC\",\"q\":\"1\",\"p\":\"1\",\"ap\":\"1\",\"X\":\"FILLED\",\"l\":\"1\",\"z\":\"1\",\"T\":1}}}";

    private readonly GapTape _tape = new();

    [Fact]
    public void An_id_left_out_on_a_connection_that_stands_is_the_venues()
    {
        _tape.Connect(4, "binance", Trades);
        _tape.Aggregate(4, 7);
        _tape.Wait(2);
        _tape.Aggregate(4, 10);
        Assert.Equal(["aggTrade venue_skipped 1000-1002 8..9 = 2"], _tape.Told);
        Assert.Empty(_tape.Settled);
        _tape.Wait(10);
        Assert.Equal(["aggTrade venue_skipped 1000-1002 8..9 = 2"], _tape.Settled);
    }

    [Fact]
    public void Ids_at_the_end_of_the_range_are_counted_up_to_it_and_nothing_turns_around()
    {
        _tape.Connect(4, "binance", Trades);
        _tape.Aggregate(4, 7);
        _tape.Wait(2).Aggregate(4, long.MaxValue);
        _tape.Wait(11).Aggregate(4, 8);
        _tape.Wait(11).Aggregate(4, long.MaxValue);
        Assert.Equal([$"aggTrade venue_skipped 1000-1002 8..{long.MaxValue - 1} = {long.MaxValue - 8}"], _tape.Settled);
        var batch = _tape.Tracker.TakeBatch();
        var again = new GapTracker(GapTrackerState.Parse(batch.State), VenueCatalog.Find);
        Assert.Equal(batch.State, again.State.ToJson());
    }

    [Theory]
    [InlineData("streams", "null")]
    [InlineData("streams", "[null]")]
    [InlineData("connections", "[{\"opened\":null,\"carriers\":[]}]")]
    [InlineData("connections", "[{\"opened\":{\"connection\":1,\"venue\":\"binance\",\"wires\":[\"a\"],\"streams\":[7]},\"carriers\":[]}]")]
    [InlineData("next_seq", "-1")]
    [InlineData("next_seq", "\"x\"")]
    public void A_state_that_no_tracker_wrote_is_damage(string name, string value)
    {
        var state = JsonNode.Parse(GapTrackerState.Start.ToJson())!.AsObject();
        Assert.NotNull(GapTrackerState.Parse(state.ToJsonString()));
        state[name] = JsonNode.Parse(value);
        Assert.Throws<DamagedException>(() => GapTrackerState.Parse(state.ToJsonString()));
    }

    [Fact]
    public void Ids_that_begin_again_after_a_break_prove_nothing_of_it_and_go_on_from_there()
    {
        _tape.Connect(4, "binance", Trades);
        _tape.Aggregate(4, 900, happened: 1_000_000);
        _tape.Wait(2).Disconnect(4, "connection_lost");
        _tape.Wait(3).Connect(5, "binance", Trades);
        _tape.Wait(1).Aggregate(5, 1, happened: 1_006_000);
        Assert.Equal(["aggTrade connection_lost 1000-1006"], _tape.Told);
        _tape.Wait(1).Aggregate(5, 2, happened: 1_007_000);
        _tape.Wait(1).Aggregate(5, 5, happened: 1_008_000);
        Assert.Equal(["aggTrade connection_lost 1000-1006", "aggTrade venue_skipped 1007-1008 3..4 = 2"], _tape.Told);
        Assert.Equal(1, _tape["aggTrade"].Resets);
    }

    [Fact]
    public void Ids_that_begin_again_on_a_connection_that_stands_are_a_gap_of_unknown_size()
    {
        _tape.Connect(4, "binance", Trades);
        _tape.Aggregate(4, 900, happened: 1_000_000);
        _tape.Wait(5).Aggregate(4, 3, happened: 1_005_000);
        Assert.Equal(["aggTrade venue_skipped 1000-1005"], _tape.Settled);
        _tape.Wait(1).Aggregate(4, 4, happened: 1_006_000);
        Assert.Single(_tape.Told);
        var again = new GapTracker(GapTrackerState.Parse(_tape.Tracker.State.ToJson()), VenueCatalog.Find);
        Assert.Equal(_tape.Tracker.State.ToJson(), again.State.ToJson());
    }

    [Fact]
    public void A_late_copy_of_an_earlier_trade_is_no_new_beginning()
    {
        _tape.Connect(4, "binance", Trades);
        _tape.Aggregate(4, 900, happened: 1_000_000);
        _tape.Wait(5).Aggregate(4, 899, happened: 999_000);
        _tape.Aggregate(4, 901, happened: 1_000_500);
        Assert.Empty(_tape.Told);
        Assert.Equal(0, _tape["aggTrade"].Resets);
    }

    [Fact]
    public void A_snapshot_further_ahead_than_a_venue_counts_has_numbers_of_its_own()
    {
        _tape.Connect(4, "bybit", "orderbook.50.BTCUSDT");
        _tape.Book(4, 100, isSnapshot: true);
        _tape.Book(4, 101);
        _tape.Disconnect(4, "connection_lost");
        _tape.Wait(30).Connect(5, "bybit", "orderbook.50.BTCUSDT");
        _tape.Book(5, 15_000_000_000, isSnapshot: true);
        Assert.Equal(["orderbook.50 connection_lost 1000-1030"], _tape.Told);
        _tape.Wait(1).Book(5, 15_000_000_003);
        Assert.Contains("orderbook.50 venue_skipped 1030-1031 15000000001..15000000002 = 2", _tape.Told);
    }

    [Fact]
    public void A_drop_in_between_is_ours()
    {
        _tape.Connect(4, "binance", Trades);
        _tape.Aggregate(4, 7);
        _tape.Wait(2).Drop(4, Trades, 1001);
        _tape.Aggregate(4, 9);
        Assert.Equal(["aggTrade dropped_here 1000-1002 8..8 = 1"], _tape.Told);
    }

    [Fact]
    public void A_drop_that_cost_no_id_is_no_hole_where_ids_prove_it()
    {
        _tape.Connect(4, "binance", Trades, Quotes);
        _tape.Aggregate(4, 7);
        _tape.Quote(4, 1);
        _tape.Wait(2).Drop(4, Trades, 1001);
        _tape.Aggregate(4, 8);
        Assert.Empty(_tape.Told);
        _tape.Drop(4, Quotes, 1001);
        Assert.Equal(["bookTicker dropped_here 1001-1002"], _tape.Told);
    }

    [Fact]
    public void Ids_that_go_on_across_a_lost_connection_are_no_gap_and_streams_without_ids_have_one()
    {
        _tape.Connect(4, "binance", Trades, Quotes);
        _tape.Aggregate(4, 7);
        _tape.Quote(4, 1);
        _tape.Wait(5).Disconnect(4, "connection_lost");
        _tape.Wait(3).Connect(9, "binance", Trades, Quotes);
        _tape.Wait(1).Quote(9, 50);
        _tape.Wait(1).Aggregate(9, 8);
        Assert.Equal(["bookTicker connection_lost 1000-1009"], _tape.Told);
        Assert.Equal(StreamCover.Covered, _tape["aggTrade"].State);
    }

    [Fact]
    public void Missing_ids_across_a_lost_connection_have_its_cause()
    {
        _tape.Connect(4, "binance", Trades);
        _tape.Aggregate(4, 7);
        _tape.Disconnect(4, "venue_closed");
        Assert.Equal(["aggTrade connection_lost 1000-"], _tape.Told);
        Assert.Equal(StreamCover.Down, _tape["aggTrade"].State);
        _tape.Wait(5).Connect(9, "binance", Trades);
        _tape.Aggregate(9, 20);
        Assert.Equal(["aggTrade connection_lost 1000-1005 8..19 = 12"], _tape.Told);
    }

    [Fact]
    public void A_run_that_was_cut_down_leaves_a_crash_window()
    {
        _tape.Connect(4, "binance", Quotes);
        _tape.Quote(4, 7);
        _tape.Wait(1).Crash();
        _tape.Wait(1).Connect(9, "binance", Quotes);
        _tape.Quote(9, 8);
        Assert.Equal(["bookTicker crash_window 1000-1002"], _tape.Settled);
    }

    [Fact]
    public void What_one_of_two_connections_lacks_the_other_one_fills()
    {
        _tape.Connect(4, "binance", Trades);
        _tape.Aggregate(4, 7);
        _tape.Connect(9, "binance", Trades);
        foreach (var id in new[] { 10, 11 }) _tape.Aggregate(9, id);
        foreach (var id in new[] { 8, 9, 10 }) _tape.Aggregate(4, id);
        _tape.Disconnect(4, "rotation");
        _tape.Aggregate(9, 12);
        Assert.Empty(_tape.Wait(15).Told);
        Assert.Equal((0, 0, 1), (_tape["aggTrade"].Duplicates, _tape["aggTrade"].Reorders, _tape["aggTrade"].Overlaps));
    }

    [Fact]
    public void Frames_out_of_order_and_twice_are_counted_and_no_hole()
    {
        _tape.Connect(4, "binance", Trades);
        foreach (var id in new[] { 7, 9, 8, 8, 10, 10 }) _tape.Aggregate(4, id);
        Assert.Empty(_tape.Wait(15).Told);
        Assert.Equal((2, 1, 0), (_tape["aggTrade"].Duplicates, _tape["aggTrade"].Reorders, _tape["aggTrade"].Overlaps));
    }

    [Fact]
    public void Ids_that_come_late_repair_what_was_told()
    {
        _tape.Connect(4, "binance", Trades);
        _tape.Aggregate(4, 7);
        _tape.Aggregate(4, 10);
        _tape.Wait(20).Aggregate(4, 8);
        Assert.Equal(["aggTrade venue_skipped 1000-1000 8..9 = 2"], _tape.Told);
        _tape.Aggregate(4, 9);
        Assert.Equal(["aggTrade venue_skipped 1000-1000 8..9 = 2", "aggTrade venue_skipped 1000-1000 8..9 = 2 repaired"], _tape.Settled);
    }

    [Fact]
    public void A_chain_of_a_book_shows_that_something_is_missing_and_not_how_much()
    {
        _tape.Connect(4, "binance", Depth);
        _tape.Depth(4, 90, 100);
        _tape.Depth(4, 100, 105);
        _tape.Depth(4, 109, 111);
        Assert.Equal(["depth@100ms venue_skipped 1000-1000 106..109"], _tape.Told);
    }

    [Fact]
    public void Books_that_begin_anew_or_do_not_change_are_no_hole()
    {
        _tape.Connect(4, "okx", "books:BTC-USDT-SWAP");
        _tape.Chain(4, -1, 100, isSnapshot: true);
        _tape.Chain(4, 100, 107);
        _tape.Chain(4, 107, 107);
        _tape.Chain(4, 107, 3);
        _tape.Chain(4, 3, 8);
        _tape.Connect(5, "bybit", "orderbook.50.BTCUSDT");
        _tape.Book(5, 100, isSnapshot: true);
        _tape.Book(5, 101);
        _tape.Book(5, 1, isSnapshot: true);
        _tape.Book(5, 2);
        Assert.Empty(_tape.Wait(5).Told);
        Assert.Equal((1, 1), (_tape["books"].Resets, _tape["orderbook.50"].Resets));
    }

    [Fact]
    public void The_picture_on_a_new_connection_tells_what_was_missed()
    {
        _tape.Connect(4, "bybit", "orderbook.50.BTCUSDT");
        _tape.Book(4, 100, isSnapshot: true);
        _tape.Book(4, 101);
        _tape.Disconnect(4, "connection_lost");
        _tape.Wait(2).Connect(9, "bybit", "orderbook.50.BTCUSDT");
        _tape.Book(9, 110, isSnapshot: true);
        _tape.Book(9, 111);
        Assert.Equal(["orderbook.50 connection_lost 1000-1002 102..110 = 9"], _tape.Told);
    }

    [Fact]
    public void A_venue_that_numbers_anew_behind_a_lost_connection_leaves_a_gap_without_ids()
    {
        _tape.Connect(4, "bybit", "orderbook.50.BTCUSDT");
        _tape.Book(4, 100, isSnapshot: true);
        _tape.Disconnect(4, "connection_lost");
        _tape.Wait(2).Connect(9, "bybit", "orderbook.50.BTCUSDT");
        _tape.Book(9, 1, isSnapshot: true);
        Assert.Equal(["orderbook.50 connection_lost 1000-1002"], _tape.Told);
    }

    [Fact]
    public void A_trade_that_stands_for_several_fills_is_followed_by_the_next_fill()
    {
        _tape.Connect(4, "okx", "trades:BTC-USDT-SWAP");
        _tape.Fills(4, 100, 3);
        _tape.Fills(4, 160, 60);
        _tape.Fills(4, 163, 2);
        Assert.Equal(["trades venue_skipped 1000-1000 161..161 = 1"], _tape.Told);
    }

    [Fact]
    public void A_silent_stream_is_received_as_long_as_its_siblings_deliver()
    {
        _tape.Connect(4, "binance", Quotes, "btcusdt@forceOrder");
        for (var second = 0; second < 300; second++) _tape.Wait(1).Quote(4, second);
        Assert.Empty(_tape.Told);
        Assert.Equal(StreamCover.Covered, _tape["forceOrder"].State);
        _tape.Wait(60);
        Assert.Equal(["bookTicker venue_silent 1300-", "forceOrder venue_silent 1300-"], _tape.Told);
        Assert.Equal(StreamCover.Unproven, _tape["forceOrder"].State);
        _tape.Quote(4, 1000);
        Assert.Equal(["bookTicker venue_silent 1300-1360", "forceOrder venue_silent 1300-1360"], _tape.Settled);
    }

    [Fact]
    public void A_channel_of_fixed_pace_is_missing_when_it_is_late_whatever_its_siblings_deliver()
    {
        _tape.Connect(4, "binance", Quotes, "btcusdt@markPrice@1s");
        _tape.Mark(4);
        for (var second = 0; second < 20; second++) _tape.Wait(1).Quote(4, second);
        Assert.Equal(["markPrice@1s venue_silent 1000-"], _tape.Told);
        _tape.Mark(4);
        Assert.Equal(["markPrice@1s venue_silent 1000-1020"], _tape.Settled);
    }

    [Fact]
    public void A_stream_that_falls_silent_against_its_own_pace_is_missing_whatever_its_siblings_deliver()
    {
        _tape.Connect(4, "binance", Quotes, Depth);
        for (var second = 0; second < 300; second++)
        {
            _tape.Wait(1).Quote(4, second);
            _tape.Depth(4, second, second + 1);
        }

        for (var second = 0; second < 60; second++) _tape.Wait(1).Depth(4, 300 + second, 301 + second);
        Assert.Empty(_tape.Told);
        for (var second = 0; second < 330; second++) _tape.Wait(1).Depth(4, 360 + second, 361 + second);
        Assert.Equal(["bookTicker venue_silent 1300-"], _tape.Told);
        Assert.Equal((StreamCover.Unproven, StreamCover.Covered), (_tape["bookTicker"].State, _tape["depth@100ms"].State));
        _tape.Quote(4, 1000);
        Assert.Equal(["bookTicker venue_silent 1300-1690"], _tape.Settled);
    }

    [Fact]
    public void A_refused_stream_is_missing_at_once_with_the_venues_words()
    {
        _tape.ConnectUnanswered(4, "binance", Quotes, "btcusdt@forceOrder");
        _tape.Wait(1).Refuse(4, "btcusdt@forceOrder", "no such stream");
        _tape.Wait(5).Quote(4, 1);
        Assert.Equal(["forceOrder refused 1000-"], _tape.Told);
        Assert.Equal((StreamCover.Unproven, "code 60018 no such stream"), (_tape["forceOrder"].State, _tape["forceOrder"].Stream.Refusal));
        Assert.Contains(_tape.Tracker.TakeBatch().Streams, stream => stream.Refusal == "code 60018 no such stream");
        _tape.Wait(1).Frame(4, Liquidation);
        Assert.Equal(["forceOrder refused 1000-1007"], _tape.Settled);
    }

    [Fact]
    public void A_refused_stream_whose_silence_is_normal_is_received_once_it_is_accepted()
    {
        _tape.Connect(4, "binance", Quotes, "btcusdt@forceOrder");
        _tape.Quote(4, 1);
        for (var round = 0; round < 2; round++)
        {
            _tape.Wait(1).Refuse(4, "btcusdt@forceOrder", "no");
            _tape.Wait(1).Quote(4, 2 + round);
            Assert.Equal(StreamCover.Unproven, _tape["forceOrder"].State);
            _tape.Accept(4, 1, 1);
            _tape.Wait(1).Quote(4, 3 + round);
            Assert.Equal(StreamCover.Covered, _tape["forceOrder"].State);
        }

        Assert.Equal(["forceOrder refused 1001-1003", "forceOrder refused 1004-1006"], _tape.Settled);
    }

    [Fact]
    public void A_stream_that_is_refused_when_it_is_asked_for_again_is_missing_since_it_fell_silent()
    {
        _tape.Connect(4, "binance", Quotes, Depth);
        _tape.Quote(4, 1);
        for (var second = 0; second < 70; second++) _tape.Wait(1).Depth(4, second, second + 1);
        Assert.Equal(["bookTicker venue_silent 1000-"], _tape.Told);
        _tape.Refuse(4, Quotes, "delisted");
        Assert.Equal(["bookTicker refused 1000-"], _tape.Told);
        _tape.Quote(4, 2);
        Assert.Equal(["bookTicker refused 1000-1070"], _tape.Told);
        Assert.Equal(StreamCover.Covered, _tape["bookTicker"].State);
        _tape.Refuse(4, Quotes, "already subscribed");
        _tape.Wait(1).Quote(4, 3);
        Assert.Equal(["bookTicker refused 1000-1070", "bookTicker refused 1070-1071"], _tape.Told);
    }

    [Fact]
    public void A_stream_that_is_refused_after_a_lost_connection_was_lost_first_and_refused_then()
    {
        _tape.Connect(4, "binance", Quotes);
        _tape.Quote(4, 1);
        _tape.Wait(2).Disconnect(4, "connection_lost");
        _tape.Wait(3).ConnectUnanswered(9, "binance", Quotes);
        _tape.Refuse(9, Quotes, "delisted");
        Assert.Equal(["bookTicker connection_lost 1000-1005", "bookTicker refused 1005-"], _tape.Wait(2).Told);
        _tape.Quote(9, 2);
        Assert.Equal(["bookTicker connection_lost 1000-1005", "bookTicker refused 1005-1007"], _tape.Told);
    }

    [Fact]
    public void Ids_that_go_on_prove_that_a_silent_stream_missed_nothing()
    {
        _tape.Connect(4, "binance", Quotes, Depth);
        _tape.Depth(4, 7, 8);
        for (var second = 0; second < 70; second++) _tape.Wait(1).Quote(4, second);
        Assert.Equal(["depth@100ms venue_silent 1000-"], _tape.Told);
        _tape.Depth(4, 8, 9);
        Assert.Empty(_tape.Told);
    }

    [Fact]
    public void A_calm_stream_loosens_its_limit_and_a_new_run_learns_anew()
    {
        _tape.Connect(4, "bybit", "publicTrade.BTCUSDT", "orderbook.50.BTCUSDT");
        _tape.Book(4, 1, isSnapshot: true);
        var book = 2;
        for (var trade = 0; trade < 8; trade++)
        {
            BybitTrade();
            for (var second = 0; second < 590; second++) WaitBeside();
        }

        BybitTrade();
        for (var second = 0; second < 700; second++) WaitBeside();
        Assert.Empty(_tape.Told);
        _tape.Crash();
        _tape.Connect(5, "bybit", "publicTrade.BTCUSDT", "orderbook.50.BTCUSDT");
        _tape.Frame(5, Trade);
        for (var second = 0; second < 610; second++) WaitBeside(5);
        Assert.Contains(_tape.Told, told => told.StartsWith("publicTrade venue_silent", StringComparison.Ordinal));

        void BybitTrade() => _tape.Frame(4, Trade);

        void WaitBeside(long connection = 4) => _tape.Wait(1).Book(connection, book++);
    }

    [Fact]
    public void Time_without_ticks_is_not_silence()
    {
        _tape.Connect(4, "binance", Quotes);
        _tape.Quote(4, 1);
        _tape.Wait(1).Wait(0.5);
        // Asleep for an hour: no ticks, and then the next one.
        for (var part = 0; part < 7200; part++) _tape.Wait(0.5);
        _tape.Wait(1);
        Assert.Empty(_tape.Told);
    }

    [Fact]
    public void An_acknowledged_stream_that_never_delivers_is_missing_from_the_start()
    {
        _tape.Connect(4, "binance", Quotes, Depth);
        for (var second = 0; second < 29; second++) _tape.Wait(1).Quote(4, second);
        Assert.Empty(_tape.Told);
        for (var second = 29; second < 40; second++) _tape.Wait(1).Quote(4, second);
        Assert.Equal(["depth@100ms venue_silent 1000-"], _tape.Told);
        _tape.Depth(4, 5, 6);
        Assert.Equal(["depth@100ms venue_silent 1000-1040"], _tape.Settled);
    }

    [Fact]
    public void A_frame_that_can_not_be_decoded_is_a_hole_of_its_stream()
    {
        _tape.Connect(4, "binance", Trades, Quotes);
        _tape.Aggregate(4, 7);
        _tape.Quote(4, 1);
        _tape.Frame(4, """{"stream":"btcusdt@aggTrade","data":{"e":"aggTr""");
        _tape.Aggregate(4, 9);
        _tape.Wait(1).Frame(4, """{"stream":"btcusdt@bookTicker","data":{"e":"book""");
        _tape.Frame(4, "nonsense");
        Assert.Equal(["bookTicker undecodable 1001-1001", " undecodable 1001-1001", "aggTrade undecodable 1000-1000 8..8 = 1"], _tape.Told);
    }

    [Fact]
    public void A_stream_that_nobody_carries_any_more_is_unsubscribed_and_one_that_is_late_is_not()
    {
        _tape.Connect(4, "binance", Quotes, Depth);
        _tape.Quote(4, 1);
        _tape.Depth(4, 1, 2);
        _tape.Disconnect(4, "our_stop");
        _tape.Crash();
        _tape.Wait(5).Connect(9, "binance", Quotes);
        for (var second = 0; second < 61; second++)
        {
            _tape.Quote(9, second + 2);
            _tape.Wait(1);
        }

        Assert.Equal(["bookTicker our_stop 1000-1005", "depth@100ms unsubscribed 1000-"], _tape.Told);
        _tape.Connect(10, "binance", Depth);
        Assert.Equal(["bookTicker our_stop 1000-1005", "depth@100ms our_stop 1000-"], _tape.Told);
    }
}
