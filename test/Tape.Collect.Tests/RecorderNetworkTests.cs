using System.Net;
using System.Net.Sockets;
using Tape.Collect.Tests.Support;
using Tape.Core.Health;
using Tape.Core.Net;
using Tape.Simulator.Binance;
using Tape.Simulator.Faults;
using Tape.TestKit.Net;
using Tape.Venues.Contract;

namespace Tape.Collect.Tests;

/// <summary>Whole recorders that are refused by the venue, or reach it by a proxy.</summary>
public sealed class RecorderNetworkTests : RecorderHarness
{
    [Fact]
    public async Task A_region_block_is_named_as_such_in_log_and_status()
    {
        await StartAsync(new BinanceSimulatorOptions { Faults = FaultScript.Parse("refuse status=451 retry=3600 for=1h") });
        await UntilAsync(() => Recorder!.Status is { Report.State: RecorderState.Offline } status
            && status.Report.Why.Any(why => why.Contains("HTTP 451", StringComparison.Ordinal)), "the status names it");
        var report = Recorder!.Status!.Report;
        Assert.Contains("does not serve the region", Assert.Single(report.Why), StringComparison.Ordinal);
        Assert.Contains("network.proxy", Assert.Single(report.Advice), StringComparison.Ordinal);
        await UntilAsync(() => Log.Named("heartbeat").Count > 1, "it goes on waiting");
        Assert.InRange(Log.Named("ws_connect_failed").Count, 1, 2);
        Assert.All(Log.Named("ws_connect_failed"), line => Assert.Equal(451, line.GetProperty("status").GetInt32()));
        Assert.Contains("region", Log.Named("heartbeat")[^1].GetProperty("why")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_venue_that_can_not_be_reached_is_OFFLINE_with_the_cause_in_words()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        Recorder = Create(Folder["vault"], new VenueRequest(StorageLoopRig.Venue,
            new SubscriptionRequest(["BTCUSDT"], ["aggTrade"], new Uri($"ws://127.0.0.1:{port}"))));
        Running = Recorder.RunAsync(StopSource.Token);
        await UntilAsync(() => Recorder!.Status is { Report.State: RecorderState.Offline } status
            && status.Report.Why.Any(why => why.Contains("binance market/0: ", StringComparison.Ordinal)), "the state has the cause");
        Assert.Matches(@"^no socket is connected \(binance market/0: .*refused", Recorder!.Status!.Report.Why.Single());
    }

    [Theory]
    [InlineData(429)]
    [InlineData(418)]
    public async Task A_ban_is_waited_out_and_then_everything_is_recorded(int status)
    {
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 500, Faults = FaultScript.Parse($"refuse status={status} retry=2 for=1500ms") });
        await UntilAsync(() => Recorder!.Status is { Report.State: RecorderState.Ready, Frames: > 100 }, "it records");
        Assert.InRange(Log.Named("ws_connect_failed").Count, 1, 2);
        Assert.Equal(2, Log.Named("ws_connect_failed")[0].GetProperty("retry_after_s").GetInt32());
        Assert.Equal(0, (await ProveAsync()).Unexplained);
    }

    [Fact]
    public async Task Everything_goes_through_the_proxy_that_is_configured()
    {
        await using var proxy = new ConnectProxy("desk:se cret");
        Network = new NetworkOptions { Proxy = new UriBuilder(proxy.Address) { UserName = "desk", Password = "se%20cret" }.Uri };
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 1000 });
        await UntilAsync(() => Recorder!.Status is { Report.State: RecorderState.Ready, Frames: > 500 }, "it records");
        Assert.Equal(2, proxy.Tunnels);
        await StopSource.CancelAsync();
        await Running;
        Assert.DoesNotContain("se%20cret", string.Join("\n", Log.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_refuses_is_told_without_its_password()
    {
        await using var proxy = new ConnectProxy("desk:secret");
        Network = new NetworkOptions { Proxy = new UriBuilder(proxy.Address) { UserName = "desk", Password = "wrongword" }.Uri };
        await StartAsync(new BinanceSimulatorOptions());
        await UntilAsync(() => Log.Named("ws_connect_failed").Count > 0, "it is refused");
        var line = Log.Named("ws_connect_failed")[0];
        Assert.Contains("407", line.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("wrongword", line.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, proxy.Tunnels);
    }
}
