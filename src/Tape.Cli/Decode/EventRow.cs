using System.Text.Json;

namespace Tape.Cli.Decode;

/// <summary>The members of one event in a JSON line, all columns of its table in their order.</summary>
/// <param name="areTexts">Whether nanoseconds, and other integers that a double would round, are texts of digits.</param>
internal readonly ref struct EventRow(Utf8JsonWriter json, JsonEncodedText exchange, EventBuffer events, bool areTexts)
{
    public void Write(in TradeEvent trade)
    {
        Head("trades"u8, trade.Head);
        Number("price"u8, trade.Price);
        Number("qty"u8, trade.Quantity);
        json.WriteString("side"u8, trade.Side == Side.Buy ? "buy"u8 : "sell"u8);
        Text("trade_id"u8, trade.TradeId);
        Integer("first_id"u8, trade.FirstId);
        Integer("last_id"u8, trade.LastId);
        Number("qty_ex_rpi"u8, trade.QuantityExRpi);
        Text("flags"u8, trade.Flags);
    }

    public void Write(in QuoteEvent quote)
    {
        Head("bbo"u8, quote.Head);
        Number("bid_price"u8, quote.BidPrice);
        Number("bid_qty"u8, quote.BidQuantity);
        Number("ask_price"u8, quote.AskPrice);
        Number("ask_qty"u8, quote.AskQuantity);
        Integer("update_id"u8, quote.UpdateId);
    }

    public void Write(in MarkPriceEvent price)
    {
        Head("mark_price"u8, price.Head);
        Number("mark_price"u8, price.MarkPrice);
        Number("index_price"u8, price.IndexPrice);
    }

    public void Write(in FundingEvent funding)
    {
        Head("funding"u8, funding.Head);
        Number("funding_rate"u8, funding.Rate);
        Time("next_funding_time"u8, funding.NextFundingTime);
        Integer("funding_interval_s"u8, funding.IntervalSeconds);
        Number("settled_rate"u8, funding.SettledRate);
    }

    public void Write(in OpenInterestEvent interest)
    {
        Head("open_interest"u8, interest.Head);
        Number("open_interest"u8, interest.OpenInterest);
        Number("open_interest_value"u8, interest.OpenInterestValue);
    }

    public void Write(in LiquidationEvent liquidation)
    {
        Head("liquidations"u8, liquidation.Head);
        Number("price"u8, liquidation.Price);
        Number("qty"u8, liquidation.Quantity);
        Number("avg_price"u8, liquidation.AveragePrice);
        json.WriteString("side"u8, liquidation.Side == Side.Buy ? "buy"u8 : "sell"u8);
    }

    public void Write(in BookEvent level)
    {
        Head("book"u8, level.Head);
        if (level.Side == Side.None) json.WriteNull("side"u8);
        else json.WriteString("side"u8, level.Side == Side.Buy ? "bid"u8 : "ask"u8);
        Number("price"u8, level.Price);
        Number("qty"u8, level.Quantity);
        json.WriteString("kind"u8, level.Kind == BookKind.Snapshot ? "snapshot"u8 : "delta"u8);
        Integer("first_update_id"u8, level.FirstUpdateId);
        Integer("update_id"u8, level.UpdateId);
        Integer("prev_update_id"u8, level.PreviousUpdateId);
        Integer("seq"u8, level.Sequence);
    }

    public void Write(in CandleEvent candle)
    {
        Head("candles"u8, candle.Head);
        Text("timeframe"u8, candle.Timeframe);
        Integer("open_time_ms"u8, candle.OpenTimeMs);
        Integer("close_time_ms"u8, candle.CloseTimeMs);
        Number("open"u8, candle.Open);
        Number("high"u8, candle.High);
        Number("low"u8, candle.Low);
        Number("close"u8, candle.Close);
        Number("volume"u8, candle.Volume);
        Number("quote_volume"u8, candle.QuoteVolume);
        Number("vwap"u8, candle.Vwap);
        Integer("trades_count"u8, candle.TradesCount);
        if (candle.IsClosed is { } isClosed) json.WriteBoolean("is_closed"u8, isClosed);
        else json.WriteNull("is_closed"u8);
    }

    private void Head(ReadOnlySpan<byte> table, in EventHead head)
    {
        json.WriteNumber("idx"u8, head.Index);
        json.WriteString("table"u8, table);
        json.WriteString("exchange"u8, exchange);
        Text("symbol"u8, head.Symbol);
        Time("ts_event"u8, head.EventTime);
        Time("ts_sent"u8, head.SentTime);
    }

    private void Text(ReadOnlySpan<byte> name, TextRef text)
    {
        if (text.IsAbsent) json.WriteNull(name);
        else json.WriteString(name, events.Text(text));
    }

    private void Integer(ReadOnlySpan<byte> name, long value)
    {
        if (value is < -JsonIntegers.SafeMax or > JsonIntegers.SafeMax) Time(name, value);
        else json.WriteNumber(name, value);
    }

    /// <summary>Nanoseconds since the epoch.</summary>
    private void Time(ReadOnlySpan<byte> name, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        if (value == Absent.Integer) json.WriteNull(name);
        else if (areTexts && value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture)) json.WriteString(name, digits[..length]);
        else json.WriteNumber(name, value);
    }

    private void Number(ReadOnlySpan<byte> name, double value)
    {
        if (double.IsNaN(value)) json.WriteNull(name);
        else json.WriteNumber(name, value);
    }
}
