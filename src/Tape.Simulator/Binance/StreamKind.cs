namespace Tape.Simulator.Binance;

/// <summary>The kinds of streams that the simulator can fill.</summary>
internal enum StreamKind
{
    AggTrade,
    Trade,
    BookTicker,
    MarkPrice,
    ForceOrder,
    Depth,
    Kline,
    Ticker,
    MiniTicker,
    AllForceOrders,
    AllMarkPrices,
    Captured,
}
