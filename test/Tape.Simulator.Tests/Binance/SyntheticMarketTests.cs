using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tape.Core.Values;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Tests.Binance;

public class SyntheticMarketTests
{
    private static readonly UnixNanos _start = new(1_800_000_000L * UnixNanos.PerSecond);

    [Fact]
    public void The_same_seed_gives_the_same_bytes_however_time_is_cut()
    {
        var whole = Run(seed: 7, seconds: 2, stepMs: 2000, All("btcusdt"), All("ethusdt"));
        Assert.Equal(whole, Run(seed: 7, seconds: 2, stepMs: 5, All("btcusdt"), All("ethusdt")));
        Assert.NotEqual(whole, Run(seed: 8, seconds: 2, stepMs: 2000, All("btcusdt"), All("ethusdt")));
    }

    [Fact]
    public void A_seed_gives_the_bytes_that_it_always_gave()
    {
        string[] channels = ["aggTrade", "trade", "bookTicker", "markPrice@1s", "forceOrder", "depth@100ms", "kline_1m", "ticker", "miniTicker"];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var frame in SyntheticFrames.Make(SymbolSpec.First(11), channels, 40_000, 500, 7, new UnixNanos(1_763_769_570_000_000_000)))
        {
            hash.AppendData(frame.Payload);
            hash.AppendData("\n"u8);
        }

