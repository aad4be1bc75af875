using System.Text;
using Tape.Collect.Connections;
using Tape.Collect.Tests.Support;
using Tape.Simulator.Binance;
using Tape.Simulator.Replay;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.Venues.Binance;
using Tape.Venues.Contract;

namespace Tape.Collect.Tests;

/// <summary>A recorder that records a replay: its tape holds the frames of the tape replayed, byte for byte and in the order of each stream.</summary>
public sealed class RecorderReplayTests : RecorderHarness
{
    private static readonly string[] Channels = ["aggTrade", "bookTicker", "markPrice", "forceOrder", "depth", "trade", "kline_1m", "ticker", "miniTicker"];

    [Theory]
    [InlineData(null)]
    [InlineData(10.0)]
    public async Task Recording_a_replay_gives_the_same_frames_again(double? speed)
    {
        var first = await RecordAsync("first", new BinanceSimulatorOptions { FramesPerSecond = 800 }, recorder => recorder.Status is { Frames: > 3000 });
        var frames = first.Values.Sum(stream => stream.Count);
        Assert.True(first.Count >= 15, $"streams: {string.Join(", ", first.Keys)}");
        var replay = new ReplayOptions(Path.Combine(Folder["first"], "tape"), speed, AfterStreams: 2 * Channels.Length);
        var again = await RecordAsync("again", new BinanceSimulatorOptions { Replay = replay }, recorder => DataFrames(recorder) >= frames);
        AssertSame(first, again);
    }

    [Fact]
    public async Task Recording_a_replay_through_rotations_misses_nothing()
    {
        await RecordAsync("first", new BinanceSimulatorOptions { FramesPerSecond = 300 }, recorder => recorder.Status is { Frames: > 1800 });
        var first = Distinct("first");
        var frames = first.Values.Sum(stream => stream.Count);
        var venue = new ShortLivedVenue(StorageLoopRig.Venue, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20));
        var replay = new ReplayOptions(Path.Combine(Folder["first"], "tape"), AfterStreams: 2 * Channels.Length);
        await RecordAsync("again", new BinanceSimulatorOptions { Replay = replay }, _ => Distinct("again").Values.Sum(stream => stream.Count) >= frames, venue);
        Assert.Contains(Log.Named("ws_disconnect"), line => line.GetProperty("cause").GetString() == "rotation");
        AssertSame(first, Distinct("again"));
    }

    /// <summary>What two connections recorded side by side counts once; between them there is no order, so these are sorted.</summary>
    private Dictionary<string, List<string>> Distinct(string vault) =>
        Frames(vault).ToDictionary(stream => stream.Key, stream => stream.Value.Distinct().Order(StringComparer.Ordinal).ToList());

    /// <summary>Frames of streams that a recorder has on its tape; answers to its requests are none.</summary>
    private static long DataFrames(Recorder recorder) => recorder.Status?.Streams.Sum(stream => stream.Frames) ?? 0;

    private async Task<Dictionary<string,
        List<string>>> RecordAsync(string vault, BinanceSimulatorOptions options, Func<Recorder, bool> enough, IVenue? venue = null)
    {
        await using var simulator = await BinanceSimulator.StartAsync(options, TimeProvider.System, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var request = new SubscriptionRequest(["BTCUSDT", "ETHUSDT"], Channels, simulator.Endpoint);
        var settings = new RecorderOptions { Vault = Folder[vault], Venues = [new VenueRequest(venue ?? StorageLoopRig.Venue, request)] };
        var recorder = new Recorder(settings, DiskFiles.Instance, new WebSocketDialer(Network, TimeProvider.System), Log, TimeProvider.System, new Random(1));
        var recording = recorder.RunAsync(stop.Token);
        await UntilAsync(() => recording.IsCompleted || enough(recorder), $"{vault} has enough: {recorder.Status?.Frames}");
        await stop.CancelAsync();
        await recording;
        return Frames(vault);
    }

    private Dictionary<string, List<string>> Frames(string vault)
    {
        var decoder = new BinanceVenue().CreateDecoder();
        var streams = new Dictionary<string, List<string>>();
        foreach (var record in StoredRecord.ReadAll(DiskFiles.Instance, Path.Combine(Folder[vault], "tape")).Where(record => record.Kind == RecordKind.Frame))
        {
            var name = Encoding.UTF8.GetString(decoder.StreamName(record.Payload));
            if (name.Length == 0) continue;
            if (!streams.TryGetValue(name, out var frames)) streams[name] = frames = [];
            frames.Add(record.Text);
        }

        return streams;
    }

    private static void AssertSame(Dictionary<string, List<string>> first, Dictionary<string, List<string>> again)
    {
        Assert.Equal(first.Keys.Order(), again.Keys.Order());
        foreach (var (name, frames) in first)
            Assert.True(frames.SequenceEqual(again[name]),
                $"{name}: {frames.Count} frames were recorded first, {again[name].Count} from the replay, or they differ");
    }
}
