using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Venues.Bybit;

/// <summary>The topics of Bybit's linear contracts. All come over one route.</summary>
internal static class BybitChannel
{
    public const string Route = "linear";

    /// <summary>
    /// All channels, default ones first. The book of one level comes again after 3 s without a change; the mark price in tickers moves nearly every second;
    /// trades of a quiet contract can pause for minutes; candles come each minute at the latest; liquidations may be weeks apart. Ids: <c>u</c> of a book rises
    /// by one per symbol and depth (not documented, and true of all captures), a snapshot begins anew; of one level every frame is a snapshot, whose <c>u</c>
    /// may come again; trade ids are random.
    /// </summary>
    public static IReadOnlyList<VenueChannel> All { get; } =
    [
        VenueChannel.Steady("publicTrade", "trades", true, Route, 300, 600),
        VenueChannel.Steady("orderbook.1", "best bid and offer, every 10 ms when changed", true, Route, 30, 60) with
        {
            Ids = SequenceKind.RisingQuotes,
            IsMetronome = true,
            IsSnapshot = true,
        },
        VenueChannel.Steady("tickers", "mark and index price, funding rate, open interest and best bid and offer, every 100 ms what has changed", true, Route,
            30, 60),
        VenueChannel.Sparse("allLiquidation", "all liquidations, every 500 ms", true, Route),
        VenueChannel.Steady("orderbook.50", "changes of the best 50 levels, every 20 ms", true, Route, 30, 60) with
        {
            Ids = SequenceKind.BookUpdates,
            BeginsWithSnapshot = true,
        },
        VenueChannel.Steady("orderbook.200", "changes of the best 200 levels, every 100 ms", false, Route, 30, 60) with
        {
            Ids = SequenceKind.BookUpdates,
            BeginsWithSnapshot = true,
        },
        VenueChannel.Steady("orderbook.1000", "changes of the best 1000 levels, every 200 ms", false, Route, 30, 60) with
        {
            Ids = SequenceKind.BookUpdates,
            BeginsWithSnapshot = true,
        },
        VenueChannel.Steady("kline.1", "one-minute candles, every 1 to 60 s", false, Route, 120, 180),
    ];
}
