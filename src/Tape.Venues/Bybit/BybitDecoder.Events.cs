using Tape.Venues.Frames;

namespace Tape.Venues.Bybit;

/// <summary>Data objects to rows. Each method notes what breaks the form, and then adds nothing.</summary>
public sealed partial class BybitDecoder
{
    private static readonly ulong QuoteFields = FieldTypes.Bits(BybitField.BidPrice, BybitField.BidQuantity, BybitField.AskPrice, BybitField.AskQuantity);
    private static readonly ulong PriceFields = FieldTypes.Bits(BybitField.MarkPrice, BybitField.IndexPrice);
    private static readonly ulong FundingFields = FieldTypes.Bits(BybitField.FundingRate, BybitField.NextFundingTime, BybitField.FundingInterval);
    private static readonly ulong InterestFields = FieldTypes.Bits(BybitField.OpenInterest, BybitField.OpenInterestValue);

    private const long SecondsPerHour = 3600;
    private const long HoursMax = 100_000;

    private void AddTrade(ReadOnlySpan<byte> frame)
    {
        if (!Text(frame, _data, BybitField.Symbol, out TextRef symbol) || !Time(frame, _data, BybitField.Time, out var time)) return;
        if (!Number(frame, _data, BybitField.Price, out var price) || !Number(frame, _data, BybitField.Quantity, out var quantity)) return;
        if (!SideOf(frame, _data, BybitField.Side, "Buy"u8, "Sell"u8, out var side) || !Text(frame, _data, BybitField.TradeId, out TextRef id)) return;
        if (!OptionalBoolean(_data, BybitField.IsBlock, out var isBlock) || !OptionalBoolean(_data, BybitField.IsRpi, out var isRpi)) return;
        ref var trade = ref Events.Trades.Add();
        trade.Head = new EventHead(Index++, symbol, time, _sent);
        trade.Price = price;
        trade.Quantity = quantity;
        trade.Side = side;
        trade.TradeId = id;
        trade.FirstId = trade.LastId = Absent.Integer;
        trade.QuantityExRpi = Absent.Number;
        trade.IsNoTrade = false;
        trade.Flags = !isBlock && !isRpi ? default : Events.AddText(isBlock ? isRpi ? "block,rpi"u8 : "block"u8 : "rpi"u8);
    }

    /// <summary>The venue names the position's side; the order that closes it has the other one.</summary>
    private void AddLiquidation(ReadOnlySpan<byte> frame)
    {
        if (!Text(frame, _data, BybitField.Symbol, out TextRef symbol) || !Time(frame, _data, BybitField.Time, out var time)) return;
        if (!Number(frame, _data, BybitField.Price, out var price) || !Number(frame, _data, BybitField.Quantity, out var quantity)) return;
        if (!SideOf(frame, _data, BybitField.Side, "Sell"u8, "Buy"u8, out var side)) return;
        ref var liquidation = ref Events.Liquidations.Add();
        liquidation.Head = new EventHead(Index++, symbol, time, _sent);
        liquidation.Price = price;
        liquidation.Quantity = quantity;
        liquidation.AveragePrice = Absent.Number;
        liquidation.Side = side;
    }

    private void AddCandle(ReadOnlySpan<byte> frame)
    {
        if (!Time(frame, _root, BybitField.SentTime, out var time) || !Time(frame, _data, BybitField.Start, out var open)
            || !OptionalTime(frame, _data, BybitField.End, out var close))
            return;
        if (!Number(frame, _data, BybitField.Open, out var openPrice) || !Number(frame, _data, BybitField.High, out var high)) return;
        if (!Number(frame, _data, BybitField.Low, out var low) || !Number(frame, _data, BybitField.Close, out var closePrice)) return;
        if (!Number(frame, _data, BybitField.Volume, out var volume) || !Number(frame, _data, BybitField.Turnover, out var turnover)) return;
        if (!Boolean(_data, BybitField.IsClosed, out var isClosed)) return;
        ref var candle = ref Events.Candles.Add();
        candle.Head = new EventHead(Index++, _symbol, time, Absent.Integer);
        candle.Timeframe = _timeframe;
        candle.OpenTimeMs = open / UnixNanos.PerMillisecond;
        candle.CloseTimeMs = close == Absent.Integer ? close : close / UnixNanos.PerMillisecond;
        (candle.Open, candle.High, candle.Low, candle.Close) = (openPrice, high, low, closePrice);
        (candle.Volume, candle.QuoteVolume, candle.Vwap) = (volume, turnover, Absent.Number);
        candle.TradesCount = Absent.Integer;
        candle.IsClosed = isClosed;
    }

