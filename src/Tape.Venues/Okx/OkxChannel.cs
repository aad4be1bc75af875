using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Venues.Okx;

/// <summary>The channels of OKX's swaps. Candles and single trades come over the business socket; on the wrong one the venue refuses them (60018).</summary>
internal static class OkxChannel
{
    public const string PublicRoute = "public";
    public const string BusinessRoute = "business";

    /// <summary>Liquidations of all swaps come in one stream.</summary>
    public const string Liquidations = "liquidation-orders";

    /// <summary>Streams of the index have the index's name.</summary>
    public const string Index = "index-tickers";

    /// <summary>
    /// All channels, default ones first. Mark prices come every 10 s at the latest, index prices each minute, funding rates every 30 to 90 s, books that do not
    /// change each minute; trades (and candles, which are pushed only while trading) of a quiet contract can pause for minutes. Ids: a trade stands for as many
    /// fills as its count says, up to its id, and the next one begins right behind (not documented as a rule, and true of all captures); <c>prevSeqId</c> of a
    /// book is <c>seqId</c> of the one before, also where the venue numbers anew; <c>seqId</c> of bbo-tbt only rises.
    /// </summary>
    public static IReadOnlyList<VenueChannel> All { get; } =
    [
        VenueChannel.Steady("trades", "trades, fills of one taker order at one price joined", true, PublicRoute, 300, 600) with
        {
            Ids = SequenceKind.TradeRanges,
        },
        VenueChannel.Steady("bbo-tbt", "best bid and offer, every 10 ms when changed", true, PublicRoute, 30, 60) with { Ids = SequenceKind.RisingQuotes },
        VenueChannel.Steady("mark-price", "mark price, every 200 ms when changed", true, PublicRoute, 30, 30) with { IsMetronome = true },
        VenueChannel.Steady(Index, "price of the index, every 100 ms when changed", true, PublicRoute, 90, 150) with { IsMetronome = true },
        VenueChannel.Steady("funding-rate", "funding rate, every 30 to 90 s", true, PublicRoute, 120, 240) with { IsMetronome = true },
        VenueChannel.Steady("open-interest", "open interest in contracts, about every 3 s", true, PublicRoute, 60, 120),
        VenueChannel.Sparse(Liquidations, "liquidations of all swaps, at most one a second and contract", true, PublicRoute),
        VenueChannel.Steady("books", "changes of the best 400 levels, every 100 ms", true, PublicRoute, 30, 90) with
        {
            Ids = SequenceKind.BookChain,
            BeginsWithSnapshot = true,
        },
        VenueChannel.Steady("books5", "full snapshots of the best 5 levels, every 100 ms when changed", false, PublicRoute, 30, 90) with { IsSnapshot = true },
        VenueChannel.Steady("tickers", "last price, best bid and offer and statistics of 24 hours, every 100 ms when changed", false, PublicRoute, 30, 60),
        VenueChannel.Steady("trades-all", "single fills", false, BusinessRoute, 300, 600) with { Ids = SequenceKind.TradeIds },
        VenueChannel.Steady("candle1m", "one-minute candles, at most one a second", false, BusinessRoute, 300, 600),
    ];
}
