using System.Runtime.CompilerServices;
using Tape.Venues.Frames;

namespace Tape.Venues.Binance;

/// <summary>What Binance's one-letter names mean. Some letters mean different things in different events.</summary>
internal static class Field
{
    public const int EventType = 'e' & 63;
    public const int EventTime = 'E' & 63;
    public const int TransactionTime = 'T' & 63;
    public const int Symbol = 's' & 63;
    public const int Price = 'p' & 63;
    public const int Quantity = 'q' & 63;
    public const int IsBuyerMaker = 'm' & 63;
    public const int AggregateId = 'a' & 63;
    public const int TradeId = 't' & 63;
    public const int FirstId = 'f' & 63;
    public const int LastId = 'l' & 63;
    public const int ExecutionType = 'X' & 63;
    public const int FirstUpdateId = 'U' & 63;
    public const int UpdateId = 'u' & 63;
    public const int BidPrice = 'b' & 63;
    public const int BidQuantity = 'B' & 63;
    public const int AskPrice = 'a' & 63;
    public const int AskQuantity = 'A' & 63;
    public const int Index = 'i' & 63;
    public const int Rate = 'r' & 63;
    public const int Order = 'o' & 63;
    public const int OrderSide = 'S' & 63;
    public const int Filled = 'z' & 63;
    public const int Candle = 'k' & 63;
    public const int Interval = 'i' & 63;
    public const int OpenTime = 't' & 63;
    public const int Open = 'o' & 63;
    public const int High = 'h' & 63;
    public const int Low = 'l' & 63;
    public const int Close = 'c' & 63;
    public const int Volume = 'v' & 63;
    public const int Trades = 'n' & 63;
    public const int IsClosed = 'x' & 63;
}

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

/// <summary>A value for each <see cref="BinanceField"/>, held in place.</summary>
[InlineArray(FieldNames.FieldsMax)]
internal struct FieldValues<T> where T : struct
{
    private T _first;
}
