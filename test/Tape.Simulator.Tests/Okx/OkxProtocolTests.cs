using System.Text;
using Tape.Simulator.Faults;
using Tape.Simulator.Journal;
using Tape.Simulator.Okx;
using Tape.Simulator.Tests.Support;
using static Tape.Simulator.Tests.Support.FrameList;

namespace Tape.Simulator.Tests.Okx;

/// <summary>OKX's protocol as a plain client meets it.</summary>
public class OkxProtocolTests
{
    private const string Public = "/ws/v5/public";
    private const string Business = "/ws/v5/business";
    private const string Trades = """{"channel":"trades","instId":"BTC-USDT-SWAP"}""";
    private const string Books = """{"channel":"books","instId":"BTC-USDT-SWAP"}""";

    [Fact]
    public async Task Each_argument_is_acknowledged_before_its_first_data()
    {
        await using var simulator = await VenueSims.OkxAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Public);
        await client.SendAsync($"{{\"id\":\"1512\",\"op\":\"subscribe\",\"args\":[{Books},{Trades}]}}");
        Assert.StartsWith($"{{\"id\":\"1512\",\"event\":\"subscribe\",\"arg\":{Books},\"connId\":\"", await client.ReceiveAsync());
        Assert.Contains("\"action\":\"snapshot\"", await client.ReceiveAsync());
        Assert.StartsWith($"{{\"id\":\"1512\",\"event\":\"subscribe\",\"arg\":{Trades},\"connId\":\"",
            await client.ReceiveUntilAsync(text => text.Contains("\"event\"", StringComparison.Ordinal)));
        await client.ReceiveUntilAsync(text => text.StartsWith($"{{\"arg\":{Trades},\"data\":[", StringComparison.Ordinal));
        await client.SendAsync($"{{\"op\":\"unsubscribe\",\"args\":[{Books},{Trades}]}}");
        await client.ReceiveUntilAsync(text => text.StartsWith($"{{\"event\":\"unsubscribe\",\"arg\":{Trades}", StringComparison.Ordinal));
        await client.SendAsync("ping");
        Assert.Equal("pong", await client.ReceiveAsync());
    }

    [Theory]
    [InlineData(Public, """{"id":"a","op":"subscribe","args":[{"channel":"candle1m","instId":"BTC-USDT-SWAP"}]}""", "60018", "channel:candle1m,instId:BTC-USDT-SWAP")]
    [InlineData(Business, """{"id":"a","op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT-SWAP"}]}""", "60018", "channel:trades")]
    [InlineData(Public, """{"id":"a","op":"subscribe","args":[{"channel":"trades","instId":"NO-SUCH-SWAP"}]}""", "60018", "NO-SUCH-SWAP")]
    [InlineData(Public, """{"id":"a","op":"subscribe","args":[{"channel":"books-l2-tbt","instId":"BTC-USDT-SWAP"}]}""", "64003", "tier")]
    [InlineData(Public, """{"id":"a","op":"subscribe","args":[{"channel":"trades"}]}""", "60012", "Invalid request: {")]
    [InlineData(Public, """{"id":"a","op":"subscribe","args":[]}""", "60012", "Invalid request: {")]
    [InlineData(Public, """{"id":"not allowed","op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT-SWAP"}]}""", "60012", "Invalid request: {")]
    [InlineData(Public, "what", "60012", "Invalid request: what")]
    public async Task Errors_name_a_code_and_no_argument(string path, string request, string code, string says)
    {
        await using var simulator = await VenueSims.OkxAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, path);
        await client.SendAsync(request);
        var answer = Json((await client.ReceiveAsync())!);
        Assert.Equal(("error", code), (answer.GetProperty("event").GetString(), answer.GetProperty("code").GetString()));
        Assert.Contains(says, answer.GetProperty("msg").GetString());
        Assert.False(answer.TryGetProperty("arg", out _));
    }

    [Fact]
    public async Task More_requests_in_an_hour_than_allowed_are_refused()
    {
        await using var simulator = await VenueSims.StartAsync(new OkxSimulatorOptions { RequestsPerHourMax = 2, FramesPerSecond = 1 });
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Public);
        for (var i = 0; i < 3; i++) await client.SendAsync($"{{\"op\":\"subscribe\",\"args\":[{Trades}]}}");
        await client.ReceiveUntilAsync(text => text.Contains("\"60014\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_without_data_or_pings_is_closed()
    {
        await using var simulator = await VenueSims.StartAsync(new OkxSimulatorOptions { IdleMax = TimeSpan.FromSeconds(1) });
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Public);
        await client.ReceiveToEndAsync();
        Assert.Equal(4004, (int?)client.CloseStatus);
        await client.CloseAsync();
        Assert.Equal(ConnectionEnd.Idle, (await StopAsync(simulator)).End);
    }

    [Fact]
    public async Task A_notice_comes_before_the_end_of_a_connection()
    {
        await using var simulator = await VenueSims.OkxAsync("frame 20 notice for=100ms");
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Public);
        await client.SendAsync($"{{\"op\":\"subscribe\",\"args\":[{Trades}]}}");
        await client.ReceiveToEndAsync();
        Assert.Equal(1001, (int?)client.CloseStatus);
        Assert.Contains(client.Received,
            frame => Encoding.UTF8.GetString(frame).StartsWith("{\"event\":\"notice\",\"code\":\"64008\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_connections_in_a_second_than_allowed_are_refused()
    {
        await using var simulator = await VenueSims.StartAsync(new OkxSimulatorOptions { ConnectsMax = 1, ConnectsWithin = TimeSpan.FromHours(1) });
        await using var first = await SimClient.ConnectAsync(simulator.Endpoint, Public);
        using var refused = await RawClient.ConnectAsync(simulator.Endpoint, Business);
        Assert.StartsWith("HTTP/1.1 429", refused.Head);
        using var wrong = await RawClient.ConnectAsync(simulator.Endpoint, "/ws/v5/private");
        Assert.StartsWith("HTTP/1.1 404", wrong.Head);
    }

    [Fact]
    public async Task What_a_client_receives_is_what_the_journal_says_with_faults_on()
    {
        await using var simulator = await VenueSims.OkxAsync(
            "every 50 frames duplicate\nevery 70 frames drop n=2 stream=trades:BTC-USDT-SWAP\nevery 90 frames reorder n=2\nevery 110 frames garbage "
            + "kind=binary\n200ms restart", rate: 3000);
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, Public);
        await client.SendAsync("""{"op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT-SWAP"},{"channel":"bbo-tbt","instId":"BTC-USDT-SWAP"},{"channel":"books","instId":"BTC-USDT-SWAP"},{"channel":"liquidation-orders","instType":"SWAP"}]}""");
        await client.ReceiveManyAsync(2000);
        var end = client.ReceiveToEndAsync();
        var connection = await StopAsync(simulator);
        await end;
        var result = JournalComparison.Compare(connection, client.Stored());
        Assert.True(result is { IsCleanInside: true, MissingAtEnd: 0 }, result.ToString());
        Assert.Contains(connection.Entries, entry => entry.Kind == JournalEntryKind.Skipped);
    }

    [Fact]
    public async Task The_instrument_list_says_what_a_contract_is()
    {
        await using var simulator = await VenueSims.OkxAsync();
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        var rows = Json(await http.GetStringAsync(new Uri("/api/v5/public/instruments?instType=SWAP", UriKind.Relative))).GetProperty("data").EnumerateArray()
            .ToList();
        Assert.Equal(["BTC-USDT-SWAP", "ETH-USDT-SWAP", "SOL-USDT-SWAP", "XRP-USDT-SWAP", "DOGE-USDT-SWAP", "BTC-USD-SWAP", "SIMOLD-USDT-SWAP"],
            rows.Select(row => row.GetProperty("instId").GetString()));
        Assert.Equal(["0.01", "0.1", "1", "100", "1000", "100", "1"], rows.Select(row => row.GetProperty("ctVal").GetString()));
        Assert.All(rows, row => Assert.Equal("", row.GetProperty("baseCcy").GetString()));
    }

    [Theory]
    [InlineData("/api/v5/public/time", 200, "0")]
    [InlineData("/api/v5/public/instruments?instType=SPOT", 200, "0")]
    [InlineData("/api/v5/public/instruments?instType=SWAP&instId=NOPE", 200, "51001")]
    [InlineData("/api/v5/public/instruments", 400, "50014")]
    [InlineData("/api/v5/market/books?instId=BTC-USDT-SWAP&sz=20", 200, "0")]
    [InlineData("/api/v5/market/trades?instId=BTC-USDT-SWAP", 200, "0")]
    [InlineData("/api/v5/market/candles?instId=BTC-USDT-SWAP&bar=1m", 200, "0")]
    [InlineData("/api/v5/market/trades?instId=NOPE", 200, "51001")]
    public async Task Answers_carry_a_code(string path, int status, string code)
    {
        await using var simulator = await VenueSims.OkxAsync();
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal((status, code), ((int)answer.StatusCode, Json(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_script_answers_rest_requests_with_too_many_requests()
    {
        await using var simulator = await VenueSims.StartAsync(
            new OkxSimulatorOptions { Faults = FaultScript.Parse("rest status=429 for=1h path=/api/v5/public/time") });
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        using var answer = await http.GetAsync(new Uri("/api/v5/public/time", UriKind.Relative));
        Assert.Equal((429, "50011"), ((int)answer.StatusCode, Json(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString()));
    }

    private static async Task<JournalConnection> StopAsync(OkxSimulator simulator)
    {
        await simulator.DisposeAsync();
        return simulator.Journal.Connections[0];
    }
}
