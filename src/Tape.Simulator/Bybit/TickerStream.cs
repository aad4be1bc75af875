using Tape.Simulator.Serving;

namespace Tape.Simulator.Bybit;

/// <summary>The statistics of a symbol: a snapshot first, then only what has changed.</summary>
internal sealed class TickerStream(string name, int symbol)
    : SimulatedStream(name, BybitChannels.Linear, StreamKind.Ticker, symbol, TimeSpan.FromMilliseconds(100))
{
    /// <summary>What its subscribers know.</summary>
    public long[] Told { get; } = new long[BybitTicker.Count];

    /// <summary>What they are to know next.</summary>
    public long[] Next { get; } = new long[BybitTicker.Count];

    /// <summary>Their shared number.</summary>
    public long Sequence { get; set; }
}
