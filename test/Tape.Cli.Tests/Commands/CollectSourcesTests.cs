using System.Text.Json;
using Tape.Simulator.Binance;
using Tape.Simulator.Faults;
using Tape.Simulator.Market;
using Tape.Storage.Files;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;
using Tape.TestKit.Files;
using Tape.TestKit.Processes;

namespace Tape.Cli.Tests.Commands;

/// <summary>The real program against the simulated venue: what it does with the venue's list of instruments and its clock.</summary>
public sealed class CollectSourcesTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    [Fact]
    public async Task Patterns_pick_traded_perpetuals_and_without_the_venue_the_last_list_does()
    {
        await using (var venue = await StartAsync(""))
        {
            Configure(venue.Endpoint, "[\"*USDT\", \"!ETH*\"]");
            var lines = await CollectAsync(line => Event(line) == "clock_offset");
            Assert.Equal(6, Named(lines, "instruments").GetProperty("count").GetInt32());
            Assert.Equal(["BTCUSDT", "SOLUSDT"], RecordedSymbols());
        }

        await using var banned = await StartAsync("0s rest status=418 retry=3600 for=1h");
        Configure(banned.Endpoint, "[\"ETH*\"]");
        var fallen = Named(await CollectAsync(line => Event(line) == "collector_start"), "instruments_from_log");
        Assert.Contains("banned", fallen.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patterns_without_any_list_end_in_a_clear_error()
    {
        await using var venue = await StartAsync("0s rest status=451 for=1h");
        Configure(venue.Endpoint, "all");
        var (status, _, error) = TapeProcess.Run(_root.Path, "", "collect", "--plain");
        Assert.Equal(3, status);
        Assert.Contains("451", error, StringComparison.Ordinal);
        Assert.Contains("does not serve the region", error, StringComparison.Ordinal);
        Assert.Contains("Or name the symbols one by one.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Named_symbols_need_no_list_and_misspelt_ones_are_reported_with_similar_names()
    {
        await using (var blocked = await StartAsync("0s rest status=451 for=1h"))
        {
            Configure(blocked.Endpoint, "[BTCUSDT]");
            Assert.Contains("451", Named(await CollectAsync(line => Event(line) == "instruments_unavailable"), "instruments_unavailable").GetProperty("reason")
                .GetString(), StringComparison.Ordinal);
        }

        await using var venue = await StartAsync("");
        Configure(venue.Endpoint, "[BTCUSDT, ETHUSTD]");
        var why = Named(await CollectAsync(line => Event(line) == "symbols_unknown"), "symbols_unknown").GetProperty("why");
        Assert.Contains("ETHUSTD is not in the venue's list; did you mean", why[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_skewed_clock_is_warned_about_and_kept_on_the_tape()
    {
        await using var venue = await StartAsync("0s skew by=3s for=1h");
        Configure(venue.Endpoint, "[BTCUSDT]");
        var line = Named(await CollectAsync(line => Event(line) == "heartbeat" && line.TryGetProperty("clock", out _)), "clock_offset");
        Assert.Equal("warning", line.GetProperty("level").GetString());
        Assert.InRange(line.GetProperty("offset_ms").GetDouble() + 3000, -line.GetProperty("uncertainty_ms").GetDouble(),
            line.GetProperty("uncertainty_ms").GetDouble());
        var offsets = Offsets();
        Assert.Contains(offsets, nanos => Math.Abs(nanos + 3e9) <= line.GetProperty("uncertainty_ms").GetDouble() * 1e6);
    }

    public void Dispose() => _root.Dispose();

    private static Task<BinanceSimulator> StartAsync(string fault) => BinanceSimulator.StartAsync(
        new BinanceSimulatorOptions { Symbols = SymbolSpec.Named(["BTCUSDT", "ETHUSDT", "SOLUSDT", "BTCUSDC"]), Faults = FaultScript.Parse(fault) },
            TimeProvider.System, CancellationToken.None);

    private void Configure(Uri endpoint, string symbols) =>
        File.WriteAllText(_root["tape.yaml"], $"venues:\n  binance:\n    symbols: {symbols}\n    endpoint: {endpoint}\nlog:\n  heartbeat: 1s\n");

    /// <summary>Records until a line of the log fits, then stops in order.</summary>
    private Task<List<JsonElement>> CollectAsync(Func<JsonElement, bool> isEnough) => TapeProcess.RecordUntilAsync(_root.Path, isEnough);

    private static string? Event(JsonElement line) => line.GetProperty("event").GetString();

    private static JsonElement Named(List<JsonElement> lines, string name) => lines.First(line => Event(line) == name);

    private List<string> RecordedSymbols()
    {
        var symbols = new SortedSet<string>(StringComparer.Ordinal);
        using var tape = TapeReader.Open(DiskFiles.Instance, _root["vault", "tape"]);
        while (tape.TryRead(out var record))
            if (record.Kind == RecordKind.Note && Note.Parse(record.Payload) is ConnectedNote connected)
                symbols.UnionWith(connected.Streams.Select(stream => stream.Symbol));
        return [.. symbols];
    }

    private List<long> Offsets()
    {
        var offsets = new List<long>();
        using var tape = TapeReader.Open(DiskFiles.Instance, _root["vault", "tape"]);
        while (tape.TryRead(out var record))
            if (record.Kind == RecordKind.Tick) offsets.Add(Tick.Read(record.Payload).OffsetNanos);
        return offsets;
    }
}
