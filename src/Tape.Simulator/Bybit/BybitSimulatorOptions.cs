using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Bybit;

/// <summary>What a simulator of Bybit serves and how. The defaults are the venue's own limits.</summary>
public sealed record BybitSimulatorOptions : SimulatorOptions
{
    private static readonly SymbolSpec[] _known =
    [
        new("BTCUSDT", 2, 10, 3, 845_511),
        new("ETHUSDT", 2, 1, 2, 301_245),
        new("SOLUSDT", 3, 10, 1, 14_237),
        new("XRPUSDT", 4, 1, 1, 22_145),
        new("DOGEUSDT", 5, 1, 0, 15_876),
        new("BTCPERP", 1, 1, 3, 845_498),
        new("ETHPERP", 2, 1, 3, 301_240),
        new("1000PEPEUSDT", 7, 1, 0, 48_771),
    ];

    public BybitSimulatorOptions()
    {
        Symbols = First(5);
        (ConnectsMax, ConnectsWithin, ConnectsRefusedStatus) = (500, TimeSpan.FromMinutes(5), 403);
    }

    /// <summary>A connection whose client has sent nothing for so long is closed.</summary>
    public TimeSpan HeartbeatWithin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Characters of all topics of a connection together.</summary>
    public int TopicCharactersMax { get; init; } = 21_000;

    /// <summary>REST requests in any five seconds; above that 403 is answered for ten minutes.</summary>
    public int RestPerFiveSecondsMax { get; init; } = 600;

    /// <summary>The first so many symbols as the venue writes them; those after the eighth are invented.</summary>
    public static IReadOnlyList<SymbolSpec> First(int count) => SymbolSpec.First(_known, count, "SIM", "USDT");

    /// <summary>The symbols of these names; an unknown name gets an invented price.</summary>
    public static IReadOnlyList<SymbolSpec> Named(IEnumerable<string> names) => SymbolSpec.Named(_known, names);
}
