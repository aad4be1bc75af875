using System.Text.Json;
using Tape.Simulator.Okx;
using Tape.Simulator.Tests.Support;
using static Tape.Simulator.Tests.Support.FrameList;

namespace Tape.Simulator.Tests.Okx;

/// <summary>What OKX's frames promise, in frames without sockets.</summary>
public class OkxMarketTests
{
    private const string Swap = "BTC-USDT-SWAP";

    private static readonly string[] _all =
    [
        $"trades:{Swap}", $"trades-all:{Swap}", $"bbo-tbt:{Swap}", $"tickers:{Swap}", $"mark-price:{Swap}", "index-tickers:BTC-USDT", $"funding-rate:{Swap}",
            $"open-interest:{Swap}",
        "liquidation-orders:SWAP", $"books:{Swap}", $"books5:{Swap}", $"candle1m:{Swap}",
    ];

    [Fact]
    public void The_same_seed_gives_the_same_bytes_however_time_is_cut()
    {
        var whole = Of(Market(7), 2, 2000, _all);
        Assert.Equal(whole, Of(Market(7), 2, 5, _all));
        Assert.NotEqual(whole, Of(Market(8), 2, 2000, _all));
    }

    [Fact]
    public void Every_frame_repeats_the_argument_of_its_subscription()
    {
        var frames = Of(Market(3), 130, 1000, _all);
        Assert.Equal(_all.Order(), frames.Select(frame => frame.Stream).Distinct().Order());
        foreach (var (stream, text) in frames)
        {
            var frame = Json(text);
            Assert.Equal(stream, OkxChannels.NameOf(frame.GetProperty("arg")));
            Assert.Equal(stream.StartsWith("books:", StringComparison.Ordinal), frame.TryGetProperty("action", out _));
            Assert.NotEqual(0, frame.GetProperty("data").GetArrayLength());
        }
    }

    [Fact]
    public void Orders_count_their_fills_and_fills_are_contiguous()
    {
        var (order, fill, several) = (0L, 0L, false);
        foreach (var (stream, text) in Of(Market(1), 10, 50, $"trades:{Swap}", $"trades-all:{Swap}"))
        {
            var row = Json(text).GetProperty("data")[0];
            var id = Long(row.GetProperty("tradeId"));
            if (stream.StartsWith("trades-all", StringComparison.Ordinal))
            {
                Assert.True(fill == 0 || id == fill + 1);
                fill = id;
                continue;
            }

            var count = Long(row.GetProperty("count"));
            several |= count > 1;
            Assert.True(order == 0 || id - count == order);
            Assert.Equal(fill, id);
            order = id;
        }

        Assert.True(several);
    }

    [Fact]
    public void A_book_is_a_chain_from_its_snapshot_and_says_once_a_minute_that_nothing_changed()
    {
        var (bids, asks, previous, idle) = (new Dictionary<string, string>(), new Dictionary<string, string>(), -1L, 0);
        foreach (var frame in Of(Market(5), 70, 500, $"books:{Swap}").Select(frame => Json(frame.Text)))
        {
            var data = frame.GetProperty("data")[0];
            Assert.Equal(previous == -1 ? "snapshot" : "update", frame.GetProperty("action").GetString());
            Assert.Equal(previous, data.GetProperty("prevSeqId").GetInt64());
            var next = data.GetProperty("seqId").GetInt64();
            if (next == previous)
            {
                idle++;
                Assert.Equal(0, data.GetProperty("bids").GetArrayLength() + data.GetProperty("asks").GetArrayLength());
            }
            else Assert.True(next > previous);
            Apply(bids, data.GetProperty("bids"));
            Apply(asks, data.GetProperty("asks"));
            Assert.InRange(bids.Count, 1, 400);
            Assert.InRange(asks.Count, 1, 400);
            previous = next;
        }

        Assert.Equal(1, idle);
    }

