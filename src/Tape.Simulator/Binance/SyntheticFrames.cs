using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Binance;

/// <summary>A frame of the synthetic market as a subscriber receives it.</summary>
/// <param name="Stream">The venue's name of its stream.</param>
/// <param name="Route">The route that delivers it.</param>
/// <param name="Payload">The bytes, wrapped as on a connection with many streams.</param>
public sealed record SyntheticFrame(string Stream, string Route, byte[] Payload);

/// <summary>Frames of the synthetic market without a server, for those who need a tape and no network. Pure: the same arguments give the same bytes.</summary>
public static class SyntheticFrames
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>The first frames of a market, all of them held in memory.</summary>
    /// <param name="symbols">At least one.</param>
    /// <param name="channels">Channels of each symbol as in stream names: <c>aggTrade</c>, <c>depth@100ms</c>.</param>
    /// <param name="count">Frames to make, 0 or more.</param>
    /// <param name="framesPerSecond">The pace; decides the times inside the frames.</param>
    /// <exception cref="ArgumentException">The market has no such stream.</exception>
    public static IReadOnlyList<SyntheticFrame> Make(IReadOnlyList<SymbolSpec> symbols, IReadOnlyList<string> channels, int count, double framesPerSecond,
        int seed, UnixNanos start)
    {
        var market = new BinanceMarket(symbols, framesPerSecond, new Random(seed), start);
        foreach (var symbol in symbols)
            foreach (var channel in channels)
                market.SetActive(Find(market, $"{symbol.Name.ToLowerInvariant()}@{channel}"), true, start);
        var sink = new Sink(count);
        for (var now = start; sink.Frames.Count < count; now = now.Add(Step)) market.Advance(now, sink);
        return sink.Frames;
    }

    private static SimulatedStream Find(SyntheticMarket market, string name) =>
        market.Find(name) ?? throw new ArgumentException($"the synthetic market has no stream {name}");

    private sealed class Sink(int count) : IFrameSink
    {
        public List<SyntheticFrame> Frames { get; } = [];

        public void Deliver(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole)
        {
            if (Frames.Count == count) return;
            byte[] payload = isWhole ? data.ToArray() : [.. stream.Wrap, .. data, (byte)'}'];
            Frames.Add(new SyntheticFrame(stream.Name, stream.Route, payload));
        }
    }
}
