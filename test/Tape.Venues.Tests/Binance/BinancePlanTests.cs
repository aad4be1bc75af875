using System.Text;
using System.Text.Json;
using Tape.Venues.Binance;
using Tape.Venues.Contract;

namespace Tape.Venues.Tests.Binance;

public sealed class BinancePlanTests
{
    private static readonly BinanceVenue Venue = new();

    [Fact]
    public void Each_route_has_a_socket_of_its_own()
    {
        var plans = Plan(["BTCUSDT"], ["aggTrade", "bookTicker", "markPrice", "forceOrder", "depth"]);
        Assert.Equal(["wss://fstream.binance.com/public/stream", "wss://fstream.binance.com/market/stream"], plans.Select(plan => plan.Url.AbsoluteUri));
        Assert.Equal(["btcusdt@bookTicker", "btcusdt@depth@100ms"], plans[0].Streams.Select(stream => stream.WireName));
        Assert.Equal(["btcusdt@aggTrade", "btcusdt@markPrice@1s", "btcusdt@forceOrder"], plans[1].Streams.Select(stream => stream.WireName));
        Assert.Equal("""{"method":"SUBSCRIBE","params":["btcusdt@bookTicker","btcusdt@depth@100ms"],"id":1}""", plans[0].Requests.Single().Frame);
    }

    [Fact]
    public void A_route_without_channels_needs_no_socket()
        => Assert.Equal(["market"], Plan(["BTCUSDT"], ["aggTrade"]).Select(plan => plan.Route));

    [Fact]
    public void An_endpoint_of_the_user_takes_the_place_of_the_venue()
        => Assert.Equal("ws://127.0.0.1:9443/x/market/stream",
            Venue.Plan(new SubscriptionRequest(["BTCUSDT"], ["aggTrade"], new Uri("ws://127.0.0.1:9443/x/"))).Single().Url.AbsoluteUri);

    [Fact]
    public void No_connection_and_no_frame_exceeds_its_limit()
    {
        var symbols = Enumerable.Range(0, 333).Select(number => $"S{number}USDT").ToList();
        var plans = Plan(symbols, ["aggTrade", "bookTicker", "markPrice"]);
        Assert.All(plans, plan => Assert.InRange(plan.Streams.Count, 1, BinanceVenue.StreamsPerConnection));
        Assert.All(plans.SelectMany(plan => plan.Requests),
            request => Assert.InRange(request.StreamToExcl - request.StreamFrom, 1, BinanceVenue.NamesPerRequest));
        Assert.All(plans.GroupBy(plan => plan.Route), route => Assert.Equal(Enumerable.Range(0, route.Count()), route.Select(plan => plan.Shard)));
        Assert.Equal(999, plans.SelectMany(plan => plan.Streams).Select(stream => stream.WireName).Distinct().Count());
        foreach (var plan in plans)
        {
            var asked = plan.Requests.SelectMany(request => JsonDocument.Parse(request.Frame).RootElement.GetProperty("params").EnumerateArray()
                .Select(name => name.GetString()!));
            Assert.Equal(plan.Streams.Select(stream => stream.WireName), asked);
        }
    }

    [Theory]
    [InlineData("S")]
    [InlineData("1000000000幸运币")]
    public void No_SUBSCRIBE_frame_is_longer_than_the_venue_reads_and_none_is_shorter_than_it_must_be(string name)
    {
        var plans = Plan([.. Enumerable.Range(0, 600).Select(number => $"{name}{number}USDT")], ["aggTrade", "bookTicker", "depth"]);
        foreach (var plan in plans)
        {
            Assert.All(plan.Requests, request => Assert.InRange(Encoding.UTF8.GetByteCount(request.Frame), 1, BinanceVenue.RequestBytesMax));
            Assert.Equal(Enumerable.Range(1, plan.Requests.Count), plan.Requests.Select(request => (int)request.Id));
            Assert.Equal(plan.Streams.Count, plan.Requests[^1].StreamToExcl);
            foreach (var (request, next) in plan.Requests.Zip(plan.Requests.Skip(1)))
            {
                Assert.Equal(request.StreamToExcl, next.StreamFrom);
                var first = Encoding.UTF8.GetByteCount(plan.Streams[next.StreamFrom].WireName);
                Assert.True(Encoding.UTF8.GetByteCount(request.Frame) + first + 3 > BinanceVenue.RequestBytesMax, "the next name would have fitted");
            }
        }
    }

    [Fact]
    public void Symbols_of_any_script_are_lowered_and_sent_as_text()
    {
        var plan = Plan(["幸运USDT"], ["aggTrade"]).Single();
        Assert.Equal("幸运usdt@aggTrade", plan.Streams.Single().WireName);
        Assert.Equal("幸运usdt@aggTrade", JsonDocument.Parse(plan.Requests.Single().Frame).RootElement.GetProperty("params")[0].GetString());
    }

    [Fact]
    public void The_stream_name_of_a_frame_is_that_of_the_plan()
    {
        var stream = Plan(["BTCUSDT"], ["aggTrade"]).Single().Streams.Single();
        var decoder = Venue.CreateDecoder();
        Assert.Equal(stream.WireName, System.Text.Encoding.UTF8.GetString(decoder.StreamName("""{"stream":"btcusdt@aggTrade","data":{}}"""u8)));
        Assert.True(decoder.StreamName("""{"result":null,"id":1}"""u8).IsEmpty);
        Assert.True(decoder.StreamName("""{"stream":"btc"""u8).IsEmpty);
    }

    [Fact]
    public void Liquidations_may_be_silent_and_mark_prices_may_not()
    {
        var streams = Plan(["BTCUSDT"], ["markPrice", "forceOrder"]).Single().Streams;
        Assert.NotNull(streams.Single(stream => stream.Key.Channel == "markPrice@1s").SilentAfter);
        Assert.Null(streams.Single(stream => stream.Key.Channel == "forceOrder").SilentAfter);
    }

    [Theory]
    [InlineData("btcusdt", "did you mean BTCUSDT?")]
    [InlineData("BTC-USDT", "did you mean BTCUSDT?")]
    [InlineData("BTC/USDT", "did you mean BTCUSDT?")]
    [InlineData("BTCUSDT@trade", "malformed")]
    [InlineData("", "empty")]
    [InlineData("\"", "malformed")]
    [InlineData("\ud800", "malformed")]
    public void A_malformed_symbol_is_named_with_what_to_write(string symbol, string expected)
        => Assert.Contains(expected, Assert.Single(Venue.Check(new SubscriptionRequest([symbol], ["aggTrade"]))), StringComparison.Ordinal);

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var faults = Venue.Check(new SubscriptionRequest(["BTCUSDT", "BTCUSDT", "eth"], ["aggtrade", "candles"], new Uri("https://example.com")));
        Assert.Equal(5, faults.Count);
        Assert.Contains(faults, fault => fault.Contains("write aggTrade", StringComparison.Ordinal));
    }

    [Fact]
    public void A_request_with_faults_is_not_planned()
        => Assert.Throws<ArgumentException>(() => Plan(["btc"], ["aggTrade"]));

    private static IReadOnlyList<ConnectionPlan> Plan(IReadOnlyList<string> symbols, IReadOnlyList<string> channels) =>
        Venue.Plan(new SubscriptionRequest(symbols, channels));
}
