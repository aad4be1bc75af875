using Tape.Venues.Sequences;

namespace Tape.Venues.Binance;

/// <summary>One kind of stream of Binance USDⓈ-M futures.</summary>
/// <param name="Info">Name in the configuration, summary, default or not.</param>
/// <param name="Route">The route that delivers it. On the other one it is acknowledged and stays silent.</param>
/// <param name="WireName">What follows the symbol and the @ in the stream's name.</param>
/// <param name="FirstDataWithin">See <see cref="StreamPlan.FirstDataWithin"/>.</param>
/// <param name="SilentAfter">See <see cref="StreamPlan.SilentAfter"/>.</param>
/// <param name="Ids">Which ids follow one another.</param>
internal sealed record BinanceChannel(ChannelInfo Info, string Route, string WireName, TimeSpan? FirstDataWithin, TimeSpan? SilentAfter, SequenceKind Ids = SequenceKind.None)
{
    public const string PublicRoute = "public";
    public const string MarketRoute = "market";

    /// <summary>
    /// All channels, default ones first. Mark prices come each second whatever happens, so ten missing ones mean a dead or misrouted stream.
    /// Quotes and books move several times a minute even on quiet contracts. Trades (and candles, which are pushed only while trading) of
    /// a quiet contract can pause for minutes; liquidations for weeks, so their silence means nothing.
    /// Ids: <c>a</c> of aggTrade and <c>t</c> of trade rise by one (fills of the insurance fund are missing behind <c>f</c> and <c>l</c> of aggTrade, not here), <c>pu</c> of depth is <c>u</c> of the
    /// frame before, <c>u</c> of bookTicker only rises; the other channels have none. All of it holds on the captures.
    /// </summary>
    public static IReadOnlyList<BinanceChannel> All { get; } =
    [
        new(new("aggTrade", "trades, fills of one taker order at one price joined", true), MarketRoute, "aggTrade", Minutes(5), Minutes(10), SequenceKind.TradeIds),
        new(new("bookTicker", "best bid and offer at each change", true), PublicRoute, "bookTicker", Seconds(30), Seconds(60), SequenceKind.RisingQuotes),
        new(new("markPrice", "mark and index price and funding rate, each second", true), MarketRoute, "markPrice@1s", Seconds(10), Seconds(10)),
        new(new("forceOrder", "liquidations, at most one a second and symbol", true), MarketRoute, "forceOrder", null, null),
        new(new("depth", "changes of the order book, every 100 ms", true), PublicRoute, "depth@100ms", Seconds(30), Seconds(60), SequenceKind.BookChain),
        new(new("trade", "single fills (not documented by the venue)", false), PublicRoute, "trade", Minutes(5), Minutes(10), SequenceKind.TradeIds),
        new(new("kline_1m", "one-minute candles, every 250 ms while trading", false), MarketRoute, "kline_1m", Minutes(5), Minutes(10)),
        new(new("ticker", "statistics of the last 24 hours, every 2 s at most", false), MarketRoute, "ticker", Minutes(5), Minutes(10)),
        new(new("miniTicker", "the short form of ticker: open, high, low, last price and volumes of 24 hours", false), MarketRoute, "miniTicker", Minutes(5), Minutes(10)),
    ];

    /// <summary>How a hole shows. A mark price that is late is one: the venue sends it each second whatever happens.</summary>
    public SequenceRule Sequence => new(Ids, FirstDataWithin, WireName.StartsWith("markPrice", StringComparison.Ordinal) ? SilentAfter : null);

    private static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);

    private static TimeSpan Minutes(int count) => TimeSpan.FromMinutes(count);
}
