namespace Tape.Venues.Binance;

/// <summary>The event types of Binance that have rows.</summary>
internal enum EventKind
{
    Unknown,
    AggregateTrade,
    Trade,
    Quote,
    Mark,
    Liquidation,
    Depth,
    Candle,
}
