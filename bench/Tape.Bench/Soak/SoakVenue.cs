using Tape.Simulator.Binance;
using Tape.Simulator.Bybit;
using Tape.Simulator.Faults;
using Tape.Simulator.Journal;
using Tape.Simulator.Market;
using Tape.Simulator.Okx;
using Tape.Simulator.Proof;
using Tape.Simulator.Serving;
using Tape.Storage.Files;

namespace Tape.Bench.Soak;

/// <summary>One venue of a soak: its simulator with faults on, its journal on the disk, and its part of the configuration.</summary>
internal sealed class SoakVenue : IAsyncDisposable
{
    private const int Symbols = 10;

    private static readonly FaultScript _faults = FaultScript.Parse(
        """
        every 61s cut
        every 97s stall for=2s
        every 113s cut-inside
        every 131s garbage
        every 149s garbage kind=binary
        every 173s reset
        every 199s refuse for=3s status=503
        every 239s notice for=5s
        every 307s restart
        every 337s stall-inside for=1s
        every 10000 frames drop n=3
        every 20000 frames duplicate n=2
        every 15000 frames reorder n=3
        """);

    private readonly string _name;
    private readonly string _journalPath;
    private readonly IReadOnlyList<SymbolSpec> _symbols;
    private readonly string _channels;
    private SimulatorJournal _journal = null!;
    private VenueSimulator _simulator = null!;

    private SoakVenue(string name, string folder, IReadOnlyList<SymbolSpec> symbols, string channels) =>
        (_name, _journalPath, _symbols, _channels) = (name, Path.Combine(folder, $"{name}.journal"), symbols, channels);

    /// <summary>What the simulator does.</summary>
    public SimulatorStatus Status => _simulator.Status;

    /// <summary>Starts the three venues, each with a third of the rate.</summary>
    public static async Task<IReadOnlyList<SoakVenue>> StartAllAsync(string folder, double rate, int seed, CancellationToken cancel)
    {
        var binance = new SoakVenue("binance", folder, SymbolSpec.First(Symbols), "aggTrade, bookTicker, markPrice, forceOrder, depth");
        binance.Start(await BinanceSimulator.StartAsync(
            new BinanceSimulatorOptions { Symbols = binance._symbols, FramesPerSecond = rate / 3, Seed = seed, Faults = _faults, ConnectsMax = int.MaxValue },
                TimeProvider.System, cancel, binance.OpenJournal()));
        var bybit = new SoakVenue("bybit", folder, BybitSimulatorOptions.First(Symbols), "publicTrade, orderbook.1, tickers, allLiquidation, orderbook.50");
        bybit.Start(await BybitSimulator.StartAsync(
            new BybitSimulatorOptions { Symbols = bybit._symbols, FramesPerSecond = rate / 3, Seed = seed + 1, Faults = _faults }, TimeProvider.System, cancel,
                bybit.OpenJournal()));
        var okx = new SoakVenue("okx", folder, OkxSimulatorOptions.First(Symbols),
            "trades, bbo-tbt, mark-price, index-tickers, funding-rate, open-interest, liquidation-orders, books, candle1m");
        okx.Start(await OkxSimulator.StartAsync(
            new OkxSimulatorOptions { Symbols = okx._symbols, FramesPerSecond = rate / 3, Seed = seed + 2, Faults = _faults }, TimeProvider.System, cancel,
                okx.OpenJournal()));
        return [binance, bybit, okx];
    }

    /// <summary>Its section under <c>venues</c>.</summary>
    public void WriteConfig(StringBuilder config)
    {
        config.AppendLine($"  {_name}:").AppendLine($"    symbols: [{string.Join(", ", _symbols.Select(symbol => $"'{symbol.Name}'"))}]");
        config.AppendLine($"    channels: [{_channels}]").AppendLine($"    endpoint: {_simulator.Endpoint.ToString().TrimEnd('/')}");
    }

    /// <summary>Stops the simulator and holds the venue's part of a tape against its journal. Needs 60 bytes of memory a frame meanwhile.</summary>
    public async Task<SoakedVenue> ProveAsync(string tapeFolder, TimeSpan commitInterval)
    {
        var status = Status;
        await DisposeAsync();
        using var file = File.OpenRead(_journalPath);
        using var journal = SimulatorJournal.Read(file);
        var proof = RecordingProof.Check(DiskFiles.Instance, tapeFolder, journal.Connections, Array.Empty<UnixNanos>(), commitInterval, _name);
        return new SoakedVenue(_name, proof, journal.Connections.Count, status.FramesSkipped, status.FramesLate);
    }

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _journal.Dispose();
    }

    private SimulatorJournal OpenJournal() =>
        _journal = SimulatorJournal.ToStream(new FileStream(_journalPath, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));

    private void Start(VenueSimulator simulator) => _simulator = simulator;
}

/// <summary>What became of a venue in a soak.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Proof">Every frame accounted for.</param>
/// <param name="Connections">Connections that the recorder made: with faults on, many.</param>
/// <param name="Skipped">Frames that fault scripts took away before they were sent.</param>
/// <param name="Late">Frames that were due and not made, because the machine was too slow.</param>
internal sealed record SoakedVenue(string Name, ProofResult Proof, int Connections, long Skipped, long Late);
