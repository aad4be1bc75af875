using System.Text;
using System.Text.Json;
using Tape.Venues.Bybit;
using Tape.Venues.Contract;

namespace Tape.Venues.Tests.Bybit;

public sealed class BybitPlanTests
{
    private static readonly BybitVenue Venue = new();

    [Fact]
    public void One_socket_carries_all_topics_and_is_pinged()
    {
        var plan = Plan(["BTCUSDT", "BTCPERP"], ["publicTrade", "orderbook.1"]).Single();
        Assert.Equal("wss://stream.bybit.com/v5/public/linear", plan.Url.AbsoluteUri);
        Assert.Equal(["publicTrade.BTCUSDT", "orderbook.1.BTCUSDT", "publicTrade.BTCPERP", "orderbook.1.BTCPERP"],
            plan.Streams.Select(stream => stream.WireName));
        Assert.Equal("""{"req_id":"1","op":"subscribe","args":["publicTrade.BTCUSDT","orderbook.1.BTCUSDT","publicTrade.BTCPERP","orderbook.1.BTCPERP"]}""", plan.Requests.Single().Frame);
        Assert.Equal("""{"op":"ping"}""", plan.KeepAlive!.Frame);
        Assert.True(plan.KeepAlive.Every * 2 < plan.Limits.IdleTimeout);
    }

    [Fact]
    public void No_connection_and_no_frame_exceeds_its_limit_and_symbols_stay_together()
    {
        var symbols = Enumerable.Range(0, 333).Select(number => $"{new string('S', 50)}{number}USDT").ToList();
        var plans = Plan(symbols, ["publicTrade", "orderbook.1", "tickers"]);
        Assert.All(plans, plan => Assert.InRange(plan.Streams.Count, 1, BybitVenue.StreamsPerConnection));
        Assert.All(plans, plan => Assert.InRange(plan.Streams.Sum(stream => stream.WireName.Length), 1, 21_000));
        Assert.All(plans.SelectMany(plan => plan.Requests),
            request => Assert.InRange(request.StreamToExcl - request.StreamFrom, 1, BybitVenue.TopicsPerRequest));
        Assert.All(plans, plan => Assert.All(plan.Streams.GroupBy(stream => stream.Key.Symbol), streams => Assert.Equal(3, streams.Count())));
        Assert.Equal(Enumerable.Range(0, plans.Count), plans.Select(plan => plan.Shard));
        foreach (var plan in plans)
        {
            var asked = plan.Requests.SelectMany(request => JsonDocument.Parse(request.Frame).RootElement.GetProperty("args").EnumerateArray()
                .Select(name => name.GetString()!));
            Assert.Equal(plan.Streams.Select(stream => stream.WireName), asked);
            Assert.Equal(plan.Requests.Select(request => request.Id.ToString()),
                plan.Requests.Select(request => JsonDocument.Parse(request.Frame).RootElement.GetProperty("req_id").GetString()));
        }
    }

    [Fact]
    public void The_stream_name_of_every_data_frame_is_that_of_the_plan()
    {
        var decoder = Venue.CreateDecoder();
        var planned = Plan(["BTCUSDT"], [.. Venue.Channels.Select(channel => channel.Name)]).Single().Streams.Select(stream => stream.WireName).ToList();
        foreach (var name in planned)
        {
            Assert.Equal(name, Encoding.UTF8.GetString(decoder.StreamName(Encoding.UTF8.GetBytes($$"""{"topic":"{{name}}","ts":1,"data":[]}"""))));
            Assert.Equal(name, Encoding.UTF8.GetString(decoder.StreamName(Encoding.UTF8.GetBytes($$""" {"ts":1,"data":[{}], "topic" : "{{name}}"}"""))));
        }

        Assert.True(decoder.StreamName("""{"success":true,"op":"subscribe"}"""u8).IsEmpty);
        Assert.True(decoder.StreamName("""{"topic":"publicT"""u8).IsEmpty);
    }

    [Fact]
    public void An_endpoint_of_the_user_takes_the_place_of_the_venue()
        => Assert.Equal("ws://127.0.0.1:9/x/v5/public/linear",
            Venue.Plan(new SubscriptionRequest(["BTCUSDT"], ["tickers"], new Uri("ws://127.0.0.1:9/x/"))).Single().Url.AbsoluteUri);

    [Theory]
    [InlineData("btcusdt", "did you mean BTCUSDT?")]
    [InlineData("BTC/USDT", "did you mean BTCUSDT?")]
    [InlineData("", "empty")]
    public void A_malformed_symbol_is_named_with_what_to_write(string symbol, string expected)
        => Assert.Contains(expected, Assert.Single(Venue.Check(new SubscriptionRequest([symbol], ["tickers"]))), StringComparison.Ordinal);

    [Fact]
    public void A_request_with_faults_is_not_planned() => Assert.Throws<ArgumentException>(() => Plan(["BTCUSDT"], ["ticker"]));

    private static IReadOnlyList<ConnectionPlan> Plan(IReadOnlyList<string> symbols, IReadOnlyList<string> channels) =>
        Venue.Plan(new SubscriptionRequest(symbols, channels));
}
