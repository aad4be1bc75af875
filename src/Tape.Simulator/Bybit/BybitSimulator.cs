using Microsoft.AspNetCore.Http;
using Tape.Simulator.Journal;
using Tape.Simulator.Market;
using Tape.Simulator.Replay;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Bybit;

/// <summary>Bybit's linear contracts (v5) on loopback.</summary>
public sealed class BybitSimulator : VenueSimulator
{
    private readonly BybitSimulatorOptions _options;
    private readonly TimeProvider _time;

    private BybitSimulator(BybitSimulatorOptions options, BybitMarket? market, SimulatorJournal journal, TimeProvider time)
        : base(options, new BybitChannels(), market, journal, time)
    {
        (_options, _time) = (options, time);
        var listed = new Lazy<IReadOnlyList<SymbolSpec>>(() => options.Replay is { } tape
            ? BybitSimulatorOptions.Named(TapeSymbols.Read(tape.TapeFolder, "bybit")) : options.Symbols);
        Rest = new BybitRestServer(Hub, options.RestPerFiveSecondsMax, market, listed, time);
    }

    internal override RestServer Rest { get; }

    /// <summary>Starts serving.</summary>
    /// <param name="options">What to serve; read once.</param>
    /// <param name="time">The clock of frames, faults and the journal.</param>
    /// <param name="cancel">Gives up starting.</param>
    /// <param name="journal">Where to write what was sent; without one all of it is kept in memory.</param>
    /// <exception cref="TapeException">The port is taken.</exception>
    public static Task<BybitSimulator> StartAsync(BybitSimulatorOptions options, TimeProvider time, CancellationToken cancel, SimulatorJournal? journal = null)
    {
        var market = options.IsSynthetic
            ? new BybitMarket(options.Symbols, options.FramesPerSecond ?? 100, new Random(options.Seed), UnixNanos.From(time.GetUtcNow()), options.ClockSkew)
            : null;
        return StartAsync(new BybitSimulator(options, market, journal ?? SimulatorJournal.InMemory(), time), cancel);
    }

    internal override string? RouteOf(HttpRequest request) => request.Path.Value?.TrimEnd('/') == "/v5/public/linear" ? BybitChannels.Linear : null;

    internal override SimulatedConnection Connect(SimulatorHub hub, HttpRequest request, Stream stream, int clientPort) =>
        new BybitConnection(hub, _options, stream, clientPort, _time);
}
