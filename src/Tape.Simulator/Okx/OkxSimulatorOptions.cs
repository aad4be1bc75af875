using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Okx;

/// <summary>What a simulator of OKX serves and how. The defaults are the venue's own limits.</summary>
public sealed record OkxSimulatorOptions : SimulatorOptions
{
    private static readonly SymbolSpec[] _known =
    [
        new("BTC-USDT-SWAP", 1, 1, 2, 845_511) { ContractExponent = -2 },
        new("ETH-USDT-SWAP", 2, 1, 2, 301_245) { ContractExponent = -1 },
        new("SOL-USDT-SWAP", 2, 1, 2, 14_237),
        new("XRP-USDT-SWAP", 4, 1, 2, 22_145) { ContractExponent = 2 },
        new("DOGE-USDT-SWAP", 5, 1, 2, 15_876) { ContractExponent = 3 },
        new("BTC-USDC-SWAP", 1, 1, 2, 845_498) { ContractExponent = -4 },
        new("ETH-USDC-SWAP", 2, 1, 2, 301_240) { ContractExponent = -3 },
    ];

    public OkxSimulatorOptions()
    {
        Symbols = First(5);
        (ConnectsMax, ConnectsWithin) = (3, TimeSpan.FromSeconds(1));
        InboundMessageBytesMax = 64 * 1024;
    }

    /// <summary>A connection that has been given nothing, nor sent a ping, for so long is closed.</summary>
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests of a connection in any hour.</summary>
    public int RequestsPerHourMax { get; init; } = 480;

    /// <summary>Whether books begin with changes, without a snapshot, as the venue once announced for a date that then passed.</summary>
    public bool BooksWithoutSnapshot { get; init; }

    /// <summary>The first so many symbols as the venue writes them; those after the seventh are invented.</summary>
    public static IReadOnlyList<SymbolSpec> First(int count) => SymbolSpec.First(_known, count, "SIM", "-USDT-SWAP");

    /// <summary>The symbols of these names; an unknown name gets an invented price.</summary>
    public static IReadOnlyList<SymbolSpec> Named(IEnumerable<string> names) => SymbolSpec.Named(_known, names);
}
