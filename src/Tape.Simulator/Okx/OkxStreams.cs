using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Okx;

/// <summary>Finds the stream behind a name. The same name gives the same object.</summary>
internal sealed class OkxStreams
{
    /// <summary>Levels of a side in a book.</summary>
    private const int BookDepth = 400;

    /// <summary>Levels of a side where each frame is the whole book.</summary>
    private const int SnapshotDepth = 5;

    private readonly Dictionary<string, int> _swaps, _indexes;
    private readonly Dictionary<string, SimulatedStream> _streams = [];

    public OkxStreams(IReadOnlyList<SymbolSpec> symbols)
    {
        _swaps = symbols.Select((spec, i) => (spec.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i);
        _indexes = symbols.Select((spec, i) => (Name: Encoding.UTF8.GetString(OkxInstruments.Index(spec)), i)).ToDictionary(pair => pair.Name, pair => pair.i);
    }

    /// <summary>The stream, or null for names that the venue does not know.</summary>
    public SimulatedStream? Find(string name)
    {
        if (_streams.TryGetValue(name, out var known)) return known;
        if (name.Split(':') is not [var channel, var about] || Create(name, channel, about) is not { } stream) return null;
        _streams.Add(name, stream);
        return stream;
    }

    private SimulatedStream? Create(string name, string channel, string about)
    {
        if (channel == "liquidation-orders")
            return about == "SWAP" ? new SimulatedStream(name, OkxChannels.Public, StreamKind.AllLiquidations, -1, default) { Utf8 = Argument(channel, about) }
                : null;
        if (!(channel == "index-tickers" ? _indexes : _swaps).TryGetValue(about, out var symbol)) return null;
        (string Route, StreamKind Kind, double Seconds)? found = channel switch
        {
            "trades" => (OkxChannels.Public, StreamKind.Orders, 0),
            "trades-all" => (OkxChannels.Business, StreamKind.Fills, 0),
            "bbo-tbt" => (OkxChannels.Public, StreamKind.Quotes, 0),
            "tickers" => (OkxChannels.Public, StreamKind.Ticker, 0.1),
            "mark-price" => (OkxChannels.Public, StreamKind.MarkPrice, 0.2),
            "index-tickers" => (OkxChannels.Public, StreamKind.IndexPrice, 0.1),
            "funding-rate" => (OkxChannels.Public, StreamKind.Funding, 60),
            "open-interest" => (OkxChannels.Public, StreamKind.OpenInterest, 3),
            "candle1m" => (OkxChannels.Business, StreamKind.Candles, 1),
            _ => null,
        };
        if (found is { } plain)
            return new SimulatedStream(name, plain.Route, plain.Kind, symbol, TimeSpan.FromSeconds(plain.Seconds)) { Utf8 = Argument(channel, about) };
        return channel is "books" or "books5"
            ? new BookStream(name, OkxChannels.Public, symbol, TimeSpan.FromMilliseconds(100), channel == "books" ? BookDepth : SnapshotDepth)
            {
                Utf8 = Argument(channel, about),
                IsSnapshot = channel == "books5",
            }
            : null;
    }

    /// <summary>What a frame repeats of the subscription.</summary>
    private static byte[] Argument(string channel, string about) =>
        Encoding.UTF8.GetBytes($"{{\"channel\":\"{channel}\",\"{(about == "SWAP" ? "instType" : "instId")}\":\"{about}\"}}");
}
