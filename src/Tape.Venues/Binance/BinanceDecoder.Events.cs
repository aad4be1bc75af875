using System.Runtime.CompilerServices;
using Tape.Venues.Frames;

namespace Tape.Venues.Binance;

/// <summary>Event objects to rows.</summary>
public sealed partial class BinanceDecoder
{
    private const long OtherBusinessLine = 2;

    /// <summary>Adds the rows of one event object, or notes why it has none.</summary>
    private bool Interpret(ReadOnlySpan<byte> frame, FrameFields fields)
    {
        if (!fields.Has(Field.EventType))
        {
            _sawUnknown = true;
            return true;
        }

        if (!Text(frame, fields, Field.EventType, out ReadOnlySpan<byte> type)) return false;
        var kind = KindOf(type);
        _sawUnknown |= kind == EventKind.Unknown;
        _sawKnown |= kind != EventKind.Unknown;
        if (kind == EventKind.Unknown) return true;
        if (!OptionalInteger(frame, fields, BinanceField.BusinessLine, out var line)) return false;
        return line == OtherBusinessLine || kind switch
        {
            EventKind.AggregateTrade => AddTrade(frame, fields, Field.AggregateId, isAggregate: true),
            EventKind.Trade => AddTrade(frame, fields, Field.TradeId, isAggregate: false),
            EventKind.Quote => AddQuote(frame, fields),
            EventKind.Mark => AddMarkPrice(frame, fields),
            EventKind.Liquidation => AddLiquidation(frame, fields),
            EventKind.Depth => AddBook(frame, fields),
            _ => AddCandle(frame, fields),
        };
    }

    private static EventKind KindOf(ReadOnlySpan<byte> type) => type.Length switch
    {
        5 when type.SequenceEqual("trade"u8) => EventKind.Trade,
        5 when type.SequenceEqual("kline"u8) => EventKind.Candle,
        8 when type.SequenceEqual("aggTrade"u8) => EventKind.AggregateTrade,
        10 when type.SequenceEqual("bookTicker"u8) => EventKind.Quote,
        10 when type.SequenceEqual("forceOrder"u8) => EventKind.Liquidation,
        11 when type.SequenceEqual("depthUpdate"u8) => EventKind.Depth,
        15 when type.SequenceEqual("markPriceUpdate"u8) => EventKind.Mark,
        _ => EventKind.Unknown,
    };

    private bool AddTrade(ReadOnlySpan<byte> frame, FrameFields fields, int idField, bool isAggregate)
    {
        long firstId = Absent.Integer, lastId = Absent.Integer;
        if (!Head(frame, fields, out var head) || !Number(frame, fields, Field.Price, out var price)
            || !Number(frame, fields, Field.Quantity, out var quantity) || !OptionalNumber(frame, fields, BinanceField.QuantityExRpi, out var exRpi))
            return false;
        if (!Boolean(fields, Field.IsBuyerMaker, out var isBuyerMaker) || !Integer(frame, fields, idField, out var id)) return false;
        if (isAggregate && !(OptionalInteger(frame, fields, Field.FirstId, out firstId) && OptionalInteger(frame, fields, Field.LastId, out lastId)))
            return false;
        if (!ExecutionFlag(frame, fields, out var flags)) return false;
        EmitTrade(head, price, quantity, exRpi, isBuyerMaker, Events.AddText(id == 0 ? "0"u8 : fields[idField].In(frame)), firstId, lastId, flags);
        return true;
    }

    /// <summary>A trade of price 0 or of type <c>NA</c> is none.</summary>
    private void EmitTrade(in EventHead head, double price, double quantity, double exRpi, bool isBuyerMaker, TextRef id, long firstId, long lastId,
        TextRef flags)
    {
        ref var trade = ref Events.Trades.Add();
        trade.Head = Next(head);
        trade.Price = price;
        trade.Quantity = quantity;
        trade.Side = isBuyerMaker ? Side.Sell : Side.Buy;
        trade.TradeId = id;
        trade.FirstId = firstId;
        trade.LastId = lastId;
        trade.QuantityExRpi = exRpi;
        trade.Flags = flags;
        trade.IsNoTrade = price == 0 || Events.Text(flags).SequenceEqual("NA"u8);
    }

    /// <summary>How a trade came about, where it is not the market (insurance fund, deleveraging): a flag, as sent.</summary>
    private bool ExecutionFlag(ReadOnlySpan<byte> frame, FrameFields fields, out TextRef flags)
    {
        flags = default;
        if (!fields.Has(Field.ExecutionType)) return true;
        if (!Text(frame, fields, Field.ExecutionType, out ReadOnlySpan<byte> text)) return false;
        if (!text.SequenceEqual("MARKET"u8)) flags = Events.AddText(text);
        return true;
    }

    private bool AddQuote(ReadOnlySpan<byte> frame, FrameFields fields)
    {
        if (!Head(frame, fields, out var head) || !Integer(frame, fields, Field.UpdateId, out var updateId)) return false;
        if (!Number(frame, fields, Field.BidPrice, out var bidPrice) || !Number(frame, fields, Field.BidQuantity, out var bidQuantity)) return false;
        if (!Number(frame, fields, Field.AskPrice, out var askPrice) || !Number(frame, fields, Field.AskQuantity, out var askQuantity)) return false;
        EmitQuote(head, bidPrice, bidQuantity, askPrice, askQuantity, updateId);
        return true;
    }

