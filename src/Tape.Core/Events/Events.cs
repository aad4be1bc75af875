using Tape.Core.Values;

namespace Tape.Core.Events;

/// <summary>What every event has. Times are nanoseconds since the epoch on the venue's clock.</summary>
/// <param name="Index">Position in the frame, 0-based, distinct and rising in frame order over all kinds of events.</param>
/// <param name="Symbol">The venue's own name, as sent.</param>
/// <param name="EventTime">When it happened at the venue: transaction time where the venue gives one, else its message time.</param>
/// <param name="SentTime">The venue's message time, or <see cref="Absent.Integer"/> when it gives only one time.</param>
public readonly record struct EventHead(int Index, TextRef Symbol, long EventTime, long SentTime);

/// <summary>A trade, or an aggregate of fills of one taker order. Quantity as the venue sends it.</summary>
public struct TradeEvent
{
    public EventHead Head;
    public double Price;
    public double Quantity;
    /// <summary>The taker's side.</summary>
    public Side Side;
    public TextRef TradeId;
    /// <summary>First and last fill behind an aggregate, or <see cref="Absent.Integer"/>.</summary>
    public long FirstId;
    public long LastId;
    /// <summary>The quantity without what was traded against retail price improvement orders, as sent, or <see cref="Absent.Number"/>.</summary>
    public double QuantityExRpi;
    /// <summary>Lower-case marks joined by commas (snapshot, block, rpi…), or absent.</summary>
    public TextRef Flags;
    /// <summary>The venue took a trade id for something that is no trade: it makes no row, and its id counts for continuity all the same.</summary>
    public bool IsNoTrade;
}

/// <summary>Best bid and offer. An empty side is <see cref="Absent.Number"/>.</summary>
public struct QuoteEvent
{
    public EventHead Head;
    public double BidPrice;
    public double BidQuantity;
    public double AskPrice;
    public double AskQuantity;
    public long UpdateId;
}

/// <summary>Mark and index price; either may be <see cref="Absent.Number"/>, not both.</summary>
public struct MarkPriceEvent
{
    public EventHead Head;
    public double MarkPrice;
    public double IndexPrice;
}

/// <summary>Funding rate as a fraction, and when it is due next. Rate and time may be absent, not all of it.</summary>
public struct FundingEvent
{
    public EventHead Head;
    public double Rate;
    public long NextFundingTime;
    /// <summary>Seconds between two fundings, or <see cref="Absent.Integer"/>.</summary>
    public long IntervalSeconds;
    /// <summary>The rate that was settled last, as a fraction, or <see cref="Absent.Number"/>.</summary>
    public double SettledRate;
}

/// <summary>Open interest in the venue's unit, and its value in quote currency.</summary>
public struct OpenInterestEvent
{
    public EventHead Head;
    public double OpenInterest;
    public double OpenInterestValue;
}

/// <summary>A liquidation order.</summary>
public struct LiquidationEvent
{
    public EventHead Head;
    public double Price;
    public double Quantity;
    /// <summary>The average price at which it was filled, or <see cref="Absent.Number"/>.</summary>
    public double AveragePrice;
    /// <summary>Side of the liquidation order: Sell closes a long.</summary>
    public Side Side;
}

/// <summary>Whether a book row belongs to a snapshot or to a delta.</summary>
public enum BookKind : byte
{
    Delta = 0,
    Snapshot = 1,
}

/// <summary>One book level of a frame. A frame without levels is one event with <see cref="Side.None"/> and absent price and quantity.</summary>
public struct BookEvent
{
    public EventHead Head;
    /// <summary>Buy = bid, Sell = ask.</summary>
    public Side Side;
    public double Price;
    /// <summary>0 = level removed.</summary>
    public double Quantity;
    public BookKind Kind;
    public long FirstUpdateId;
    public long UpdateId;
    public long PreviousUpdateId;
    /// <summary>The venue's sequence across its streams, or <see cref="Absent.Integer"/>.</summary>
    public long Sequence;
}

/// <summary>A candle as the venue sends it, open or closed.</summary>
public struct CandleEvent
{
    public EventHead Head;
    /// <summary>Our spelling: 1m, 5m, 1h, 1d.</summary>
    public TextRef Timeframe;
    /// <summary>Milliseconds since the epoch.</summary>
    public long OpenTimeMs;
    /// <summary>Milliseconds since the epoch, as the venue gives it, or <see cref="Absent.Integer"/>.</summary>
    public long CloseTimeMs;
    public double Open;
    public double High;
    public double Low;
    public double Close;
    public double Volume;
    public double QuoteVolume;
    public double Vwap;
    public long TradesCount;
    /// <summary>Null where the venue does not say.</summary>
    public bool? IsClosed;
}
