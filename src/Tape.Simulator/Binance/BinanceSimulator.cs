using Microsoft.AspNetCore.Http;
using Tape.Simulator.Journal;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Binance;

/// <summary>Binance's USD-M futures on loopback.</summary>
public sealed class BinanceSimulator : VenueSimulator
{
    private readonly BinanceSimulatorOptions _options;
    private readonly TimeProvider _time;

    private BinanceSimulator(BinanceSimulatorOptions options, BinanceMarket? market, SimulatorJournal journal, TimeProvider time)
        : base(options, new BinanceChannels(), market, journal, time)
    {
        (_options, _time) = (options, time);
        Rest = new BinanceRestServer(Hub, options.RestWeightPerMinuteMax, market, options.Replay is { } tape ? new TapeInstruments(tape.TapeFolder) : null,
            time);
    }

    internal override RestServer Rest { get; }

    /// <summary>Starts serving.</summary>
    /// <param name="options">What to serve; read once.</param>
    /// <param name="time">The clock of frames, faults and the journal.</param>
    /// <param name="cancel">Gives up starting.</param>
    /// <param name="journal">Where to write what was sent; without one all of it is kept in memory.</param>
    /// <exception cref="TapeException">The port is taken.</exception>
    public static Task<BinanceSimulator> StartAsync(BinanceSimulatorOptions options, TimeProvider time, CancellationToken cancel,
        SimulatorJournal? journal = null)
    {
        var market = options.IsSynthetic
            ? new BinanceMarket(options.Symbols, options.FramesPerSecond ?? 100, new Random(options.Seed), UnixNanos.From(time.GetUtcNow()), options.ClockSkew)
            : null;
        return StartAsync(new BinanceSimulator(options, market, journal ?? SimulatorJournal.InMemory(), time), cancel);
    }

    internal override string? RouteOf(HttpRequest request) => BinancePath.Parse(request)?.Route;

    internal override SimulatedConnection Connect(SimulatorHub hub, HttpRequest request, Stream stream, int clientPort) =>
        new BinanceConnection(hub, _options, stream, BinancePath.Parse(request)!, clientPort, _time);
}
