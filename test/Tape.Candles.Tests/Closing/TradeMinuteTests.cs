using Tape.Candles.Closing;
using Tape.Core.Candles;
using Tape.Core.Values;
using Tape.Storage.Tapes.Notes;

namespace Tape.Candles.Tests.Closing;

/// <summary>Minutes made of trades.</summary>
public sealed class TradeMinuteTests
{
    private const string Wire = "btcusdt@aggTrade";

    [Fact]
    public void A_minute_that_was_received_throughout_becomes_a_candle_at_the_tick_after_the_grace_time()
    {
        var tape = Began().To(1).Trade(1, 100, 2).To(30).Trade(1, 90, 0.5, fills: 3).To(59).Trade(1, 110, 0.25).To(61).Trade(1, 111, 1).To(65);
        var closed = Assert.Single(tape.Derive().Closed);
        Assert.Equal("BTCUSDT 1m 0: 100 110 90 110 v2.75 q272.5 w99.0909090909091 n5", CandleTape.Text(closed));
        Assert.Equal(CandleTape.StartMs + 65_000, closed.Candle.IngestTimeMs);
        Assert.Equal((CandleSource.WebSocket, true, CandleTape.StartMs + 59_999), (closed.Candle.Source, closed.Candle.IsClosed, closed.Candle.CloseTimeMs));
        Assert.True(closed.FromSeq < closed.ToSeq && closed.ToSeq < closed.AtSeq);
        Assert.Empty(Began().To(1).Trade(1, 100, 2).To(64.9).Derive().Closed);
    }

    [Fact]
    public void The_first_minute_is_partial_and_told()
    {
        var batch = new CandleTape().To(20).Connect(1, "binance", Wire).Trade(1, 100, 1).To(50).Trade(1, 101, 1).To(70).Derive();
        Assert.Empty(batch.Closed);
        var partial = Assert.Single(batch.Findings);
        Assert.Equal("Partial not_covered 0", CandleTape.Text(partial));
        Assert.Equal((100, 101, 2), (partial.Candle.Values.Open, partial.Candle.Values.Close, partial.Candle.Values.TradesCount));
    }

    [Fact]
    public void A_minute_in_which_ids_are_missing_is_a_gap()
    {
        var batch = Began().To(1).Trade(1, 100, 1).To(20).Trade(1, 101, 1, id: 105).To(65).Trade(1, 101, 1, id: 106).To(130).Trade(1, 1, 1, id: 107).To(140)
            .Derive();
        Assert.Equal(["BTCUSDT 1m 1: 101 101 101 101 v1 q101 w101 n1"], batch.Closed.Select(CandleTape.Text));
        Assert.Equal(["Partial not_covered 0"], batch.Findings.Select(CandleTape.Text).Where(text => !text.Contains("-1")));
    }

    [Fact]
    public void Ids_that_follow_one_another_over_a_lost_connection_leave_no_gap()
    {
        var tape = Began().To(1).Trade(1, 100, 1).To(20).Disconnect(1).To(25).Connect(2, "binance", Wire).Trade(2, 102, 1).To(65).Trade(2, 103, 1).To(66);
        Assert.Equal(["BTCUSDT 1m 0: 100 102 100 102 v2 q202 w101 n2"], tape.Derive().Closed.Select(CandleTape.Text));
    }

    [Fact]
    public void An_outage_over_minutes_leaves_those_out_that_it_touched()
    {
        var tape = Began();
        for (var second = 1; second < 100; second++) tape.To(second).Trade(1, 100, 1);
        tape.Disconnect(1).To(200).Connect(2, "binance", Wire).Trade(2, 200, 1, id: 500);
        for (var second = 201; second < 310; second++) tape.To(second).Trade(2, 200, 1, id: 300 + second);
        var batch = tape.Derive();
        Assert.Equal([0, 4], batch.Closed.Select(closed => (closed.Candle.OpenTimeMs - CandleTape.StartMs) / 60_000));
        Assert.Empty(batch.Empty);
    }

    [Fact]
    public void Copies_over_a_second_connection_and_over_the_same_one_count_once()
    {
        var tape = Began().Connect(2, "binance", Wire).To(1).Trade(1, 100, 1).Trade(2, 100, 1, id: 101).Trade(1, 100, 1, id: 101).To(61).Trade(1, 1, 1)
            .Trade(2, 100, 1, id: 101, at: 1).To(70);
        var batch = tape.Derive();
        Assert.Equal(["BTCUSDT 1m 0: 100 100 100 100 v1 q100 w100 n1"], batch.Closed.Select(CandleTape.Text));
        Assert.DoesNotContain(batch.Findings, finding => finding.Rule == CandleRules.LateTrade);
        var bybit = new CandleTape().Connect(1, "bybit", "publicTrade.BTCUSDT").Alive(1, "bybit").BybitTrade(1, 5, 5, "x").To(1).BybitTrade(1, 10, 1, "a-b")
            .BybitTrade(1, 10, 1, "a-b")
            .BybitTrade(1, 11, 1, "a-c").To(70);
        Assert.Equal(["BTCUSDT 1m 0: 10 11 10 11 v2 q21 w10.5 n2"], bybit.Derive().Closed.Select(CandleTape.Text));
    }