    /// <summary>A ticker carries what has changed: a row in each table of which it has a field.</summary>
    private void AddTickers(ReadOnlySpan<byte> frame)
    {
        if (!Text(frame, _data, BybitField.TickerSymbol, out TextRef symbol) || !Time(frame, _root, BybitField.SentTime, out var time)) return;
        var head = new EventHead(0, symbol, time, Absent.Integer);
        if (_data.HasAny(QuoteFields) && !AddQuote(frame, head)) return;
        if (_data.HasAny(PriceFields) && !AddMarkPrice(frame, head)) return;
        if (_data.HasAny(FundingFields) && !AddFunding(frame, head)) return;
        if (_data.HasAny(InterestFields)) AddOpenInterest(frame, head);
    }

    private bool AddQuote(ReadOnlySpan<byte> frame, in EventHead head)
    {
        if (!OptionalNumber(frame, _data, BybitField.BidPrice, out var bidPrice) || !OptionalNumber(frame, _data, BybitField.BidQuantity, out var bidQuantity))
            return false;
        if (!OptionalNumber(frame, _data, BybitField.AskPrice, out var askPrice) || !OptionalNumber(frame, _data, BybitField.AskQuantity, out var askQuantity))
            return false;
        if (!double.IsNaN(bidPrice) || !double.IsNaN(bidQuantity) || !double.IsNaN(askPrice) || !double.IsNaN(askQuantity))
            EmitQuote(head, (bidPrice, bidQuantity), (askPrice, askQuantity), Absent.Integer);
        return true;
    }

    private bool AddMarkPrice(ReadOnlySpan<byte> frame, in EventHead head)
    {
        if (!OptionalNumber(frame, _data, BybitField.MarkPrice, out var mark) || !OptionalNumber(frame, _data, BybitField.IndexPrice, out var index))
            return false;
        if (double.IsNaN(mark) && double.IsNaN(index)) return true;
        ref var price = ref Events.MarkPrices.Add();
        price.Head = Next(head);
        (price.MarkPrice, price.IndexPrice) = (mark, index);
        return true;
    }

    private bool AddFunding(ReadOnlySpan<byte> frame, in EventHead head)
    {
        if (!OptionalNumber(frame, _data, BybitField.FundingRate, out var rate) || !OptionalQuotedTime(frame, _data, BybitField.NextFundingTime, out var next)
            || !FundingInterval(frame, out var interval))
            return false;
        if (next == 0) next = Absent.Integer;
        if (double.IsNaN(rate) && next == Absent.Integer && interval == Absent.Integer) return true;
        ref var funding = ref Events.Fundings.Add();
        funding.Head = Next(head);
        (funding.Rate, funding.NextFundingTime) = (rate, next);
        (funding.IntervalSeconds, funding.SettledRate) = (interval, Absent.Number);
        return true;
    }

    /// <summary>The venue gives whole hours.</summary>
    private bool FundingInterval(ReadOnlySpan<byte> frame, out long seconds)
    {
        if (!OptionalQuotedInteger(frame, _data, BybitField.FundingInterval, out seconds) || seconds == Absent.Integer) return FormFault is null;
        if (seconds is < 0 or > HoursMax) return Wrong(_data, BybitField.FundingInterval, $"is no count of hours up to {HoursMax}");
        seconds *= SecondsPerHour;
        return true;
    }

    private void AddOpenInterest(ReadOnlySpan<byte> frame, in EventHead head)
    {
        if (!OptionalNumber(frame, _data, BybitField.OpenInterest, out var count) || !OptionalNumber(frame, _data, BybitField.OpenInterestValue, out var value))
            return;
        if (double.IsNaN(count) && double.IsNaN(value)) return;
        ref var interest = ref Events.OpenInterests.Add();
        interest.Head = Next(head);
        (interest.OpenInterest, interest.OpenInterestValue) = (count, value);
    }
}
