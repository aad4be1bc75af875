using System.Text;
using System.Text.Json;
using Tape.Core.Values;
using Tape.Simulator.Binance;
using Tape.Simulator.Bybit;
using Tape.Simulator.Market;
using Tape.Simulator.Okx;
using Tape.Simulator.Serving;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.SimulationTests.Books;

/// <summary>A simulated market with one book stream, and the full picture that its REST side would answer; null where that has no ids that fit.</summary>
internal sealed record BookVenue(StreamKey Stream, string Wire, SyntheticMarket Market, Func<long, string>? Picture)
{
    public static BookVenue Of(string venue, int seed, UnixNanos start)
    {
        var symbols = venue == "okx" ? SymbolSpec.Named(["BTC-USDT-SWAP"]) : SymbolSpec.First(1);
        var (name, chance) = (symbols[0].Name, new Random(seed));
        switch (venue)
        {
            case "binance":
                var binance = new BinanceMarket(symbols, 1, chance, start);
                return new(new(venue, "depth@100ms", name), $"{name.ToLowerInvariant()}@depth@100ms", binance, now => Answer(binance, now));
            case "okx":
                var okx = new OkxMarket(symbols, 1, chance, start) { BooksWithoutSnapshot = seed % 2 == 0 };
                return new(new(venue, "books", name), $"books:{name}", okx, now => Answer(okx, now));
            default:
                return new(new(venue, "orderbook.50", name), $"orderbook.50.{name}", new BybitMarket(symbols, 1, chance, start), null);
        }
    }

    /// <summary>What the REST side of a market answers to who asks for the book of its first symbol.</summary>
    public static string Answer(SyntheticMarket market, long nowMs) => market is OkxMarket okx
        ? $"{{\"code\":\"0\",\"msg\":\"\",\"data\":[{Text(OkxAnswers.Book(okx, okx.Markets[0], 400, nowMs))}]}}"
        : Text(new BinanceAnswers(market, new JsonBuilder()).Depth(market.Markets[0], 1000, nowMs));

    public IVenue Venue => VenueCatalog.Find(Stream.Venue)!;

    public byte[] Frame(SimulatedStream stream, ReadOnlySpan<byte> data, bool isWhole) => isWhole ? data.ToArray() : [.. stream.Wrap, .. data, (byte)'}'];

    /// <summary>The levels of a REST answer.</summary>
    public static ShadowBook Read(string body)
    {
        var book = new ShadowBook();
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement.TryGetProperty("data", out var data) ? data[0] : json.RootElement;
        foreach (var (name, side) in new[] { ("bids", Side.Buy), ("asks", Side.Sell) })
            foreach (var level in root.GetProperty(name).EnumerateArray()) book.Set(side, Number(level[0]), Number(level[1]));
        return book;
    }

    private static double Number(JsonElement text) => double.Parse(text.GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(JsonBuilder json) => Encoding.UTF8.GetString(json.Bytes);
}
