using System.Net;
using System.Net.WebSockets;
using System.Text;
using Tape.Simulator.Bybit;
using Tape.Simulator.Journal;
using Tape.Simulator.Tests.Support;
using static Tape.Simulator.Tests.Support.FrameList;

namespace Tape.Simulator.Tests.Bybit;

/// <summary>Bybit's protocol as a plain client meets it.</summary>
public class BybitProtocolTests
{
    private const string Path = "/v5/public/linear";

    [Fact]
    public async Task A_subscription_is_acknowledged_once_with_its_id_and_delivers()
    {
        await using var simulator = await VenueSims.BybitAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Path);
        await client.SendAsync("""{"req_id":"sub-1","op":"subscribe","args":["orderbook.50.BTCUSDT","publicTrade.BTCUSDT"]}""");
        var answer = Json(await client.ReceiveUntilAsync(text => text.Contains("\"success\"", StringComparison.Ordinal)));
        Assert.Equal((true, "", "sub-1", "subscribe"),
            (answer.GetProperty("success").GetBoolean(), answer.GetProperty("ret_msg").GetString(), answer.GetProperty("req_id").GetString(),
            answer.GetProperty("op").GetString()));
        await client.ReceiveUntilAsync(text => text.Contains("\"topic\":\"publicTrade.BTCUSDT\"", StringComparison.Ordinal));
        await client.SendAsync("""{"op":"unsubscribe","args":["orderbook.50.BTCUSDT","publicTrade.BTCUSDT"]}""");
        Assert.Contains("\"req_id\":\"\"", await client.ReceiveUntilAsync(text => text.Contains("\"unsubscribe\"", StringComparison.Ordinal)));
        await client.SendAsync("""{"req_id":"100001","op":"ping"}""");
        Assert.StartsWith("""{"success":true,"ret_msg":"pong","conn_id":""", await client.ReceiveAsync());
    }

    [Theory]
    [InlineData("""{"req_id":"1","op":"subscribe","args":["publicTrade.BTCUSDT","foo.BTCUSDT"]}""", "error:handler not found,topic:foo.BTCUSDT")]
    [InlineData("""{"req_id":"1","op":"subscribe"}""", "Params Error")]
    [InlineData("""{"req_id":"1","op":"subscribe","args":[1]}""", "Params Error")]
    [InlineData("""{"req_id":"1","op":"dance","args":[]}""", "Unknown operation: dance")]
    [InlineData("not json", "Request not json")]
    public async Task A_wrong_request_is_refused_as_a_whole(string request, string why)
    {
        await using var simulator = await VenueSims.BybitAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Path);
        await client.SendAsync(request);
        var answer = Json((await client.ReceiveAsync())!);
        Assert.Equal((false, why), (answer.GetProperty("success").GetBoolean(), answer.GetProperty("ret_msg").GetString()));
        await client.SendAsync("""{"op":"ping"}""");
        Assert.Contains("pong", await client.ReceiveAsync()); // nothing of the refused frame was subscribed
    }

    [Fact]
    public async Task Topics_of_more_than_21000_characters_are_refused()
    {
        await using var simulator = await VenueSims.StartAsync(new BybitSimulatorOptions { Symbols = BybitSimulatorOptions.First(1200), FramesPerSecond = 10 });
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Path);
        var topics = BybitSimulatorOptions.First(1200).Select(symbol => $"\"allLiquidation.{symbol.Name}\"");
        await client.SendAsync($"{{\"op\":\"subscribe\",\"args\":[{string.Join(',', topics)}]}}");
        Assert.Contains("args size", await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_client_that_sends_nothing_is_closed()
    {
        await using var simulator = await VenueSims.StartAsync(new BybitSimulatorOptions { HeartbeatWithin = TimeSpan.FromSeconds(1) });
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Path);
        await client.ReceiveToEndAsync();
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.CloseStatus);
        await client.CloseAsync();
        Assert.Equal(ConnectionEnd.Idle, (await StopAsync(simulator)).End);
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_forbidden()
    {
        await using var simulator = await VenueSims.StartAsync(new BybitSimulatorOptions { ConnectsMax = 1 });
        await using var first = await SimClient.ConnectAsync(simulator.Endpoint, Path);
        using var refused = await RawClient.ConnectAsync(simulator.Endpoint, Path);
        Assert.StartsWith("HTTP/1.1 403", refused.Head);
        using var wrong = await RawClient.ConnectAsync(simulator.Endpoint, "/v5/public/spot");
        Assert.StartsWith("HTTP/1.1 404", wrong.Head);
    }

    [Fact]
    public async Task What_a_client_receives_is_what_the_journal_says_with_faults_on()
    {
        await using var simulator = await VenueSims.BybitAsync(
            "every 50 frames duplicate\nevery 70 frames drop n=2 stream=publicTrade.BTCUSDT\nevery 90 frames reorder n=2\nevery 110 frames garbage\n200ms "
            + "restart\nframe 400 stall for=50ms", rate: 3000);
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Path);
        await client.SendAsync("""{"op":"subscribe","args":["orderbook.1.BTCUSDT","orderbook.50.BTCUSDT","publicTrade.BTCUSDT","tickers.BTCUSDT"]}""");
        await client.ReceiveManyAsync(2000);
        var end = client.ReceiveToEndAsync();
        var connection = await StopAsync(simulator);
        await end;
        var result = JournalComparison.Compare(connection, client.Stored());
        Assert.True(result is { IsCleanInside: true, MissingAtEnd: 0 }, result.ToString());
        Assert.Contains(client.Received, frame => Encoding.UTF8.GetString(frame).Contains("\"u\":1,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_notice_ends_connections_without_a_word()
    {
        await using var simulator = await VenueSims.BybitAsync("frame 10 notice for=10ms");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Path);
        await client.SendAsync("""{"op":"subscribe","args":["orderbook.1.BTCUSDT"]}""");
        await client.ReceiveToEndAsync();
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.CloseStatus);
        Assert.DoesNotContain(client.Received, frame => Encoding.UTF8.GetString(frame).Contains("notice", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_instrument_list_is_paged_by_cursor()
    {
        await using var simulator = await VenueSims.BybitAsync();
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        var (symbols, cursor) = (new List<string>(), "");
        do
        {
            var result = Json(await http.GetStringAsync(new Uri($"/v5/market/instruments-info?category=linear&limit=3&cursor={cursor}", UriKind.Relative)))
                .GetProperty("result");
            symbols.AddRange(result.GetProperty("list").EnumerateArray().Select(row => row.GetProperty("symbol").GetString()!));
            cursor = result.GetProperty("nextPageCursor").GetString()!;
        }
        while (cursor.Length > 0);
        Assert.Equal(["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "DOGEUSDT", "BTC-29DEC28", "SIMOLDUSDT"], symbols);
    }

    [Theory]
    [InlineData("/v5/market/instruments-info", 10001)]
    [InlineData("/v5/market/instruments-info?category=linear&limit=1001", 10001)]
    [InlineData("/v5/market/instruments-info?category=linear&cursor=x", 10001)]
    [InlineData("/v5/market/kline?category=linear&symbol=NOPE&interval=1", 10001)]
    [InlineData("/v5/market/kline?category=linear&symbol=BTCUSDT&interval=7", 10001)]
    [InlineData("/v5/market/time", 0)]
    [InlineData("/v5/market/kline?category=linear&symbol=BTCUSDT&interval=1", 0)]
    [InlineData("/v5/market/recent-trade?category=linear&symbol=BTCUSDT", 0)]
    [InlineData("/v5/market/orderbook?category=linear&symbol=BTCUSDT&limit=50", 0)]
    [InlineData("/v5/market/tickers?category=linear", 0)]
    public async Task Refusals_come_with_status_200_and_a_code(string path, int code)
    {
        await using var simulator = await VenueSims.BybitAsync();
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        Assert.Equal(code, Json(await http.GetStringAsync(new Uri(path, UriKind.Relative))).GetProperty("retCode").GetInt32());
    }

    [Fact]
    public async Task Too_many_requests_are_forbidden_for_long()
    {
        await using var simulator = await VenueSims.StartAsync(new BybitSimulatorOptions { RestPerFiveSecondsMax = 1 });
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        foreach (var status in new[] { HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden })
        {
            using var answer = await http.GetAsync(new Uri("/v5/market/time", UriKind.Relative));
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Trades_that_were_streamed_are_found_over_rest()
    {
        await using var simulator = await VenueSims.BybitAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Path);
        await client.SendAsync("""{"op":"subscribe","args":["publicTrade.BTCUSDT"]}""");
        var streamed = Json(await client.ReceiveUntilAsync(text => text.Contains("\"topic\"", StringComparison.Ordinal))).GetProperty("data")[0];
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        var rows = Json(await http.GetStringAsync(new Uri("/v5/market/recent-trade?category=linear&symbol=BTCUSDT&limit=1000", UriKind.Relative)))
            .GetProperty("result").GetProperty("list").EnumerateArray().ToList();
        var again = rows.Single(row => row.GetProperty("execId").GetString() == streamed.GetProperty("i").GetString());
        Assert.Equal((streamed.GetProperty("p").GetString(), streamed.GetProperty("v").GetString()),
            (again.GetProperty("price").GetString(), again.GetProperty("size").GetString()));
        Assert.True(Long(rows[0].GetProperty("time")) >= Long(rows[^1].GetProperty("time")));
    }

    private static async Task<JournalConnection> StopAsync(BybitSimulator simulator)
    {
        await simulator.DisposeAsync();
        return simulator.Journal.Connections[0];
    }
}
