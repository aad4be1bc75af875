namespace Tape.Simulator.Serving;

/// <summary>The kinds of streams that a simulator can fill, whatever a venue calls them.</summary>
internal enum StreamKind
{
    /// <summary>A taker order's fills as one event, or as one frame.</summary>
    Orders,

    /// <summary>Each fill as a frame.</summary>
    Fills,

    /// <summary>The best prices, as they change.</summary>
    Quotes,
    MarkPrice,
    IndexPrice,
    Funding,
    OpenInterest,
    Liquidations,
    Book,
    Candles,
    Ticker,
    MiniTicker,
    AllLiquidations,
    AllMarkPrices,

    /// <summary>Frames that were captured or recorded.</summary>
    Captured,
}