        Assert.Equal("FC13AD222F35BBDEF562710569708B867CEECE17DAAB6419C4DB6627DC8EDF36", Convert.ToHexString(hash.GetHashAndReset()));
    }

    [Fact]
    public void Every_frame_is_json_of_its_event_type()
    {
        foreach (var (stream, frame) in Run(seed: 3, seconds: 70, stepMs: 1000, All("btcusdt"), All("牛来usdt"), ["!forceOrder@arr", "!markPrice@arr@1s"]))
        {
            using var document = JsonDocument.Parse(frame);
            var root = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement[0] : document.RootElement;
            var type = root.GetProperty("e").GetString();
            var channel = stream.Split('@')[1];
            Assert.Equal(channel switch
            {
                "markPrice" or "arr" when type == "markPriceUpdate" => "markPriceUpdate",
                "depth" => "depthUpdate",
                "kline_1m" => "kline",
                "arr" => "forceOrder",
                _ => channel
            }, type);
            Assert.True(root.GetProperty("E").GetInt64() > 1_799_999_999_000);
        }
    }

    [Fact]
    public void Aggregate_ids_are_contiguous_and_their_fills_are_the_raw_trades()
    {
        var frames = Run(seed: 1, seconds: 3, stepMs: 5, ["btcusdt@aggTrade", "btcusdt@trade"]);
        var (lastAggregate, lastFill, lastTime) = (0L, 0L, 0L);
        var fills = new List<(long Id, long Quantity)>();
        foreach (var (stream, text) in frames)
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (stream.EndsWith("@trade", StringComparison.Ordinal))
            {
                fills.Add((root.GetProperty("t").GetInt64(), Units(root.GetProperty("q"))));
                continue;
            }
            var id = root.GetProperty("a").GetInt64();
            Assert.True(lastAggregate == 0 || id == lastAggregate + 1);
            Assert.True(lastFill == 0 || root.GetProperty("f").GetInt64() == lastFill + 1);
            (lastAggregate, lastFill) = (id, root.GetProperty("l").GetInt64());
            Assert.Equal(Enumerable.Range(0, fills.Count).Select(i => root.GetProperty("f").GetInt64() + i), fills.Select(fill => fill.Id));
            Assert.Equal(lastFill, fills[^1].Id);
            Assert.Equal(Units(root.GetProperty("q")), fills.Sum(fill => fill.Quantity));
            Assert.InRange(root.GetProperty("T").GetInt64(), lastTime, root.GetProperty("E").GetInt64());
            lastTime = root.GetProperty("T").GetInt64();
            fills.Clear();
        }
    }

    [Fact]
    public void Depth_is_a_chain_and_quotes_rise()
    {
        var (previous, quote) = (0L, 0L);
        foreach (var (stream, text) in Run(seed: 2, seconds: 5, stepMs: 5, ["btcusdt@depth@100ms", "btcusdt@bookTicker"]))
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var u = root.GetProperty("u").GetInt64();
            if (stream.EndsWith("bookTicker", StringComparison.Ordinal))
            {
                Assert.True(u > quote);
                Assert.True(Units(root.GetProperty("b")) < Units(root.GetProperty("a")));
                quote = u;
                continue;
            }
            Assert.True(previous == 0 || root.GetProperty("pu").GetInt64() == previous);
            Assert.InRange(root.GetProperty("U").GetInt64(), root.GetProperty("pu").GetInt64() + 1, u);
            previous = u;
        }
        Assert.True(previous > 0 && quote > 0);
    }

    [Fact]
    public void A_book_kept_by_the_venues_rules_is_the_book_of_the_snapshot()
    {
        var market = new BinanceMarket(SymbolSpec.First(1), 500, new Random(5), _start);
        var sink = new Sink();
        Activate(market, ["btcusdt@depth@100ms", "btcusdt@bookTicker", "btcusdt@aggTrade"]);
        var book = Snapshot(market);
        for (var ms = 0; ms < 20_000; ms += 100) market.Advance(_start.Add(TimeSpan.FromMilliseconds(ms)), sink);
        foreach (var (stream, text) in sink.Frames.Where(frame => frame.Stream.Contains("depth"))) Follow(book, text);
        Assert.Equal(Snapshot(market).Where(level => level.Value != "0.000").OrderBy(level => level.Key),
            book.Where(level => level.Value != "0.000").OrderBy(level => level.Key));
    }

    [Fact]
    public void Mark_prices_come_on_whole_seconds_and_funding_is_due_on_eight_hours()
    {
        var frames = Run(seed: 1, seconds: 5, stepMs: 100, ["btcusdt@markPrice@1s"]);
        Assert.Equal(5, frames.Count);
        Assert.All(frames, frame => Assert.Contains("000,\"s\"", frame.Text));
        Assert.Equal(8 * 3600_000, PerpetualState.NextFunding(1));
        Assert.Equal(8 * 3600_000, PerpetualState.NextFunding(8 * 3600_000));
    }

    [Theory]
    [InlineData(-400)]
    [InlineData(0)]
    [InlineData(90_000)]
    public void A_skewed_clock_shifts_all_times_and_no_pace(int skewMs)
    {
        var market = new BinanceMarket(SymbolSpec.First(2), 200, new Random(1), _start, TimeSpan.FromMilliseconds(skewMs));
        var sink = new Sink();
        Activate(market, All("btcusdt"));
        for (var ms = 10; ms <= 2000; ms += 10)
        {
            var before = sink.Frames.Count;
            market.Advance(_start.Add(TimeSpan.FromMilliseconds(ms)), sink);
            foreach (var (stream, text) in sink.Frames.Skip(before))
            {
                var frame = JsonDocument.Parse(text).RootElement;
                var venueMs = _start.Value / UnixNanos.PerMillisecond + ms + skewMs;
                Assert.InRange(frame.GetProperty("E").GetInt64(), venueMs - 15, venueMs);
                if (stream.EndsWith("aggTrade", StringComparison.Ordinal)) Assert.InRange(frame.GetProperty("T").GetInt64(), venueMs - 150, venueMs);
            }
        }

        Assert.InRange(sink.Frames.Count, 380, 420);
    }

    [Fact]
    public void A_minute_ends_with_one_closed_candle_that_is_the_sum_of_its_trades()
    {
        var frames = Run(seed: 1, seconds: 130, stepMs: 100, ["btcusdt@kline_1m", "btcusdt@aggTrade"]);
        var closed = frames.Where(frame => frame.Text.Contains("\"x\": true") || frame.Text.Contains("\"x\":true"))
            .Select(frame => JsonDocument.Parse(frame.Text).RootElement.GetProperty("k")).ToList();
        Assert.Equal(2, closed.Count);
        Assert.Equal(60_000, closed[1].GetProperty("t").GetInt64() - closed[0].GetProperty("t").GetInt64());
        var (from, to) = (closed[1].GetProperty("t").GetInt64(), closed[1].GetProperty("T").GetInt64());
        var trades = frames.Where(frame => frame.Stream.EndsWith("aggTrade", StringComparison.Ordinal))
            .Select(frame => JsonDocument.Parse(frame.Text).RootElement)
            .Where(trade => trade.GetProperty("T").GetInt64() >= from && trade.GetProperty("T").GetInt64() <= to).ToList();
        Assert.Equal(Units(closed[1].GetProperty("v")), trades.Sum(trade => Units(trade.GetProperty("q"))));
        Assert.Equal(Units(closed[1].GetProperty("h")), trades.Max(trade => Units(trade.GetProperty("p"))));
        Assert.Equal(Units(closed[1].GetProperty("o")), Units(trades[0].GetProperty("p")));
    }

    [Fact]
    public void Tickers_are_the_sums_of_the_trades_so_far()
    {
        var frames = Run(seed: 1, seconds: 130, stepMs: 100, ["btcusdt@aggTrade", "btcusdt@ticker", "btcusdt@miniTicker"]);
        foreach (var kind in new[] { "ticker", "miniTicker" })
        {
            var at = frames.FindLastIndex(frame => frame.Stream == $"btcusdt@{kind}");
            var trades = frames.Take(at).Where(frame => frame.Stream == "btcusdt@aggTrade").Select(frame => JsonDocument.Parse(frame.Text).RootElement)
                .ToList();
            var ticker = JsonDocument.Parse(frames[at].Text).RootElement;
            Assert.Equal(trades.Sum(trade => Units(trade.GetProperty("q"))), Units(ticker.GetProperty("v")));
            Assert.Equal(trades.Sum(trade => Units(trade.GetProperty("q")) * Units(trade.GetProperty("p"))), Units(ticker.GetProperty("q")));
            Assert.Equal(trades.Max(trade => Units(trade.GetProperty("p"))), Units(ticker.GetProperty("h")));
            Assert.Equal(trades.Min(trade => Units(trade.GetProperty("p"))), Units(ticker.GetProperty("l")));
            Assert.Equal(Units(trades[^1].GetProperty("p")), Units(ticker.GetProperty("c")));
            if (kind == "miniTicker") continue;
            Assert.Equal(trades[^1].GetProperty("l").GetInt64(), ticker.GetProperty("L").GetInt64());
            Assert.Equal(trades.Sum(trade => trade.GetProperty("l").GetInt64() - trade.GetProperty("f").GetInt64() + 1), ticker.GetProperty("n").GetInt64());
            Assert.Equal(Units(ticker.GetProperty("c")) - Units(ticker.GetProperty("o")), Units(ticker.GetProperty("p")));
        }
    }

    [Fact]
    public void The_rate_is_what_was_asked_for()
    {
        Assert.InRange(Run(seed: 1, seconds: 2, stepMs: 5, All("btcusdt"), All("ethusdt")).Count, 1900, 2100);
        Assert.InRange(Run(seed: 1, seconds: 2, stepMs: 5, ["btcusdt@bookTicker"]).Count, 1990, 2010);
    }

    [Fact]
    public void Ids_run_on_while_nobody_listens()
    {
        var market = new BinanceMarket(SymbolSpec.First(1), 100, new Random(5), _start);
        var stream = Activate(market, ["btcusdt@aggTrade"])[0];
        var sink = new Sink();
        market.Advance(_start.Add(TimeSpan.FromSeconds(1)), sink);
        market.SetActive(stream, false, _start.Add(TimeSpan.FromSeconds(1)));
        market.Advance(_start.Add(TimeSpan.FromSeconds(11)), sink);
        market.SetActive(stream, true, _start.Add(TimeSpan.FromSeconds(11)));
        market.Advance(_start.Add(TimeSpan.FromSeconds(12)), sink);
        var ids = sink.Frames.Select(frame => JsonDocument.Parse(frame.Text).RootElement.GetProperty("a").GetInt64()).ToList();
        Assert.Single(ids.Zip(ids.Skip(1)), pair => pair.Second - pair.First > 40);
    }

    [Fact]
    public void What_is_late_by_more_than_two_seconds_is_skipped_and_counted()
    {
        var market = new BinanceMarket(SymbolSpec.First(1), 1000, new Random(5), _start);
        Activate(market, ["btcusdt@bookTicker", "btcusdt@markPrice@1s"]);
        var sink = new Sink();
        market.Advance(_start.Add(TimeSpan.FromSeconds(100)), sink);
        Assert.InRange(sink.Frames.Count, 1990, 2010);
        Assert.InRange(market.FramesLate, 97_000, 98_500);
    }

    [Fact]
    public void Frames_allocate_nothing_in_steady_state()
    {
        var market = new BinanceMarket(SymbolSpec.First(3), 100_000, new Random(5), _start);
        Activate(market, All("btcusdt"), All("ethusdt"));
        var sink = new Counter();
        market.Advance(_start.Add(TimeSpan.FromSeconds(1)), sink);
        var before = GC.GetAllocatedBytesForCurrentThread();
        market.Advance(_start.Add(TimeSpan.FromSeconds(1.5)), sink);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
        Assert.InRange(sink.Frames, 140_000, 160_000);
    }

    [Theory]
    [InlineData("BTCUSDT@aggTrade")]
    [InlineData("btcusdt@depth@250ms")]
    [InlineData("btcusdt@kline_1s")]
    [InlineData("nosuch@trade")]
    [InlineData("btcusdt")]
    [InlineData("")]
    public void Names_that_the_venue_does_not_know_have_no_stream(string name) =>
        Assert.Null(new BinanceMarket(SymbolSpec.First(1), 1, new Random(1), _start).Find(name));

    [Fact]
    public void Many_symbols_have_distinct_names_and_one_is_not_ascii()
    {
        var symbols = SymbolSpec.First(300);
        Assert.Equal(300, symbols.Select(symbol => symbol.Name).Distinct().Count());
        Assert.Single(symbols, symbol => symbol.Name.Any(letter => letter > 127));
    }

    private static string[] All(string symbol) =>
        [.. new[] { "aggTrade", "trade", "bookTicker", "markPrice@1s", "forceOrder", "depth@100ms", "kline_1m" }.Select(channel => $"{symbol}@{channel}")];

    private static List<SimulatedStream> Activate(BinanceMarket market, params string[][] names)
    {
        var streams = names.SelectMany(list => list).Select(name => market.Find(name)!).ToList();
        foreach (var stream in streams) market.SetActive(stream, true, _start);
        return streams;
    }

    private static List<(string Stream, string Text)> Run(int seed, int seconds, int stepMs, params string[][] names)
    {
        var market = new BinanceMarket(SymbolSpec.First(11), 1000, new Random(seed), _start);
        var sink = new Sink();
        Activate(market, names);
        for (var ms = stepMs; ms <= seconds * 1000; ms += stepMs) market.Advance(_start.Add(TimeSpan.FromMilliseconds(ms)), sink);
        return sink.Frames;
    }

    private static Dictionary<string, string> Snapshot(BinanceMarket market)
    {
        var text = new JsonBuilder();
        using var document = JsonDocument.Parse(new BinanceAnswers(market, text).Depth(market.Markets[0], 1000, 0).Bytes.ToArray());
        var book = new Dictionary<string, string>();
        foreach (var side in new[] { "bids", "asks" })
            foreach (var level in document.RootElement.GetProperty(side).EnumerateArray()) book[$"{side[0]}{level[0]}"] = level[1].GetString()!;
        return book;
    }

    private static void Follow(Dictionary<string, string> book, string frame)
    {
        using var document = JsonDocument.Parse(frame);
        foreach (var side in new[] { "b", "a" })
            foreach (var level in document.RootElement.GetProperty(side).EnumerateArray()) book[$"{side}{level[0]}"] = level[1].GetString()!;
    }

    private static long Units(JsonElement text) => long.Parse(text.GetString()!.Replace(".", ""), System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Sink : IFrameSink
    {
        public List<(string Stream, string Text)> Frames { get; } = [];

        public void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole) => Frames.Add((stream.Name, Encoding.UTF8.GetString(data)));
    }

    private sealed class Counter : IFrameSink
    {
        public int Frames { get; private set; }

        public void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole) => Frames++;
    }
}
