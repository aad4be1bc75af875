using System.Text;
using System.Text.Json;
using Tape.Venues.Contract;
using Tape.Venues.Okx;

namespace Tape.Venues.Tests.Okx;

public sealed class OkxPlanTests
{
    private static readonly OkxVenue Venue = new();

    [Fact]
    public void Candles_and_single_trades_have_a_socket_of_their_own_and_both_are_pinged_in_plain_text()
    {
        var plans = Plan(["BTC-USDT-SWAP"], ["trades", "mark-price", "candle1m", "trades-all"]);
        Assert.Equal(["wss://ws.okx.com:8443/ws/v5/public", "wss://ws.okx.com:8443/ws/v5/business"], plans.Select(plan => plan.Url.AbsoluteUri));
        Assert.Equal(["trades:BTC-USDT-SWAP", "mark-price:BTC-USDT-SWAP"], plans[0].Streams.Select(stream => stream.WireName));
        Assert.Equal(["trades-all:BTC-USDT-SWAP", "candle1m:BTC-USDT-SWAP"], plans[1].Streams.Select(stream => stream.WireName));
        Assert.Equal("""{"id":"1","op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT-SWAP"}]}""", plans[0].Requests[0].Frame);
        Assert.All(plans, plan => Assert.Equal("ping", plan.KeepAlive!.Frame));
        Assert.All(plans, plan => Assert.True(plan.KeepAlive!.Every < TimeSpan.FromSeconds(30) && plan.KeepAlive.Every * 2 < plan.Limits.IdleTimeout));
    }

    [Fact]
    public void Indices_are_asked_for_by_their_own_name_once_and_liquidations_once_for_all()
    {
        var plan = Plan(["BTC-USDT-SWAP", "BTC-USDT-261225", "ETH-USD_UM-SWAP"], ["index-tickers", "liquidation-orders"]).Single();
        Assert.Equal(["index-tickers:BTC-USDT", "liquidation-orders:SWAP", "index-tickers:ETH-USD"], plan.Streams.Select(stream => stream.WireName));
        Assert.Contains("""{"channel":"index-tickers","instId":"BTC-USDT"}""", plan.Requests[0].Frame, StringComparison.Ordinal);
        Assert.Contains("""{"channel":"liquidation-orders","instType":"SWAP"}""", plan.Requests[1].Frame, StringComparison.Ordinal);
    }

    [Fact]
    public void No_connection_exceeds_its_limits_and_each_request_asks_for_one_stream()
    {
        var symbols = Enumerable.Range(0, 333).Select(number => $"S{number}-USDT-SWAP").ToList();
        foreach (var plans in new[] { Plan(symbols, ["books"]), Plan(symbols, ["trades", "bbo-tbt", "books", "index-tickers"]) })
        {
            Assert.All(plans, plan => Assert.InRange(plan.Streams.Count, 1, OkxVenue.StreamsPerConnection));
            Assert.All(plans, plan => Assert.InRange(plan.Streams.Count(stream => stream.Key.Channel == "books"), 0, OkxVenue.BooksPerConnection));
            Assert.All(plans, plan => Assert.Equal(Enumerable.Range(0, plan.Streams.Count).Select(at => ((long)at + 1, at, at + 1)),
                plan.Requests.Select(request => (request.Id, request.StreamFrom, request.StreamToExcl))));
            Assert.Equal(Enumerable.Range(0, plans.Count), plans.Select(plan => plan.Shard));
            Assert.Equal(333, plans.Sum(plan => plan.Streams.Count(stream => stream.Key.Channel == "books")));
        }
    }

    [Fact]
    public void The_stream_name_of_every_data_frame_is_that_of_the_plan()
    {
        var decoder = Venue.CreateDecoder();
        foreach (var plan in Plan(["BTC-USDT-SWAP"], [.. Venue.Channels.Select(channel => channel.Name)]))
        {
            foreach (var (stream, request) in plan.Streams.Zip(plan.Requests))
            {
                var argument = JsonDocument.Parse(request.Frame).RootElement.GetProperty("args")[0];
                var turned = string.Join(", ", argument.EnumerateObject().Reverse().Select(member => $"\"{member.Name}\" : {member.Value.GetRawText()}"));
                foreach (var frame in new[] { $$"""{"arg":{{argument.GetRawText()}},"data":[]}""", " {\"action\":\"x\",\"data\":[{}],\"arg\":{ " + turned + " }}", $$"""{"arg":{{argument.GetRawText()}},"action":"update","data":[]}""" })
                    Assert.Equal(stream.WireName, Encoding.UTF8.GetString(decoder.StreamName(Encoding.UTF8.GetBytes(frame))));
            }
        }

        Assert.True(decoder.StreamName("""{"event":"subscribe","arg":{"channel":"trades","instId":"BTC-USDT-SWAP"}}"""u8).IsEmpty);
        Assert.True(decoder.StreamName("""{"arg":{"channel":"trades","instId":"BTC-USDT-SWAP"},"event":"subscribe"}"""u8).IsEmpty);
        Assert.True(decoder.StreamName("""{"arg":{"channel":"tra"""u8).IsEmpty);
        Assert.True(decoder.StreamName("pong"u8).IsEmpty);
    }

    [Theory]
    [InlineData("btc-usdt-swap", "did you mean BTC-USDT-SWAP?")]
    [InlineData("BTC/USDT", "did you mean BTCUSDT?")]
    public void A_malformed_symbol_is_named_with_what_to_write(string symbol, string expected)
        => Assert.Contains(expected, Assert.Single(Venue.Check(new SubscriptionRequest([symbol], ["trades"]))), StringComparison.Ordinal);

    private static IReadOnlyList<ConnectionPlan> Plan(IReadOnlyList<string> symbols, IReadOnlyList<string> channels) =>
        Venue.Plan(new SubscriptionRequest(symbols, channels));
}
