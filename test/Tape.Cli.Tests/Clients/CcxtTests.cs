using System.Globalization;
using System.Text.Json;
using Tape.Collect;
using Tape.Collect.Connections;
using Tape.Core.Net;
using Tape.Simulator.Binance;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;
using Tape.Venues.Binance;
using Tape.Venues.Contract;

namespace Tape.Cli.Tests.Clients;

/// <summary>
/// A client that others wrote watches the simulator, and then a replay of what was recorded meanwhile. The tape is the witness of what it should have seen.
/// </summary>
public sealed class CcxtTests : IDisposable
{
    private static readonly Dictionary<string, string> Symbols = new() { ["BTC/USDT:USDT"] = "BTCUSDT", ["ETH/USDT:USDT"] = "ETHUSDT" };

    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [CcxtFact]
    public async Task It_sees_the_right_trades_and_tickers_from_the_simulator_and_from_a_replay()
    {
        var vault = _root["vault"];
        IReadOnlyList<JsonElement> seen;
        await using (var simulator = await BinanceSimulator.StartAsync(new BinanceSimulatorOptions { FramesPerSecond = 200 }, TimeProvider.System,
            CancellationToken.None))
        {
            using var stop = new CancellationTokenSource();
            var recorder = Recorder(vault, simulator.Endpoint);
            var recording = recorder.RunAsync(stop.Token);
            while (recorder.Status is not { Frames: > 200 } && !recording.IsCompleted) await Task.Delay(TimeSpan.FromMilliseconds(20));
            seen = await CcxtClient.WatchAsync(simulator.Endpoint, simulator.RestEndpoint, 50, [.. Symbols.Keys]);
            await stop.CancelAsync();
            await recording;
        }

        var witness = new Witness(Path.Combine(vault, "tape"));
        AssertRight(seen, witness);

        using var replay = TapeProcess.Start(_root.Path, "replay", vault, "--speed", "4", "--port", "0", "--json");
        try
        {
            var started = JsonDocument.Parse((await replay.StandardOutput.ReadLineAsync())!).RootElement;
            var replayed = await CcxtClient.WatchAsync(new Uri(started.GetProperty("endpoint").GetString()!), new Uri(started.GetProperty("rest").GetString()!),
                50, [.. Symbols.Keys]);
            AssertRight(replayed, witness);
        }
        finally
        {
            replay.Kill(entireProcessTree: true);
            await replay.WaitForExitAsync();
        }
    }

    private static Recorder Recorder(string vault, Uri endpoint)
    {
        var request = new SubscriptionRequest([.. Symbols.Values], ["trade", "bookTicker", "miniTicker"], endpoint);
        var options = new RecorderOptions { Vault = vault, Venues = [new VenueRequest(new BinanceVenue(), request)] };
        return new Recorder(options, DiskFiles.Instance, new WebSocketDialer(new NetworkOptions(), TimeProvider.System), new QuietLog(), TimeProvider.System,
            new Random(1));
    }

    private static void AssertRight(IReadOnlyList<JsonElement> seen, Witness witness)
    {
        var markets = Of(seen, "markets", "").Single().GetProperty("symbols").EnumerateArray().Select(symbol => symbol.GetString()!).ToList();
        Assert.All(Symbols.Keys, symbol => Assert.Contains(symbol, markets));
        foreach (var (symbol, name) in Symbols)
        {
            var trades = Of(seen, "trade", symbol);
            Assert.True(trades.Count >= 50);
            var ids = trades.ConvertAll(trade => long.Parse(trade.GetProperty("id").GetString()!, CultureInfo.InvariantCulture));
            Assert.Equal(Enumerable.Range(0, ids.Count).Select(place => ids[0] + place), ids);
            foreach (var trade in trades) AssertTrade(trade, witness.Find(name, "trade", "t", trade.GetProperty("id").GetString()!));
            foreach (var ticker in Of(seen, "ticker", symbol))
                AssertTicker(ticker, witness.Find(name, "24hrMiniTicker", "E", ticker.GetProperty("timestamp").GetRawText()));
            foreach (var best in Of(seen, "best", symbol)) AssertBest(best, witness.All(name, "bookTicker", "E", best.GetProperty("timestamp").GetRawText()));
        }
    }

    private static void AssertTrade(JsonElement seen, JsonElement frame)
    {
        Assert.Equal(frame.GetProperty("T").GetInt64(), seen.GetProperty("timestamp").GetInt64());
        Assert.Equal(frame.GetProperty("m").GetBoolean() ? "sell" : "buy", seen.GetProperty("side").GetString());
        AssertNumbers(seen, frame, ("price", "p"), ("amount", "q"));
    }

    private static void AssertTicker(JsonElement seen, JsonElement frame) =>
        AssertNumbers(seen, frame, ("open", "o"), ("high", "h"), ("low", "l"), ("last", "c"), ("baseVolume", "v"), ("quoteVolume", "q"));

    /// <summary>Several quotes may have the same millisecond; one of them it must be.</summary>
    private static void AssertBest(JsonElement seen, IReadOnlyList<JsonElement> frames) =>
        Assert.Contains(frames, frame => Number(frame, "b") == seen.GetProperty("bid").GetDecimal()
            && Number(frame, "B") == seen.GetProperty("bidVolume").GetDecimal()
            && Number(frame, "a") == seen.GetProperty("ask").GetDecimal() && Number(frame, "A") == seen.GetProperty("askVolume").GetDecimal());

    private static void AssertNumbers(JsonElement seen, JsonElement frame, params (string Seen, string Wire)[] pairs)
    {
        foreach (var (name, wire) in pairs) Assert.Equal(Number(frame, wire), seen.GetProperty(name).GetDecimal());
    }

    private static decimal Number(JsonElement frame, string name) => decimal.Parse(frame.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static List<JsonElement> Of(IReadOnlyList<JsonElement> seen, string kind, string symbol) =>
        [.. seen.Where(line => line.GetProperty("kind").GetString() == kind && line.GetProperty("symbol").GetString() == symbol)];

    /// <summary>The frames of a tape by symbol, event type and a field, read without our decoders.</summary>
    private sealed class Witness
    {
        private readonly List<JsonElement> _frames = [];

        public Witness(string tapeFolder)
        {
            using var reader = TapeReader.Open(DiskFiles.Instance, tapeFolder);
            while (reader.TryRead(out var record))
                if (record.Kind == RecordKind.Frame && JsonDocument.Parse(record.Payload.ToArray()).RootElement.TryGetProperty("data", out var data))
                    _frames.Add(data);
        }

        public IReadOnlyList<JsonElement> All(string symbol, string type, string field, string value) =>
            [.. _frames.Where(frame => frame.GetProperty("s").GetString() == symbol && frame.GetProperty("e").GetString() == type
                && frame.GetProperty(field).GetRawText() == value)];

        public JsonElement Find(string symbol, string type, string field, string value) => Assert.Single(All(symbol, type, field, value));
    }
}
