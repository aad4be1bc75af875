using System.Text.Json;
using Tape.Candles.Files;
using Tape.Core.Candles;
using Tape.Core.Errors;
using Tape.Host;
using Tape.Simulator.Binance;
using Tape.Simulator.Bybit;
using Tape.Simulator.Faults;
using Tape.Simulator.Okx;
using Tape.Simulator.Serving;
using Tape.Storage.Answers;
using Tape.Storage.Files;
using Tape.Tables.Candles;
using Tape.Tables.DuckDb;
using Tape.TestKit.Files;

namespace Tape.Cli.Tests.Commands;

/// <summary>tape backfill against the simulated venues, over real sockets.</summary>
public sealed class BackfillCommandTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("binance", "BTCUSDT")]
    [InlineData("bybit", "BTCUSDT")]
    [InlineData("okx", "BTC-USDT-SWAP")]
    public async Task Every_minute_becomes_a_candle_or_a_proven_empty_one_and_asking_again_asks_nothing(string venue, string symbol)
    {
        await using var simulator = await StartAsync(venue);
        Configure(venue, symbol, simulator.Endpoint);
        var first = await RunAsync("--from=-5h");
        Assert.Equal(0, first.GetProperty("still_missing").GetInt64());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("failure").ValueKind);
        Assert.InRange(first.GetProperty("missing").GetInt64(), 299, 300);

        using var format = CandleParquet.Open(DiskFiles.Instance, new DuckDbOptions());
        var store = new CandleStore(DiskFiles.Instance, _root["vault"], format, new CandlePreference());
        var days = Directory.GetFiles(_root["vault", "data", venue, symbol, "1m"]).Select(path => DateOnly.Parse(Path.GetFileNameWithoutExtension(path)))
            .Select(day => new CandleDay(venue, symbol, Timeframe.Minute, day)).ToList();
        var candles = days.SelectMany(store.Read).ToList();
        var empty = days.SelectMany(store.EmptyOf).ToList();
        Assert.Equal(first.GetProperty("missing").GetInt64(), candles.Count + empty.Count);
        Assert.InRange(empty.Count, 1, 60);
        Assert.All(candles, candle => Assert.Equal((venue, symbol, CandleSource.Rest, true), (candle.Venue, candle.Symbol, candle.Source, candle.IsClosed)));
        Assert.All(candles, candle => Assert.True(candle.Values.QuoteVolume / candle.Values.Volume is var price
            && price >= candle.Values.Low * 0.999 && price <= candle.Values.High * 1.001, $"{candle.Values}: the volume is not in coins"));
        Assert.True(File.Exists(_root["vault", "data", venue, symbol, "5m", $"{days[^1].Day:yyyy-MM-dd}.parquet"]));

        var answers = AnswersLog.Read(DiskFiles.Instance, _root["vault"], AnswersLog.Candles).Count();
        Assert.Equal(answers, first.GetProperty("answers").GetInt64());
        var again = await RunAsync("--from=-5h");
        Assert.InRange(again.GetProperty("missing").GetInt64(), 0, 1);
        Assert.Equal(0, again.GetProperty("still_missing").GetInt64());
    }

    [Fact]
    public async Task What_is_lost_is_asked_for_again_and_a_damaged_day_is_set_aside()
    {
        await using var simulator = await StartAsync("binance");
        Configure("binance", "BTCUSDT", simulator.Endpoint);
        await RunAsync("--from=-2h");
        var files = Directory.GetFiles(_root["vault", "data", "binance", "BTCUSDT", "1m"]);
        var before = files.Select(File.ReadAllBytes).ToList();
        File.Delete(files[0]);
        Assert.True((await RunAsync("--from=-2h")).GetProperty("missing").GetInt64() > 1);
        Assert.Equal(before[0].Length, File.ReadAllBytes(files[0]).Length, 4096.0);
        File.WriteAllText(files[^1], "no parquet");
        Assert.Equal(0, (await RunAsync("--from=-2h")).GetProperty("still_missing").GetInt64());
        Assert.Equal("PAR1", File.ReadAllText(files[^1], System.Text.Encoding.Latin1)[..4]);
        Assert.Contains(Directory.GetFiles(_root["vault"], "*", SearchOption.AllDirectories), path => File.ReadAllText(path) == "no parquet");
    }

    [Fact]
    public async Task A_venue_that_does_not_answer_is_told_and_the_status_says_so()
    {
        await using var simulator = await StartAsync("binance", "0s rest status=451 for=1h");
        Configure("binance", "BTCUSDT", simulator.Endpoint);
        var (status, output) = await InProcess.RunAsync("backfill", "--config", _root["tape.yaml"], "--from=-2h");
        Assert.Equal(ExitCode.Failed, status);
        Assert.Contains("451", output, StringComparison.Ordinal);
        Assert.Contains("still missing", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_names_and_ranges_are_errors()
    {
        Configure("binance", "BTCUSDT", new Uri("ws://127.0.0.1:1"));
        await Assert.ThrowsAsync<UnknownNameException>(() => InProcess.RunAsync("backfill", "--config", _root["tape.yaml"], "--venue", "binanze"));
        await Assert.ThrowsAsync<UsageException>(() =>
            InProcess.RunAsync("backfill", "--config", _root["tape.yaml"], "--from", "2026-11-21", "--to", "2026-11-20"));
    }

    private async Task<JsonElement> RunAsync(params string[] arguments)
    {
        var (status, output) = await InProcess.RunAsync(["backfill", "--config", _root["tape.yaml"], "--json", .. arguments]);
        Assert.Equal(ExitCode.Ok, status);
        return JsonDocument.Parse(Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
    }

    private void Configure(string venue, string symbol, Uri endpoint) => File.WriteAllText(_root["tape.yaml"],
        $"vault: ./vault\nvenues:\n  {venue}:\n    symbols: [{symbol}]\n    endpoint: {endpoint}\n");

    private static async Task<VenueSimulator> StartAsync(string venue, string fault = "")
    {
        var faults = FaultScript.Parse(fault);
        return venue switch
        {
            "binance" => await BinanceSimulator.StartAsync(new BinanceSimulatorOptions { Faults = faults }, TimeProvider.System, CancellationToken.None),
            "bybit" => await BybitSimulator.StartAsync(new BybitSimulatorOptions { Faults = faults }, TimeProvider.System, CancellationToken.None),
            _ => await OkxSimulator.StartAsync(new OkxSimulatorOptions { Faults = faults }, TimeProvider.System, CancellationToken.None),
        };
    }
}