    private void EmitQuote(in EventHead head, double bidPrice, double bidQuantity, double askPrice, double askQuantity, long updateId)
    {
        ref var quote = ref Events.Quotes.Add();
        quote.Head = Next(head);
        quote.BidPrice = bidPrice;
        quote.BidQuantity = bidQuantity;
        quote.AskPrice = askPrice;
        quote.AskQuantity = askQuantity;
        quote.UpdateId = updateId;
    }

    private bool AddMarkPrice(ReadOnlySpan<byte> frame, FrameFields fields)
    {
        if (!Text(frame, fields, Field.Symbol, out TextRef symbol) || !Time(frame, fields, Field.EventTime, out var time)) return false;
        if (!Number(frame, fields, Field.Price, out var mark) || !OptionalNumber(frame, fields, Field.Index, out var index)) return false;
        if (!OptionalNumber(frame, fields, Field.Rate, out var rate) || !OptionalTime(frame, fields, Field.TransactionTime, out var nextFunding)) return false;
        EmitMarkPrice(new EventHead(0, symbol, time, Absent.Integer), mark, index, rate, nextFunding);
        return true;
    }

    /// <summary>Mark price and, for perpetuals, funding. Dated contracts send an empty rate or the time 0 (or both), and have no funding.</summary>
    private void EmitMarkPrice(in EventHead head, double mark, double index, double rate, long nextFunding)
    {
        ref var price = ref Events.MarkPrices.Add();
        price.Head = Next(head);
        price.MarkPrice = mark;
        price.IndexPrice = index;
        if (double.IsNaN(rate) || nextFunding == 0) return;
        ref var funding = ref Events.Fundings.Add();
        funding.Head = Next(head);
        funding.Rate = rate;
        funding.NextFundingTime = nextFunding;
        (funding.IntervalSeconds, funding.SettledRate) = (Absent.Integer, Absent.Number);
    }

    private bool AddLiquidation(ReadOnlySpan<byte> frame, FrameFields fields)
    {
        if (!OptionalTime(frame, fields, Field.EventTime, out var sent) || !Inner(frame, fields, Field.Order, _inner)) return false;
        if (!OptionalInteger(frame, _inner, BinanceField.BusinessLine, out var line)) return false;
        if (line == OtherBusinessLine) return true;
        if (!Text(frame, _inner, Field.Symbol, out TextRef symbol) || !Time(frame, _inner, Field.TransactionTime, out var time)) return false;
        if (!Number(frame, _inner, Field.Price, out var price) || !Number(frame, _inner, Field.Filled, out var quantity)) return false;
        if (!OptionalNumber(frame, _inner, BinanceField.AveragePrice, out var average)) return false;
        if (!SideOf(frame, _inner, Field.OrderSide, "BUY"u8, "SELL"u8, out var side)) return false;
        ref var liquidation = ref Events.Liquidations.Add();
        liquidation.Head = new EventHead(Index++, symbol, time, sent);
        liquidation.Price = price;
        liquidation.Quantity = quantity;
        liquidation.AveragePrice = average;
        liquidation.Side = side;
        return true;
    }

    private bool AddCandle(ReadOnlySpan<byte> frame, FrameFields fields)
    {
        if (!Text(frame, fields, Field.Symbol, out TextRef symbol) || !Time(frame, fields, Field.EventTime, out var time)
            || !Inner(frame, fields, Field.Candle, _inner))
            return false;
        if (!Text(frame, _inner, Field.Interval, out TextRef timeframe) || !Boolean(_inner, Field.IsClosed, out var isClosed)) return false;
        if (!Time(frame, _inner, Field.OpenTime, out var open) || !OptionalTime(frame, _inner, Field.TransactionTime, out var close)) return false;
        if (!Number(frame, _inner, Field.Open, out var openPrice) || !Number(frame, _inner, Field.High, out var high)) return false;
        if (!Number(frame, _inner, Field.Low, out var low) || !Number(frame, _inner, Field.Close, out var closePrice)) return false;
        if (!Number(frame, _inner, Field.Volume, out var volume) || !Number(frame, _inner, Field.Quantity, out var quoteVolume)) return false;
        if (!Integer(frame, _inner, Field.Trades, out var trades)) return false;
        ref var candle = ref Events.Candles.Add();
        candle.Head = new EventHead(Index++, symbol, time, Absent.Integer);
        candle.Timeframe = timeframe;
        candle.OpenTimeMs = open / UnixNanos.PerMillisecond;
        candle.CloseTimeMs = close == Absent.Integer ? close : close / UnixNanos.PerMillisecond;
        (candle.Open, candle.High, candle.Low, candle.Close) = (openPrice, high, low, closePrice);
        (candle.Volume, candle.QuoteVolume, candle.Vwap) = (volume, quoteVolume, Absent.Number);
        candle.TradesCount = trades;
        candle.IsClosed = isClosed;
        return true;
    }

    /// <summary>Symbol, transaction time and message time: what trades, quotes and books have in common.</summary>
    private bool Head(ReadOnlySpan<byte> frame, FrameFields fields, out EventHead head)
    {
        head = default;
        if (!Text(frame, fields, Field.Symbol, out TextRef symbol)) return false;
        if (!Time(frame, fields, Field.TransactionTime, out var time) || !OptionalTime(frame, fields, Field.EventTime, out var sent)) return false;
        head = new EventHead(0, symbol, time, sent);
        return true;
    }
}
