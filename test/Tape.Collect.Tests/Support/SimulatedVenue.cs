using Tape.Simulator.Binance;
using Tape.Simulator.Bybit;
using Tape.Simulator.Faults;
using Tape.Simulator.Okx;
using Tape.Simulator.Replay;
using Tape.Simulator.Serving;
using Tape.Venues.Binance;
using Tape.Venues.Bybit;
using Tape.Venues.Contract;
using Tape.Venues.Okx;

namespace Tape.Collect.Tests.Support;

/// <summary>A venue, its simulator, and what of it the simulator fills.</summary>
/// <param name="Venue">What the recorder knows.</param>
/// <param name="Symbols">Two of the simulator's.</param>
/// <param name="StartAsync">Starts a simulator: a market at a rate with faults, or a replay.</param>
internal sealed record SimulatedVenue(IVenue Venue, IReadOnlyList<string> Symbols, Func<string, double, ReplayOptions?, Task<VenueSimulator>> StartAsync)
{
    public static SimulatedVenue Of(string name) => name switch
    {
        "bybit" => new(new BybitVenue(), ["BTCUSDT", "ETHUSDT"], async (faults, rate, replay) => await BybitSimulator.StartAsync(
            new BybitSimulatorOptions { Faults = FaultScript.Parse(faults), FramesPerSecond = rate, Replay = replay }, TimeProvider.System,
                CancellationToken.None)),
        "okx" => new(new OkxVenue(), ["BTC-USDT-SWAP", "ETH-USDT-SWAP"], async (faults, rate, replay) => await OkxSimulator.StartAsync(
            new OkxSimulatorOptions { Faults = FaultScript.Parse(faults), FramesPerSecond = rate, Replay = replay }, TimeProvider.System,
                CancellationToken.None)),
        _ => new(new BinanceVenue(), ["BTCUSDT", "ETHUSDT"], async (faults, rate, replay) => await BinanceSimulator.StartAsync(
            new BinanceSimulatorOptions { Faults = FaultScript.Parse(faults), FramesPerSecond = rate, Replay = replay }, TimeProvider.System,
                CancellationToken.None)),
    };

    /// <summary>Every channel of the venue.</summary>
    public IReadOnlyList<string> Channels => [.. Venue.Channels.Select(channel => channel.Name)];
}
