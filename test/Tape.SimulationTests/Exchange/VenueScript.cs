using System.Text;
using Tape.Core.Values;
using Tape.Simulator.Binance;
using Tape.Simulator.Bybit;
using Tape.Simulator.Market;
using Tape.Simulator.Okx;
using Tape.Simulator.Serving;

namespace Tape.SimulationTests.Exchange;

/// <summary>One exchange's market, and how it understands and answers a client.</summary>
/// <param name="Venue">Our name of it.</param>
/// <param name="Symbols">What it trades.</param>
/// <param name="Channels">What is recorded of it.</param>
/// <param name="Market">Its frames.</param>
/// <param name="RouteOf">The route that an address leads to.</param>
internal abstract record VenueScript(string Venue, IReadOnlyList<SymbolSpec> Symbols, IReadOnlyList<string> Channels, SyntheticMarket Market, Func<Uri,
    string> RouteOf)
{
    private static readonly string[] _swaps = ["BTC-USDT-SWAP", "ETH-USDT-SWAP", "SOL-USDT-SWAP"];

    /// <summary>All that the recorder knows.</summary>
    public static IReadOnlyList<VenueScript> All(SimulationOptions options, Random chance, UnixNanos start) =>
    [
        Binance(SymbolSpec.First(options.Symbols), options.FramesPerSecond, chance, start),
        Bybit(SymbolSpec.First(options.Symbols), options.FramesPerSecond, chance, start),
        Okx(SymbolSpec.Named(_swaps.Take(options.Symbols)), options.FramesPerSecond, chance, start),
    ];

    /// <summary>Takes a request: what is subscribed by it, what is unsubscribed, and the answers.</summary>
    public abstract (IReadOnlyList<string> Streams, IReadOnlyList<string> Left, IReadOnlyList<byte[]> Answers) Hear(string request);

    /// <summary>A frame as it goes over a socket.</summary>
    public virtual byte[] Frame(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole) => data.ToArray();

    private static VenueScript Binance(IReadOnlyList<SymbolSpec> symbols, double rate, Random chance, UnixNanos start) =>
        new BinanceScript(symbols, new BinanceMarket(symbols, rate, new Random(chance.Next()), start));

    private static VenueScript Bybit(IReadOnlyList<SymbolSpec> symbols, double rate, Random chance, UnixNanos start) =>
        new BybitScript(symbols, new BybitMarket(symbols, rate, new Random(chance.Next()), start));

    private static VenueScript Okx(IReadOnlyList<SymbolSpec> symbols, double rate, Random chance, UnixNanos start) =>
        new OkxScript(symbols, new OkxMarket(symbols, rate, new Random(chance.Next()), start));

    private sealed record BinanceScript(IReadOnlyList<SymbolSpec> Symbols, SyntheticMarket Market)
        : VenueScript("binance", Symbols, ["aggTrade", "bookTicker", "markPrice", "forceOrder", "depth"], Market, url => url.Segments[1].TrimEnd('/'))
    {
        public override (IReadOnlyList<string> Streams, IReadOnlyList<string> Left, IReadOnlyList<byte[]> Answers) Hear(string request)
        {
            var parsed = BinanceRequest.Parse(Encoding.UTF8.GetBytes(request));
            return parsed.Method == "SUBSCRIBE" ? (parsed.Names, [], [parsed.Accepted()]) : ([], parsed.Names, [parsed.Accepted()]);
        }

        public override byte[] Frame(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole) =>
            isWhole ? data.ToArray() : [.. stream.Wrap, .. data, (byte)'}'];
    }

    private sealed record BybitScript(IReadOnlyList<SymbolSpec> Symbols, SyntheticMarket Market)
        : VenueScript("bybit", Symbols, ["publicTrade", "orderbook.1", "tickers", "allLiquidation"], Market, url => url.Segments[^1])
    {
        public override (IReadOnlyList<string> Streams, IReadOnlyList<string> Left, IReadOnlyList<byte[]> Answers) Hear(string request)
        {
            var parsed = BybitRequest.Parse(Encoding.UTF8.GetBytes(request));
            return (parsed.Operation == "subscribe" ? parsed.Topics : [], parsed.Operation == "unsubscribe" ? parsed.Topics : [],
                [parsed.Answer(true, parsed.Operation == "ping" ? "pong" : "", "scripted")]);
        }
    }

    private sealed record OkxScript(IReadOnlyList<SymbolSpec> Symbols, SyntheticMarket Market)
        : VenueScript("okx", Symbols, ["trades", "bbo-tbt", "mark-price", "index-tickers", "funding-rate", "open-interest", "liquidation-orders", "books"],
            Market, url => url.Segments[^1])
    {
        public override (IReadOnlyList<string> Streams, IReadOnlyList<string> Left, IReadOnlyList<byte[]> Answers) Hear(string request)
        {
            if (request == "ping") return ([], [], ["pong"u8.ToArray()]);
            var parsed = OkxRequest.Parse(Encoding.UTF8.GetBytes(request));
            string[] names = [.. parsed.Arguments.Select(argument => argument.Name!)];
            byte[][] answers = [.. parsed.Arguments.Select(argument => parsed.Accepted(argument.Json, "scripted"))];
            return parsed.Operation == "subscribe" ? (names, [], answers) : ([], names, answers);
        }
    }
}
