using System.Net;
using System.Net.Sockets;
using System.Text;
using Tape.Core.Net;
using Tape.Core.Values;
using Tape.Simulator.Binance;
using Tape.Simulator.Faults;
using Tape.Simulator.Market;
using Tape.Sources.Clock;
using Tape.Sources.Rest;
using Tape.Sources.Tests.Support;

namespace Tape.Sources.Tests.Rest;

/// <summary>The real engine over real sockets against the simulated venue.</summary>
public sealed class SimulatedVenueTests
{
    [Fact]
    public async Task The_list_of_instruments_is_read_from_the_venues_own_form()
    {
        await using var venue = await StartAsync("");
        var read = (await AskAsync(venue)).Answer!;
        var instruments = EngineRig.Rest.ReadInstruments(read.Body);
        Assert.Empty(instruments.Rejected);
        Assert.Equal(["BTC-USDT-281229", "BTC-USDT-PERP", "ETH-USDT-PERP", "SIMOLD-USDT-PERP"],
            instruments.Instruments.Select(instrument => instrument.Name).Order(StringComparer.Ordinal));
        Assert.Equal((0.1, 0.001), instruments.Instruments.Where(instrument => instrument.Symbol == "BTCUSDT")
            .Select(instrument => (instrument.TickSize, instrument.LotSize)).Single());
    }

    [Theory]
    [InlineData("0s rest status=418 retry=120 for=1h", RestFailureKind.Banned)]
    [InlineData("0s rest status=429 retry=600 for=1h", RestFailureKind.TooMany)]
    [InlineData("0s rest status=451 for=1h", RestFailureKind.RegionBlocked)]
    [InlineData("0s rest status=503 for=1h path=/fapi/v1/exchangeInfo", RestFailureKind.ServerTrouble)]
    [InlineData("0s rest-garbage for=1h", RestFailureKind.Malformed)]
    public async Task Each_scripted_fault_is_told_for_what_it_is(string fault, RestFailureKind kind)
    {
        await using var venue = await StartAsync(fault);
        var failure = (await AskAsync(venue)).Failure!;
        Assert.Equal(kind, failure.Kind);
        Assert.NotEmpty(failure.Hint);
    }

    [Fact]
    public async Task A_venue_that_does_not_answer_in_time_is_told_as_too_slow()
    {
        await using var venue = await StartAsync("0s rest-slow by=1h for=1h");
        Assert.Equal(RestFailureKind.TooSlow, (await AskAsync(venue, TimeSpan.FromMilliseconds(200))).Failure!.Kind);
    }

    [Fact]
    public async Task A_fault_of_one_path_leaves_the_others_alone()
    {
        await using var venue = await StartAsync("0s rest status=503 for=1h path=/fapi/v1/time");
        Assert.NotNull((await AskAsync(venue)).Answer);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("0s skew by=2s for=1h", -2000)]
    [InlineData("0s skew by=-3s for=1h", 3000)]
    public async Task The_offset_of_a_skewed_clock_is_found_within_its_uncertainty(string fault, int expectedMs)
    {
        await using var venue = await StartAsync(fault);
        using var handler = RestHandler.Create(new NetworkOptions());
        using var engine = Engine(venue.RestEndpoint, handler);
        var (offset, _) = await new ClockProbe("binance", EngineRig.Rest, engine, TimeProvider.System).MeasureAsync(CancellationToken.None);
        Assert.InRange(Math.Abs(offset!.Nanos - expectedMs * UnixNanos.PerMillisecond), 0, offset.UncertaintyNanos);
    }

    [Fact]
    public async Task Nobody_listening_is_told_as_unreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var handler = RestHandler.Create(new NetworkOptions());
        using var engine = Engine(new Uri($"http://127.0.0.1:{port}"), handler);
        var failure = (await engine.SendAsync(EngineRig.Rest.Instruments, _ => null, CancellationToken.None)).Failure!;
        Assert.Equal(RestFailureKind.Unreachable, failure.Kind);
        Assert.Contains($"127.0.0.1:{port}/fapi/v1/exchangeInfo", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_go_through_the_proxy_and_its_password_is_in_no_message()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var seen = ProxyAsync(listener);
        using var handler = RestHandler.Create(
            new NetworkOptions { Proxy = new Uri($"http://someone:pass%21word@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}") });
        using var engine = Engine(new Uri("http://venue.test"), handler);
        var failure = (await engine.SendAsync(EngineRig.Rest.ServerTime, _ => null, CancellationToken.None)).Failure!;
        var lines = await seen;
        Assert.Equal("GET http://venue.test/fapi/v1/time HTTP/1.1", lines[0]);
        Assert.Contains($"Proxy-Authorization: Basic {Convert.ToBase64String("someone:pass!word"u8)}", lines[1]);
        Assert.Equal(RestFailureKind.Refused, failure.Kind);
        Assert.DoesNotContain("word", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Asks for the password once, then says 404. Returns the first request's first line and the headers of the second.</summary>
    private static async Task<string[]> ProxyAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        var first = await HeadAsync(reader);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n"));
        var second = await HeadAsync(reader);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
        return [first.Split('\n')[0], second];
    }

    private static async Task<string> HeadAsync(StreamReader reader)
    {
        var head = new StringBuilder();
        while (await reader.ReadLineAsync() is { Length: > 0 } line) head.Append(line).Append('\n');
        return head.ToString();
    }

    private static async Task<RestOutcome> AskAsync(BinanceSimulator venue, TimeSpan? tryTimeout = null)
    {
        using var handler = RestHandler.Create(new NetworkOptions());
        using var engine = Engine(venue.RestEndpoint, handler, tryTimeout);
        return await engine.SendAsync(EngineRig.Rest.Instruments, body => EngineRig.Rest.ReadInstruments(body).Fault, CancellationToken.None);
    }

    private static RestEngine Engine(Uri endpoint, HttpMessageHandler handler, TimeSpan? tryTimeout = null) =>
        new("binance", endpoint, EngineRig.Rest, handler,
            new RestEngineOptions { TryTimeout = tryTimeout ?? TimeSpan.FromSeconds(20), TriesMax = 2, RetryFirst = TimeSpan.FromMilliseconds(10) },
            TimeProvider.System, new Random(1));

    private static Task<BinanceSimulator> StartAsync(string fault) =>
        BinanceSimulator.StartAsync(new BinanceSimulatorOptions { Symbols = SymbolSpec.First(2), Faults = FaultScript.Parse(fault) }, TimeProvider.System,
            CancellationToken.None);
}
