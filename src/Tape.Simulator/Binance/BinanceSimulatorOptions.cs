using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Binance;

/// <summary>What a simulator of Binance serves and how. The defaults are the venue's own limits.</summary>
public sealed record BinanceSimulatorOptions : SimulatorOptions
{
    public BinanceSimulatorOptions()
    {
        Symbols = SymbolSpec.First(5);
        Lifetime = TimeSpan.FromHours(24);
        (ConnectsMax, ConnectsWithin) = (300, TimeSpan.FromMinutes(5));
    }

    /// <summary>Time between the server's pings on a connection.</summary>
    public TimeSpan PingEvery { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>A ping that is not answered within this time ends the connection.</summary>
    public TimeSpan PongWithin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Streams on one connection.</summary>
    public int StreamsPerConnectionMax { get; init; } = 1024;

    /// <summary>Inbound frames in any second, control frames included.</summary>
    public int InboundPerSecondMax { get; init; } = 10;

    /// <summary>REST weight a clock minute; above it 429 is answered until the minute ends.</summary>
    public int RestWeightPerMinuteMax { get; init; } = 2400;
}
