using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Binance;

/// <summary>Finds the stream behind a name as the venue does: exactly, lower case. The same name gives the same object.</summary>
internal sealed class BinanceStreams
{
    private readonly Dictionary<string, int> _symbols;
    private readonly Dictionary<string, SimulatedStream> _streams = [];

    public BinanceStreams(IReadOnlyList<SymbolSpec> symbols) =>
        _symbols = symbols.Select((spec, i) => (Name: spec.Name.ToLowerInvariant(), i)).ToDictionary(pair => pair.Name, pair => pair.i);

    /// <summary>The stream, or null for names that the venue acknowledges and never fills. At most 20 streams a symbol exist.</summary>
    public SimulatedStream? Find(string name)
    {
        if (_streams.TryGetValue(name, out var known)) return known;
        if (Create(name) is not { } stream) return null;
        _streams.Add(name, stream);
        return stream;
    }

    private SimulatedStream? Create(string name)
    {
        var seconds = (double value) => TimeSpan.FromSeconds(value);
        if (name == "!forceOrder@arr") return new(name, BinanceRoute.Market, StreamKind.AllLiquidations, -1, default);
        if (name == "!markPrice@arr@1s") return new(name, BinanceRoute.Market, StreamKind.AllMarkPrices, -1, seconds(1));
        if (name == "!markPrice@arr") return new(name, BinanceRoute.Market, StreamKind.AllMarkPrices, -1, seconds(3));
        var at = name.IndexOf('@');
        if (at <= 0 || !_symbols.TryGetValue(name[..at], out var symbol)) return null;
        (string Route, StreamKind Kind, double Period)? found = name[(at + 1)..] switch
        {
            "aggTrade" => (BinanceRoute.Market, StreamKind.Orders, 0),
            "trade" => (BinanceRoute.Public, StreamKind.Fills, 0),
            "bookTicker" => (BinanceRoute.Public, StreamKind.Quotes, 0),
            "markPrice" => (BinanceRoute.Market, StreamKind.MarkPrice, 3),
            "markPrice@1s" => (BinanceRoute.Market, StreamKind.MarkPrice, 1),
            "forceOrder" => (BinanceRoute.Market, StreamKind.Liquidations, 0),
            "depth" => (BinanceRoute.Public, StreamKind.Book, 0.25),
            "depth@100ms" => (BinanceRoute.Public, StreamKind.Book, 0.1),
            "depth@500ms" => (BinanceRoute.Public, StreamKind.Book, 0.5),
            "ticker" => (BinanceRoute.Market, StreamKind.Ticker, 2),
            "miniTicker" => (BinanceRoute.Market, StreamKind.MiniTicker, 2),
            "kline_1m" => (BinanceRoute.Market, StreamKind.Candles, 0.25),
            _ => null,
        };
        return found is { } stream ? new(name, stream.Route, stream.Kind, symbol, seconds(stream.Period)) : null;
    }
}
