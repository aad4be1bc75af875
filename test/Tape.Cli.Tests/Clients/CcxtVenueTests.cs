using System.Globalization;
using System.Text.Json;
using Tape.Collect;
using Tape.Collect.Connections;
using Tape.Core.Net;
using Tape.Simulator.Bybit;
using Tape.Simulator.Okx;
using Tape.Simulator.Serving;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.TestKit.Files;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Cli.Tests.Clients;

/// <summary>
/// A client that others wrote watches the simulators of Bybit and OKX. A tape recorded meanwhile is the witness of the trades and books that it should have
/// seen.
/// </summary>
public sealed class CcxtVenueTests : IDisposable
{
    private const string Symbol = "BTC/USDT:USDT";

    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [CcxtFact]
    public async Task It_sees_the_right_trades_and_books_of_bybit()
    {
        var seen = await WatchAsync("bybit",
            await BybitSimulator.StartAsync(new BybitSimulatorOptions { FramesPerSecond = 200 }, TimeProvider.System, CancellationToken.None), "BTCUSDT",
            "publicTrade", "orderbook.50", "tickers");
        var frames = Frames("topic");
        AssertTrades(seen, frames.Where(frame => frame.GetProperty("topic").GetString() == "publicTrade.BTCUSDT")
            .SelectMany(frame => frame.GetProperty("data").EnumerateArray()), ("i", "p", "v"));
        AssertBooks(seen, frames.Where(frame => frame.GetProperty("topic").GetString() == "orderbook.50.BTCUSDT")
            .Select(frame => (frame, frame.GetProperty("data"), frame.GetProperty("ts").GetInt64())), ("type", "b", "a"));
    }

    [CcxtFact]
    public async Task It_sees_the_right_trades_and_books_of_okx()
    {
        var seen = await WatchAsync("okx",
            await OkxSimulator.StartAsync(new OkxSimulatorOptions { FramesPerSecond = 200, ConnectsMax = 100 }, TimeProvider.System, CancellationToken.None),
            "BTC-USDT-SWAP", "trades", "books", "tickers");
        var frames = Frames("data");
        AssertTrades(seen, frames.Where(frame => Channel(frame) == "trades").SelectMany(frame => frame.GetProperty("data").EnumerateArray()),
            ("tradeId", "px", "sz"));
        AssertBooks(seen, frames.Where(frame => Channel(frame) == "books")
            .Select(frame => (frame, frame.GetProperty("data")[0], (long)Number(frame.GetProperty("data")[0].GetProperty("ts")))), ("action", "bids", "asks"));
    }

    /// <summary>Lets ccxt watch what a recorder records at the same time, from before to after.</summary>
    private async Task<IReadOnlyList<JsonElement>> WatchAsync(string venue, VenueSimulator simulator, string name, params string[] channels)
    {
        await using var running = simulator;
        using var stop = new CancellationTokenSource();
        var request = new VenueRequest(VenueCatalog.Find(venue)!, new SubscriptionRequest([name], channels, simulator.Endpoint));
        var recorder = new Recorder(new RecorderOptions { Vault = _root["vault"], Venues = [request] }, DiskFiles.Instance,
            new WebSocketDialer(new NetworkOptions(), TimeProvider.System), new QuietLog(), TimeProvider.System, new Random(1));
        var recording = recorder.RunAsync(stop.Token);
        while (recorder.Status?.Streams.All(stream => stream.Frames > 10) != true && !recording.IsCompleted) await Task.Delay(TimeSpan.FromMilliseconds(20));
        var seen = await CcxtClient.WatchVenueAsync(venue, simulator.Endpoint, simulator.RestEndpoint, 30, Symbol);
        await stop.CancelAsync();
        await recording;
        Assert.Contains(Symbol, Of(seen, "markets").Single().GetProperty("symbols").EnumerateArray().Select(symbol => symbol.GetString()));
        Assert.All(Of(seen, "ticker"), ticker => Assert.True(ticker.GetProperty("bid").GetDecimal() < ticker.GetProperty("ask").GetDecimal()));
        Assert.NotEmpty(Of(seen, "ticker"));
        return seen;
    }

    private static void AssertTrades(IReadOnlyList<JsonElement> seen, IEnumerable<JsonElement> rows, (string Id, string Price, string Size) names)
    {
        var sent = rows.ToDictionary(row => row.GetProperty(names.Id).GetString()!);
        var trades = Of(seen, "trade");
        Assert.True(trades.Count >= 30);
        foreach (var trade in trades)
        {
            var row = sent[trade.GetProperty("id").GetString()!];
            Assert.Equal((Number(row.GetProperty(names.Price)), Number(row.GetProperty(names.Size))),
                (trade.GetProperty("price").GetDecimal(), trade.GetProperty("amount").GetDecimal()));
        }
    }

    /// <summary>
    /// Keeps the book of the tape and holds what ccxt showed at a time against it. The first one is the snapshot that ccxt's own connection got: its time is
    /// between those of frames.
    /// </summary>
    private static void AssertBooks(IReadOnlyList<JsonElement> seen, IEnumerable<(JsonElement Frame, JsonElement Data, long Time)> frames,
        (string Kind, string Bids, string Asks) names)
    {
        var shown = Of(seen, "book").Skip(1).ToLookup(book => book.GetProperty("timestamp").GetInt64());
        var (bids, asks, compared) = (new SortedDictionary<decimal, decimal>(), new SortedDictionary<decimal, decimal>(), 0);
        foreach (var (frame, data, time) in frames)
        {
            if (frame.GetProperty(names.Kind).GetString() == "snapshot")
            {
                bids.Clear();
                asks.Clear();
            }

            Apply(bids, data.GetProperty(names.Bids));
            Apply(asks, data.GetProperty(names.Asks));
            foreach (var book in shown[time])
            {
                compared++;
                Assert.Equal(bids.Reverse().Take(10), Levels(book.GetProperty("bids")));
                Assert.Equal(asks.Take(10), Levels(book.GetProperty("asks")));
            }
        }

        Assert.True(compared >= 20, $"{compared} books of {shown.Count} were compared");
    }

    private static void Apply(SortedDictionary<decimal, decimal> side, JsonElement levels)
    {
        foreach (var level in levels.EnumerateArray())
        {
            if (Number(level[1]) == 0) side.Remove(Number(level[0]));
            else side[Number(level[0])] = Number(level[1]);
        }
    }

    private static IEnumerable<KeyValuePair<decimal, decimal>> Levels(JsonElement levels) =>
        levels.EnumerateArray().Select(level => KeyValuePair.Create(level[0].GetDecimal(), level[1].GetDecimal()));

    private static string? Channel(JsonElement frame) => frame.GetProperty("arg").GetProperty("channel").GetString();

    private static decimal Number(JsonElement text) => decimal.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private static List<JsonElement> Of(IReadOnlyList<JsonElement> seen, string kind) => [.. seen.Where(line => line.GetProperty("kind").GetString() == kind)];

    /// <summary>The JSON frames of the tape that have a key, in order, read without our decoders.</summary>
    private List<JsonElement> Frames(string key)
    {
        var frames = new List<JsonElement>();
        using var reader = TapeReader.Open(DiskFiles.Instance, Path.Combine(_root["vault"], "tape"));
        while (reader.TryRead(out var record))
        {
            if (record.Kind != RecordKind.Frame || record.Payload[0] != '{') continue;
            using var document = JsonDocument.Parse(record.Payload.ToArray());
            if (document.RootElement.TryGetProperty(key, out _)) frames.Add(document.RootElement.Clone());
        }

        return frames;
    }
}
