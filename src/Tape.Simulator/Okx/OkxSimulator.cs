using Microsoft.AspNetCore.Http;
using Tape.Simulator.Journal;
using Tape.Simulator.Market;
using Tape.Simulator.Replay;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Okx;

/// <summary>OKX's swaps (v5) on loopback.</summary>
public sealed class OkxSimulator : VenueSimulator
{
    private readonly OkxSimulatorOptions _options;
    private readonly TimeProvider _time;

    private OkxSimulator(OkxSimulatorOptions options, OkxMarket? market, SimulatorJournal journal, TimeProvider time)
        : base(options, new OkxChannels(), market, journal, time)
    {
        (_options, _time) = (options, time);
        var listed = new Lazy<IReadOnlyList<SymbolSpec>>(() => options.Replay is { } tape
            ? OkxSimulatorOptions.Named(TapeSymbols.Read(tape.TapeFolder, "okx").Where(OkxInstruments.IsSwap)) : options.Symbols);
        Rest = new OkxRestServer(Hub, market, listed, time);
    }

    internal override RestServer Rest { get; }

    /// <summary>Starts serving.</summary>
    /// <param name="options">What to serve; read once.</param>
    /// <param name="time">The clock of frames, faults and the journal.</param>
    /// <param name="cancel">Gives up starting.</param>
    /// <param name="journal">Where to write what was sent; without one all of it is kept in memory.</param>
    /// <exception cref="TapeException">The port is taken.</exception>
    public static Task<OkxSimulator> StartAsync(OkxSimulatorOptions options, TimeProvider time, CancellationToken cancel, SimulatorJournal? journal = null)
    {
        var market = options.IsSynthetic
            ? new OkxMarket(options.Symbols, options.FramesPerSecond ?? 100, new Random(options.Seed), UnixNanos.From(time.GetUtcNow()), options.ClockSkew)
            {
                BooksWithoutSnapshot = options.BooksWithoutSnapshot,
            }
            : null;
        return StartAsync(new OkxSimulator(options, market, journal ?? SimulatorJournal.InMemory(), time), cancel);
    }

    internal override string? RouteOf(HttpRequest request) => request.Path.Value?.TrimEnd('/') switch
    {
        "/ws/v5/public" => OkxChannels.Public,
        "/ws/v5/business" => OkxChannels.Business,
        _ => null,
    };

    internal override SimulatedConnection Connect(SimulatorHub hub, HttpRequest request, Stream stream, int clientPort) =>
        new OkxConnection(hub, _options, stream, RouteOf(request)!, clientPort, _time);
}
