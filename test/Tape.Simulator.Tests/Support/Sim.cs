using Tape.Simulator.Binance;
using Tape.Simulator.Faults;
using Tape.Simulator.Journal;

namespace Tape.Simulator.Tests.Support;

/// <summary>Starts simulators for tests.</summary>
internal static class Sim
{
    public static Task<BinanceSimulator> StartAsync(BinanceSimulatorOptions? options = null, SimulatorJournal? journal = null) =>
        BinanceSimulator.StartAsync(options ?? new BinanceSimulatorOptions { FramesPerSecond = 500 }, TimeProvider.System, CancellationToken.None, journal);

    public static Task<BinanceSimulator> StartAsync(string faults, double rate = 500) =>
        StartAsync(new BinanceSimulatorOptions { FramesPerSecond = rate, Faults = FaultScript.Parse(faults) });

    /// <summary>The connection of the journal once it is closed; disposing the simulator first makes sure that it is.</summary>
    public static async Task<JournalConnection> StopAsync(BinanceSimulator simulator, int connection = 1)
    {
        await simulator.DisposeAsync();
        return simulator.Journal.Connections[connection - 1];
    }
}
