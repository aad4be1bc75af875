using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Venues.Binance;

/// <summary>The streams of Binance USDⓈ-M futures. On the wrong route a stream is acknowledged and stays silent.</summary>
internal static class BinanceChannel
{
    public const string PublicRoute = "public";
    public const string MarketRoute = "market";

    /// <summary>
    /// All channels, default ones first. Mark prices come each second whatever happens, so ten missing ones mean a dead or misrouted stream.
    /// Quotes and books move several times a minute even on quiet contracts. Trades (and candles, which are pushed only while trading) of
    /// a quiet contract can pause for minutes; liquidations for weeks, so their silence means nothing.
    /// Ids: <c>a</c> of aggTrade and <c>t</c> of trade rise by one (fills of the insurance fund are missing behind <c>f</c> and <c>l</c> of aggTrade, not
    /// here), <c>pu</c> of depth is <c>u</c> of the frame before, <c>u</c> of bookTicker only rises; the other channels have none.
    /// </summary>
    public static IReadOnlyList<VenueChannel> All { get; } =
    [
        new VenueChannel(new("aggTrade", "trades, fills of one taker order at one price joined", true), MarketRoute, "aggTrade", Minutes(5), Minutes(10)) with
        {
            Ids = SequenceKind.TradeIds,
        },
        new VenueChannel(new("bookTicker", "best bid and offer at each change", true), PublicRoute, "bookTicker", Seconds(30), Seconds(60)) with
        {
            Ids = SequenceKind.RisingQuotes,
        },
        new VenueChannel(new("markPrice", "mark and index price and funding rate, each second", true), MarketRoute, "markPrice@1s", Seconds(10),
            Seconds(10)) with { IsMetronome = true },
        new(new("forceOrder", "liquidations, at most one a second and symbol", true), MarketRoute, "forceOrder", null, null),
        new VenueChannel(new("depth", "changes of the order book, every 100 ms", true), PublicRoute, "depth@100ms", Seconds(30), Seconds(60)) with
        {
            Ids = SequenceKind.BookChain,
        },
        new VenueChannel(new("trade", "single fills (not documented by the venue)", false), PublicRoute, "trade", Minutes(5), Minutes(10)) with
        {
            Ids = SequenceKind.TradeIds,
        },
        new(new("kline_1m", "one-minute candles, every 250 ms while trading", false), MarketRoute, "kline_1m", Minutes(5), Minutes(10)),
        new(new("ticker", "statistics of the last 24 hours, every 2 s at most", false), MarketRoute, "ticker", Minutes(5), Minutes(10)),
        new(new("miniTicker", "the short form of ticker: open, high, low, last price and volumes of 24 hours", false), MarketRoute, "miniTicker", Minutes(5),
            Minutes(10)),
    ];

    private static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);

    private static TimeSpan Minutes(int count) => TimeSpan.FromMinutes(count);
}
