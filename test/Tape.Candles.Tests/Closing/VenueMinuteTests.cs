using Tape.Candles.Closing;
using Tape.Core.Candles;

namespace Tape.Candles.Tests.Closing;

/// <summary>Minutes that a venue gives as candles.</summary>
public sealed class VenueMinuteTests
{
    private const string Wire = "btcusdt@kline_1m";

    [Fact]
    public void A_final_candle_closes_its_minute_at_once_though_the_beginning_was_missed()
    {
        var batch = new CandleTape(at: 40).Connect(1, "binance", Wire).Kline(1, 0, 100, isClosed: false).To(60).Kline(1, 0, 101, isClosed: true).Derive();
        var closed = Assert.Single(batch.Closed);
        Assert.Equal("BTCUSDT 1m 0: 101 101 101 101 v1 q101 wNaN n2", CandleTape.Text(closed));
        Assert.Empty(batch.Findings);
    }

    [Fact]
    public void A_final_candle_goes_before_trades_and_both_are_one_minute()
    {
        var batch = new CandleTape().Connect(1, "binance", Wire, "btcusdt@aggTrade").Trade(1, 50, 1).To(1).Trade(1, 100, 1).To(60.1).Kline(1, 0, 101,
            isClosed: true).To(70).Derive();
        Assert.Equal(["BTCUSDT 1m 0: 101 101 101 101 v1 q101 wNaN n2"], batch.Closed.Select(CandleTape.Text));
    }

    [Fact]
    public void A_final_candle_that_comes_again_or_too_late_is_handed_on_as_a_repeat()
    {
        var batch = new CandleTape().Connect(1, "binance", Wire).To(60.1).Kline(1, 0, 101, true).Kline(1, 0, 102, true).To(120.1).Kline(1, 1, 103, true)
            .Kline(1, 0, 99, true).Derive();
        Assert.Equal([false, true, false, true], batch.Closed.Select(closed => closed.IsRepeat));
    }

    [Fact]
    public void A_candle_that_was_never_final_is_partial()
    {
        var batch = new CandleTape().Connect(1, "binance", Wire).To(30).Kline(1, 0, 101, false).To(190).Derive();
        Assert.Empty(batch.Closed);
        Assert.Equal(["Partial not_covered 0"], batch.Findings.Select(CandleTape.Text));
        Assert.Empty(batch.Empty);
    }

    [Fact]
    public void A_final_candle_that_breaks_a_rule_is_rejected_and_its_minute_stays_a_gap()
    {
        var batch = new CandleTape().Connect(1, "binance", Wire).To(60.1).Kline(1, 0, 0, true).To(70).Derive();
        Assert.Empty(batch.Closed);
        Assert.Equal(["Reject price_not_positive 0"], batch.Findings.Select(CandleTape.Text));
    }

    [Fact]
    public void A_candle_that_opens_between_minutes_or_in_the_future_is_rejected()
    {
        var batch = new CandleTape().Connect(1, "binance", Wire).Kline(1, 9, 1, true).Derive();
        Assert.Equal(["Reject open_time_in_future 9"], batch.Findings.Select(CandleTape.Text));
    }

    [Fact]
    public void Where_none_is_marked_as_final_the_next_one_closes_it_or_a_tick_after_the_grace_time()
    {
        var tape = Unmarked().To(1).Kline(1, 0, 100, false).To(50).Kline(1, 0, 101, false).To(60.5).Kline(1, 1, 102, false).To(62);
        var closed = Assert.Single(tape.Derive(venues: UnmarkedCandles.Find).Closed);
        Assert.Equal("BTCUSDT 1m 0: 101 101 101 101 v1 q101 wNaN n2", CandleTape.Text(closed));
        Assert.Equal(CandleTape.StartMs + 60_500, closed.Candle.IngestTimeMs);
        var quiet = Unmarked().To(1).Kline(1, 0, 100, false).To(64.9);
        Assert.Empty(quiet.Derive(venues: UnmarkedCandles.Find).Closed);
        Assert.Equal(CandleTape.StartMs + 65_000, Assert.Single(quiet.To(65).Derive(venues: UnmarkedCandles.Find).Closed).Candle.IngestTimeMs);
    }

    [Fact]
    public void One_that_is_not_marked_needs_its_channel_from_the_last_update_on_and_minutes_without_one_are_empty()
    {
        var lost = Unmarked().To(1).Kline(1, 0, 100, false).To(30).Disconnect(1).To(70).Connect(2, "binance", Wire).Alive(2).To(71)
            .Kline(2, 1, 102, false).To(250);
        var batch = lost.Derive(venues: UnmarkedCandles.Find);
        Assert.Equal([1L], batch.Closed.Select(closed => (closed.Candle.OpenTimeMs - CandleTape.StartMs) / 60_000));
        Assert.Contains("Partial not_covered 0", batch.Findings.Select(CandleTape.Text));
        Assert.Equal([2L, 3L], batch.Empty.Select(empty => (empty.OpenMs - CandleTape.StartMs) / 60_000));
    }

    private static CandleTape Unmarked() => new CandleTape().Connect(1, "binance", Wire).Alive(1);
}
