using System.Text;
using Tape.Core.Events;
using Tape.TestKit.Venues;
using Tape.Venues.Binance;
using Tape.Venues.Contract;
using Tape.Venues.Frames;

namespace Tape.Venues.Tests.Binance;

/// <summary>That the shortest way is taken where it should be. That it never gives other events than the longer ones is the contract's business.</summary>
public sealed class BinanceLayoutTests
{
    private const string Trade = """{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1281679608450,"a":3399257114,"s":"BTCUSDT","p":"80768.60","q":"0.027","f":7310,"l":7312,"T":1281679608301,"m":true}}""";
    private const string Quote = """{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":14924968956894,"s":"BTCUSDT","b":"80768.60","B":"0.027","a":"80768.70","A":"12.1","T":1281679608301,"E":1281679608302}}""";
    private const string Mark = """{"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":1281266488000,"s":"BTCUSDT","p":"80768.61836957","i":"80799.10000000","r":"-0.00000189","T":1281266711111}}""";

    private readonly BinanceDecoder _decoder = new();
    private readonly EventBuffer _events = new();

    [Theory]
    [InlineData(Trade)]
    [InlineData(Quote)]
    [InlineData(Mark)]
    public void A_frame_whose_lengths_came_before_goes_the_shortest_way(string frame)
    {
        Repeat(frame, 3);
        var before = _decoder.LayoutCount;
        var changed = frame.Replace("80768.6", "91357.9", StringComparison.Ordinal).Replace("BTC", "ETH", StringComparison.Ordinal)
            .Replace("608301", "999999", StringComparison.Ordinal);
        Check(changed);
        Assert.Equal(before + 1, _decoder.LayoutCount);
    }

    [Fact]
    public void A_short_frame_is_decoded_again_and_again()
    {
        var decoder = new BinanceDecoder();
        var events = new EventBuffer();
        for (var id = 1; id < 9; id++)
        {
            var frame = Encoding.UTF8.GetBytes(
                $"{{\"stream\":\"b@aggTrade\",\"data\":{{\"e\":\"aggTrade\",\"E\":1,\"a\":"
                + $"{id},\"s\":\"B\",\"p\":\"1\",\"q\":\"1\",\"f\":1,\"l\":1,\"T\":1,\"m\":true}}}}");
            Assert.InRange(frame.Length, BytePattern.BytesMin, (2 * BytePattern.BytesMin) - 1);
            Assert.Equal(FrameOutcome.Events, decoder.Decode(frame, events));
            Assert.Equal(1, events.Trades.Count);
        }
    }

    [Fact]
    public void Fixtures_are_recognised_where_a_layout_can_hold_them()
    {
        var frames = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Binance", "frames.jsonl"));
        foreach (var _ in Enumerable.Range(0, 3)) Array.ForEach(frames, frame => Repeat(frame, 1));
        var before = _decoder.LayoutCount;
        Array.ForEach(frames, frame => Repeat(frame, 1));
        Assert.True(_decoder.LayoutCount - before >= 5, $"only {_decoder.LayoutCount - before} of {frames.Length} fixtures went the shortest way");
    }

    [Theory]
    [InlineData("80768.60", "00768.60")]
    [InlineData("7310", "0310")]
    [InlineData("\"BTCUSDT\"", "\"BT\\USDT\"")]
    [InlineData("1281679608301", "9999999999999")]
    [InlineData("true}}", "true]}")]
    public void What_only_looks_alike_gets_the_verdict_of_the_full_pass(string text, string other)
    {
        Repeat(Trade, 4);
        var before = _decoder.LayoutCount;
        Check(Trade.Replace(text, other, StringComparison.Ordinal));
        Assert.Equal(before, _decoder.LayoutCount);
    }

    /// <summary>Layouts are compared from both ends, two blocks of 64 bytes each: shorter frames have none, however often they come.</summary>
    [Fact]
    public void Frames_of_every_length_about_the_shortest_layout_are_read_again_and_again()
    {
        for (var digits = 1; digits <= 13; digits++)
        {
            var number = new string('1', digits);
            var frame = $$$"""{"stream":"b@aggTrade","data":{"e":"aggTrade","E":{{{number}}},"a":1,"s":"B","p":"1","q":"1","f":1,"l":1,"T":{{{number}}},"m":true}}""";
            for (var pass = 0; pass < 6; pass++) Check(frame);
        }
    }

    [Fact]
    public void A_symbol_too_long_to_be_copied_in_one_piece_is_left_to_the_longer_ways()
    {
        var frame = Trade.Replace("BTCUSDT", "BTCUSDT_123456789", StringComparison.Ordinal);
        Repeat(frame, 5);
        Check(frame);
        Assert.Equal(0, _decoder.LayoutCount);
    }

    [Fact]
    public void A_table_learns_what_came_twice_and_lets_the_oldest_of_a_set_go()
    {
        var table = new LayoutTable<FrameLayout>();
        var shape = FrameShape.Learn(Encoding.UTF8.GetBytes(Trade), Trade.IndexOf("aggTrade\",\"E", StringComparison.Ordinal), EventKind.AggregateTrade)!;
        var layout = FrameLayout.Learn(Encoding.UTF8.GetBytes(Trade), default, Trade.IndexOf("aggTrade\",\"E", StringComparison.Ordinal), shape);
        Assert.NotNull(layout);
        foreach (var fingerprint in new ulong[] { 1, 2, 3, 4, 5 })
        {
            Assert.False(table.IsWorthLearning(fingerprint));
            Assert.True(table.IsWorthLearning(fingerprint));
            table.Add(fingerprint, layout);
            Assert.False(table.IsWorthLearning(fingerprint));
        }

        Assert.Null(table.Find(1));
        Assert.All(new ulong[] { 2, 3, 4, 5 }, fingerprint => Assert.Same(layout, table.Find(fingerprint)));
    }

    [Fact]
    public void A_table_stops_learning_so_that_nothing_can_keep_it_allocating()
    {
        var table = new LayoutTable<FrameLayout>();
        var learnt = 0;
        for (ulong number = 1; number < 20_000; number++)
        {
            var fingerprint = number * 0x9E37_79B9_7F4A_7C15;
            table.IsWorthLearning(fingerprint);
            if (!table.IsWorthLearning(fingerprint)) continue;
            table.Add(fingerprint, null);
            learnt++;
        }

        Assert.Equal(LayoutTable<FrameLayout>.LearnMax, learnt);
    }

    private void Repeat(string frame, int times)
    {
        for (var time = 0; time < times; time++) _decoder.Decode(Encoding.UTF8.GetBytes(frame), _events);
    }

    private void Check(string frame)
    {
        var verdict = BinanceOracle.Decode(Encoding.UTF8.GetBytes(frame));
        Assert.Equal(verdict.Fault is null, _decoder.Decode(Encoding.UTF8.GetBytes(frame), _events) == FrameOutcome.Events);
        Assert.Equal(verdict.Events, EventText.Describe(_events));
    }
}
