using System.Net;
using System.Text.Json;
using Tape.Simulator.Binance;
using Tape.Simulator.Faults;
using Tape.Simulator.Tests.Support;

namespace Tape.Simulator.Tests.Binance;

public class RestTests
{
    [Theory]
    [InlineData("/fapi/v1/ping", JsonValueKind.Object)]
    [InlineData("/fapi/v1/time", JsonValueKind.Object)]
    [InlineData("/fapi/v1/exchangeInfo", JsonValueKind.Object)]
    [InlineData("/fapi/v1/depth?symbol=BTCUSDT&limit=5", JsonValueKind.Object)]
    [InlineData("/fapi/v1/klines?symbol=btcusdt&interval=1m", JsonValueKind.Array)]
    [InlineData("/fapi/v1/aggTrades?symbol=BTCUSDT", JsonValueKind.Array)]
    [InlineData("/fapi/v1/openInterest?symbol=BTCUSDT", JsonValueKind.Object)]
    [InlineData("/fapi/v1/premiumIndex?symbol=BTCUSDT", JsonValueKind.Object)]
    [InlineData("/fapi/v1/premiumIndex", JsonValueKind.Array)]
    public async Task Every_endpoint_answers_json_with_its_weight(string path, JsonValueKind kind)
    {
        await using var simulator = await Sim.StartAsync();
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(kind, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.ValueKind);
        Assert.True(int.Parse(answer.Headers.GetValues("X-MBX-USED-WEIGHT-1M").Single(), System.Globalization.CultureInfo.InvariantCulture) >= 1);
    }

    [Theory]
    [InlineData("/fapi/v1/depth?symbol=NOPE", -1121)]
    [InlineData("/fapi/v1/depth", -1102)]
    [InlineData("/fapi/v1/depth?symbol=BTCUSDT&limit=7", -4021)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1s", -1120)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1501", -1130)]
    [InlineData("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=abc", -1102)]
    [InlineData("/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=1", -4166)]
    public async Task Wrong_requests_get_the_venues_codes(string path, int code)
    {
        await using var simulator = await Sim.StartAsync();
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Above_the_weight_limit_429_says_when_to_come_again()
    {
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { RestWeightPerMinuteMax = 1 });
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        using var answer = await http.GetAsync(new Uri("/fapi/v1/aggTrades?symbol=BTCUSDT", UriKind.Relative));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }

    [Fact]
    public async Task A_script_bans_rest_clients()
    {
        await using var simulator = await Sim.StartAsync(new BinanceSimulatorOptions { Faults = FaultScript.Parse("0s rest status=418 retry=120 for=1h") });
        await using (var client = await SimClient.ConnectAsync(simulator.Endpoint, "/public/ws/btcusdt@bookTicker")) await client.ReceiveManyAsync(1);
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        using var answer = await http.GetAsync(new Uri("/fapi/v1/ping", UriKind.Relative));
        Assert.Equal((418, 120.0), ((int)answer.StatusCode, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
    }

    [Fact]
    public async Task Trades_that_were_streamed_can_be_asked_for_again()
    {
        await using var simulator = await Sim.StartAsync();
        await using var client = await SimClient.ConnectAsync(simulator.Endpoint, "/market/ws/btcusdt@aggTrade");
        await client.ReceiveManyAsync(10);
        var streamed = JsonDocument.Parse(client.Received[3]).RootElement;
        using var http = new HttpClient { BaseAddress = simulator.RestEndpoint };
        var body = await http.GetStringAsync(
            new Uri($"/fapi/v1/aggTrades?symbol=BTCUSDT&fromId={streamed.GetProperty("a").GetInt64()}&limit=1", UriKind.Relative));
        var again = JsonDocument.Parse(body).RootElement[0];
        foreach (var field in new[] { "a", "p", "q", "f", "l", "T", "m" })
            Assert.Equal(streamed.GetProperty(field).GetRawText(), again.GetProperty(field).GetRawText());
    }
}
