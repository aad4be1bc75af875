using Tape.Storage.Schema;
using Tape.Storage.Tapes.Notes;

namespace Tape.Tables.Rows;

/// <summary>One method a table; values in the order of its columns.</summary>
public sealed partial class RowBuffer
{
    /// <summary>Adds a trade.</summary>
    /// <param name="texts">The buffer that the event is in.</param>
    /// <exception cref="InvalidOperationException">Another table's buffer, a row out of tape order, or a full buffer; nothing was added.</exception>
    public void AddTrade(in TradeEvent trade, EventBuffer texts, in RowOrigin origin)
    {
        Begin(RawSchema.Trades, trade.Head, texts, origin);
        Number(trade.Price);
        Number(trade.Quantity);
        Word(SideWord(trade.Side));
        Text(texts.Text(trade.TradeId));
        Integer(trade.FirstId);
        Integer(trade.LastId);
        Number(trade.QuantityExRpi);
        Word(texts.Text(trade.Flags));
        End();
    }

    /// <summary>Adds a best bid and offer.</summary>
    /// <inheritdoc cref="AddTrade" path="/exception"/>
    public void AddQuote(in QuoteEvent quote, EventBuffer texts, in RowOrigin origin)
    {
        Begin(RawSchema.Bbo, quote.Head, texts, origin);
        Number(quote.BidPrice);
        Number(quote.BidQuantity);
        Number(quote.AskPrice);
        Number(quote.AskQuantity);
        Integer(quote.UpdateId);
        End();
    }

    /// <summary>Adds a mark price.</summary>
    /// <inheritdoc cref="AddTrade" path="/exception"/>
    public void AddMarkPrice(in MarkPriceEvent mark, EventBuffer texts, in RowOrigin origin)
    {
        Begin(RawSchema.MarkPrice, mark.Head, texts, origin);
        Number(mark.MarkPrice);
        Number(mark.IndexPrice);
        End();
    }

    /// <summary>Adds a funding rate.</summary>
    /// <inheritdoc cref="AddTrade" path="/exception"/>
    public void AddFunding(in FundingEvent funding, EventBuffer texts, in RowOrigin origin)
    {
        Begin(RawSchema.Funding, funding.Head, texts, origin);
        Number(funding.Rate);
        Integer(funding.NextFundingTime);
        Int(funding.IntervalSeconds);
        Number(funding.SettledRate);
        End();
    }

    /// <summary>Adds an open interest.</summary>
    /// <inheritdoc cref="AddTrade" path="/exception"/>
    public void AddOpenInterest(in OpenInterestEvent interest, EventBuffer texts, in RowOrigin origin)
    {
        Begin(RawSchema.OpenInterest, interest.Head, texts, origin);
        Number(interest.OpenInterest);
        Number(interest.OpenInterestValue);
        End();
    }

    /// <summary>Adds a liquidation.</summary>
    /// <inheritdoc cref="AddTrade" path="/exception"/>
    public void AddLiquidation(in LiquidationEvent liquidation, EventBuffer texts, in RowOrigin origin)
    {
        Begin(RawSchema.Liquidations, liquidation.Head, texts, origin);
        Number(liquidation.Price);
        Number(liquidation.Quantity);
        Number(liquidation.AveragePrice);
        Word(SideWord(liquidation.Side));
        End();
    }

    /// <summary>Adds a book level.</summary>
    /// <inheritdoc cref="AddTrade" path="/exception"/>
    public void AddBook(in BookEvent level, EventBuffer texts, in RowOrigin origin)
    {
        Begin(RawSchema.Book, level.Head, texts, origin);
        Word(level.Side switch { Side.Buy => "bid"u8, Side.Sell => "ask"u8, _ => default });
        Number(level.Price);
        Number(level.Quantity);
        Word(level.Kind is BookKind.Snapshot ? "snapshot"u8 : "delta"u8);
        Integer(level.FirstUpdateId);
        Integer(level.UpdateId);
        Integer(level.PreviousUpdateId);
        Integer(level.Sequence);
        End();
    }

    /// <summary>Adds a candle as the venue sends it.</summary>
    /// <inheritdoc cref="AddTrade" path="/exception"/>
    public void AddCandle(in CandleEvent candle, EventBuffer texts, in RowOrigin origin)
    {
        Begin(RawSchema.VenueCandles, candle.Head, texts, origin);
        Word(texts.Text(candle.Timeframe));
        Integer(candle.OpenTimeMs * UnixNanos.PerMillisecond);
        foreach (var value in (ReadOnlySpan<double>)[candle.Open, candle.High, candle.Low, candle.Close, candle.Volume, candle.QuoteVolume, candle.Vwap])
            Number(value);
        Integer(candle.TradesCount);
        Int(candle.IsClosed switch { true => 1, false => 0, null => Absent.Integer });
        End();
    }

    /// <summary>Adds what the recorder said of itself.</summary>
    /// <param name="origin">The note's record; its exchange is <see cref="RawSchema.HealthExchange"/>.</param>
    /// <inheritdoc cref="AddTrade" path="/exception"/>
    public void AddHealth(HealthNote note, in RowOrigin origin)
    {
        Begin(RawSchema.Health, new EventHead(0, default, origin.ReceivedAt, Absent.Integer), Encoding.UTF8.GetBytes(RawSchema.HealthSymbol), origin);
        Word(note is StateNote ? "state"u8 : "heartbeat"u8);
        Word(Encoding.UTF8.GetBytes(note.State));
        Word(Encoding.UTF8.GetBytes((note as StateNote)?.Before ?? ""));
        Integer(note.Since);
        Text(Encoding.UTF8.GetBytes(string.Join("; ", note.Why)));
        Text(Encoding.UTF8.GetBytes(string.Join(' ', note.Advice)));
        Number(note.UptimeNanos / (double)UnixNanos.PerSecond);
        foreach (var count in (ReadOnlySpan<long>)[note.Frames, note.FrameBytes, note.Dropped]) Integer(count);
        Number(note.QueueUtilization);
        var streams = note.Streams;
        foreach (var count in (ReadOnlySpan<int>)[note.Connections, note.ConnectionsOpen, streams.Live, streams.Waiting, streams.Silent, streams.Unproven,
            streams.Refused, streams.Down])
            Integer(count);
        Integer(note.FreeBytes ?? Absent.Integer);
        Integer(note.ClockOffsetNanos ?? Absent.Integer);
        End();
    }

    private static ReadOnlySpan<byte> SideWord(Side side) => side switch { Side.Buy => "buy"u8, Side.Sell => "sell"u8, _ => default };
}
