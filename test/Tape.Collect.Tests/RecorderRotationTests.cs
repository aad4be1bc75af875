using System.Text.Json;
using Tape.Collect.Tests.Support;
using Tape.Simulator.Binance;
using Tape.Simulator.Faults;
using Tape.Storage.Files;
using Tape.Storage.Tapes;

namespace Tape.Collect.Tests;

/// <summary>
/// Whole recorders whose connections get old within seconds: what the market said is on the tape without a hole, by one connection or the other.
/// </summary>
public sealed class RecorderRotationTests : RecorderHarness
{
    private static readonly ShortLivedVenue Venue = new(StorageLoopRig.Venue, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Rotations_miss_no_frame_and_the_state_stays_READY()
    {
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 2000, Lifetime = TimeSpan.FromSeconds(60) }, venue: Venue);
        await UntilAsync(() => Ends("rotation") >= 6, "three rotations of both connections");
        var proof = await ProveAsync();
        Assert.True(proof.Unexplained == 0, string.Join("; ", proof.Faults));
        Assert.True(proof.Rotations >= 6);
        AssertNoTradeIsMissing();
        Assert.Equal(["READY"], Log.Named("state_change").Select(line => line.GetProperty("to").GetString()));
        Assert.All(Log.Named("ws_disconnect"), line => Assert.Contains(line.GetProperty("cause").GetString(), new[] { "rotation", "our_stop" }));
    }

    [Fact]
    public async Task A_refused_successor_costs_nothing()
    {
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 1000, Faults = FaultScript.Parse("2s refuse for=4s status=503") }, venue: Venue);
        await UntilAsync(() => Log.Named("ws_connect_failed").Count >= 2 && Ends("rotation") >= 2, "refusals, then rotations of both");
        var proof = await ProveAsync();
        Assert.True(proof.Unexplained == 0, string.Join("; ", proof.Faults));
        AssertNoTradeIsMissing();
    }

    [Fact]
    public async Task A_successor_cut_in_the_overlap_costs_nothing()
    {
        // Connections 1 and 2 are the first ones; whoever comes next is cut after ten frames.
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 1000, Faults = FaultScript.Parse("frame 10 cut conn=3\nframe 10 cut-inside conn=4") },
            venue: Venue);
        await UntilAsync(() => Ends("connection_lost") >= 2 && Ends("rotation") >= 2, "two cuts, then rotations of both");
        var proof = await ProveAsync();
        Assert.True(proof.Unexplained == 0, string.Join("; ", proof.Faults));
        AssertNoTradeIsMissing();
    }

    [Fact]
    public async Task The_venue_cutting_the_old_one_in_the_overlap_costs_nothing()
    {
        await StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 1000, Lifetime = TimeSpan.FromSeconds(4), AnswerDelay = TimeSpan.FromSeconds(2) },
            venue: Venue);
        await UntilAsync(() => Ends("venue_closed") >= 2 && Log.Named("ws_connect").Count >= 6, "the venue cut both first ones");
        var proof = await ProveAsync();
        Assert.True(proof.Unexplained == 0, string.Join("; ", proof.Faults));
        AssertNoTradeIsMissing();
        Assert.Contains("lifetime", Log.Named("ws_disconnect").First(line => line.GetProperty("cause").GetString() == "venue_closed").GetProperty("detail")
            .GetString(), StringComparison.Ordinal);
    }

    private int Ends(string cause) => Log.Named("ws_disconnect").Count(line => line.GetProperty("cause").GetString() == cause);

    /// <summary>Aggregate trade ids rise by one per symbol, so the tape itself tells what is missing; a trade may be on it twice, by two connections.</summary>
    private void AssertNoTradeIsMissing()
    {
        var ids = new Dictionary<string, SortedSet<long>>();
        foreach (var record in StoredRecord.ReadAll(DiskFiles.Instance, TapeFolder)
            .Where(record => record.Kind == RecordKind.Frame && record.Text.Contains("\"aggTrade\"", StringComparison.Ordinal)))
        {
            var trade = JsonDocument.Parse(record.Payload).RootElement.GetProperty("data");
            var symbol = trade.GetProperty("s").GetString()!;
            if (!ids.TryGetValue(symbol, out var known)) ids[symbol] = known = [];
            known.Add(trade.GetProperty("a").GetInt64());
        }

        Assert.Equal(["BTCUSDT", "ETHUSDT"], ids.Keys.Order());
        Assert.All(ids.Values, known => Assert.Equal(known.Max - known.Min + 1, known.Count));
    }
}