    [Fact]
    public void What_is_no_market_trade_is_left_out()
    {
        var batch = Began().To(1).Trade(1, 100, 1).Trade(1, 500, 9, more: ",\"X\":\"INSURANCE_FUND\"").Trade(1, 0, 0, more: ",\"X\":\"NA\"").Trade(1, 600, 9,
            more: ",\"X\":\"ADL\"").To(65).Derive();
        Assert.Equal(["BTCUSDT 1m 0: 100 100 100 100 v1 q100 w100 n1"], batch.Closed.Select(CandleTape.Text));
    }

    [Fact]
    public void Trades_out_of_order_find_their_place_by_the_venues_time()
    {
        var batch = Began().To(2).Trade(1, 100, 1, id: 102, at: 2).Trade(1, 90, 1, id: 101, at: 1).To(61).Trade(1, 80, 1, id: 103, at: 59.9).To(62).Trade(1, 1,
            1, id: 104).To(80).Derive();
        Assert.Equal(["BTCUSDT 1m 0: 90 100 80 80 v3 q270 w90 n3"], batch.Closed.Select(CandleTape.Text));
    }

    [Fact]
    public void A_trade_of_a_minute_that_is_decided_is_rejected_once_a_minute()
    {
        var batch = Began().To(1).Trade(1, 100, 1).To(66).Trade(1, 90, 1, at: 59).Trade(1, 90, 1, at: 58).To(67).Derive();
        Assert.Single(batch.Closed);
        Assert.Equal(["Reject late_trade 0"], batch.Findings.Select(CandleTape.Text).Where(text => !text.Contains("-1")));
    }

    [Fact]
    public void A_minute_without_a_trade_that_was_received_is_empty_and_no_candle()
    {
        var derived = Began().To(1).Trade(1, 100, 1).To(189).Derive();
        Assert.Single(derived.Closed);
        Assert.Equal([1L, 2L], derived.Empty.Select(empty => (empty.OpenMs - CandleTape.StartMs) / 60_000));
    }

    [Fact]
    public void A_silence_that_shows_only_later_takes_back_what_was_said()
    {
        // The connection says nothing from 59 s on. At 65 s that is normal still; at 100 s it is not.
        var tape = new CandleTape().Connect(1, "binance", Wire).Trade(1, 50, 1);
        for (var second = 1; second < 60; second++) tape.To(second).Trade(1, 100, 1);
        tape.To(100).Disconnect(1).To(110).Connect(2, "binance", Wire).Trade(2, 100, 1, id: 900).To(125);
        var batch = tape.Derive();
        Assert.Single(batch.Closed);
        Assert.Equal(0, Assert.Single(batch.Withdrawn).OpenMs - CandleTape.StartMs);
        Assert.Contains("Withdrawn not_covered 0", batch.Findings.Select(CandleTape.Text));
    }

    [Fact]
    public void Contracts_are_converted_where_their_size_is_known_and_rejected_where_not()
    {
        var tape = new CandleTape().Connect(1, "okx", "trades:BTC-USDT-SWAP").OkxTrade(1, "BTC-USDT-SWAP", 99, 1, 10).To(1).OkxTrade(1, "BTC-USDT-SWAP", 100,
            3, 11)
            .To(62).OkxTrade(1, "BTC-USDT-SWAP", 100, 1, 12).To(65);
        Assert.Equal(["BTC-USDT-SWAP 1m 0: 100 100 100 100 v0.03 q3 w100 n1"], tape.Derive((_, _) => 0.01).Closed.Select(CandleTape.Text));
        var unknown = tape.Derive();
        Assert.Empty(unknown.Closed);
        Assert.Contains("Reject unit_unknown 0", unknown.Findings.Select(CandleTape.Text));
    }

    [Fact]
    public void A_trade_of_the_future_is_rejected()
    {
        var batch = Began().To(1).Trade(1, 100, 1, at: 500).To(3).Derive();
        Assert.Equal(["Reject open_time_in_future 8"], batch.Findings.Select(CandleTape.Text));
    }

    [Fact]
    public void A_crash_leaves_its_window_out()
    {
        var tape = Began().To(1).Trade(1, 100, 1).To(30).Note(0, new StartedNote("test", 2, ["binance"])).Connect(2, "binance", Wire).Trade(2, 101, 1, id: 150)
            .To(65).Trade(2, 102, 1, id: 151).To(130).Trade(2, 102, 1, id: 152).To(131);
        Assert.Equal([1L], tape.Derive().Closed.Select(closed => (closed.Candle.OpenTimeMs - CandleTape.StartMs) / 60_000));
    }

    /// <summary>Connected half a minute before the first minute, with a trade.</summary>
    private static CandleTape Began() => new CandleTape().Connect(1, "binance", Wire).Trade(1, 50, 1).Alive(1);
}