    [Fact]
    public void After_a_restart_the_chain_goes_on_with_a_smaller_number()
    {
        var market = Market(6);
        var sink = new FrameList();
        Subscribe(market, $"books:{Swap}", Start, sink);
        market.Advance(Start.Add(TimeSpan.FromSeconds(1)), sink);
        var last = Json(sink.Frames[^1].Text).GetProperty("data")[0].GetProperty("seqId").GetInt64();
        sink.Frames.Clear();
        market.Restart();
        market.Advance(Start.Add(TimeSpan.FromSeconds(2)), sink);
        var first = Json(sink.Frames[0].Text).GetProperty("data")[0];
        Assert.Equal(last, first.GetProperty("prevSeqId").GetInt64());
        Assert.True(first.GetProperty("seqId").GetInt64() < last);
        Assert.Equal(first.GetProperty("seqId").GetInt64(), Json(sink.Frames[1].Text).GetProperty("data")[0].GetProperty("prevSeqId").GetInt64());
    }

    [Fact]
    public void A_book_without_snapshots_begins_with_a_change()
    {
        var market = new OkxMarket(OkxSimulatorOptions.First(1), 300, new Random(1), Start) { BooksWithoutSnapshot = true };
        var first = Json(Of(market, 1, 100, $"books:{Swap}")[0].Text);
        Assert.Equal("update", first.GetProperty("action").GetString());
        Assert.True(first.GetProperty("data")[0].GetProperty("prevSeqId").GetInt64() > 0);
    }

    [Fact]
    public void What_comes_seldom_is_told_to_a_new_subscriber_and_its_first_liquidation_is_stale()
    {
        var sink = new FrameList();
        var market = Market(1);
        foreach (var name in new[] { $"funding-rate:{Swap}", $"open-interest:{Swap}", "liquidation-orders:SWAP" }) Subscribe(market, name, Start, sink);
        Assert.Equal(3, sink.Frames.Count);
        var funding = Json(sink.Frames[0].Text).GetProperty("data")[0];
        Assert.Equal(8 * 3_600_000, Long(funding.GetProperty("nextFundingTime")) - Long(funding.GetProperty("fundingTime")));
        Assert.Equal("", funding.GetProperty("nextFundingRate").GetString());
        Assert.True(Long(funding.GetProperty("fundingTime")) > Long(funding.GetProperty("ts")));
        var liquidation = Json(sink.Frames[2].Text).GetProperty("data")[0].GetProperty("details")[0];
        Assert.True(Start.Value / 1_000_000 - Long(liquidation.GetProperty("ts")) >= 600_000);
    }

    [Fact]
    public void Sizes_are_contracts_and_candles_say_the_base_quantity_too()
    {
        var rows = Of(Market(1), 130, 100, $"candle1m:{Swap}", $"trades:{Swap}").Where(frame => frame.Stream == $"candle1m:{Swap}")
            .Select(frame => Json(frame.Text).GetProperty("data")).ToList();
        var closing = rows.Where(data => data.EnumerateArray().Any(row => row[8].GetString() == "1")).ToList();
        Assert.Equal(2, closing.Count);
        Assert.All(closing, data => Assert.Equal(["1", "0"], data.EnumerateArray().Select(row => row[8].GetString())));
        Assert.All(closing, data => Assert.Equal(Number(data[0][5]) / 100, Number(data[0][6])));
    }

    [Fact]
    public void A_side_of_the_best_prices_may_be_empty() =>
        Assert.Contains(Of(Market(1), 30, 200, $"bbo-tbt:{Swap}").Select(frame => Json(frame.Text).GetProperty("data")[0]),
            row => row.GetProperty("asks").GetArrayLength() + row.GetProperty("bids").GetArrayLength() == 1);

    private static decimal Number(JsonElement text) => decimal.Parse(text.GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static OkxMarket Market(int seed) => new(OkxSimulatorOptions.First(2), 300, new Random(seed), Start);
}
