namespace Tape.Venues.Okx;

/// <summary>Elements of the data to rows. Each method notes what breaks the form, and then adds nothing.</summary>
public sealed partial class OkxDecoder
{
    private void AddRows(ReadOnlySpan<byte> frame)
    {
        switch (_kind)
        {
            case OkxKind.Trades:
                AddTrade(frame);
                break;
            case OkxKind.Quote:
                AddQuote(frame);
                break;
            case OkxKind.Ticker:
                AddTicker(frame);
                break;
            case OkxKind.Mark or OkxKind.Index:
                AddPrice(frame);
                break;
            case OkxKind.Funding:
                AddFunding(frame);
                break;
            case OkxKind.OpenInterest:
                AddOpenInterest(frame);
                break;
            case OkxKind.Liquidations:
                AddLiquidations(frame);
                break;
            default:
                AddBook(frame);
                break;
        }
    }

    private bool Head(ReadOnlySpan<byte> frame, out EventHead head)
    {
        head = default;
        if (!Text(frame, _data, OkxField.Instrument, out TextRef symbol) || !QuotedTime(frame, _data, OkxField.Time, out var time)) return false;
        head = new EventHead(0, symbol, time, Absent.Integer);
        return true;
    }

    /// <summary>A trade may stand for several fills of one taker order; the id is that of the last.</summary>
    private void AddTrade(ReadOnlySpan<byte> frame)
    {
        if (!Head(frame, out var head) || !Number(frame, _data, OkxField.Price, out var price) || !Number(frame, _data, OkxField.Quantity, out var quantity))
            return;
        if (!SideOf(frame, _data, OkxField.Side, "buy"u8, "sell"u8, out var side) || !Text(frame, _data, OkxField.TradeId, out TextRef id)) return;
        if (!Fills(frame, out var firstId, out var lastId)) return;
        var isElp = false;
        if (!IsEmpty(_data, OkxField.Source))
        {
            if (!Text(frame, _data, OkxField.Source, out ReadOnlySpan<byte> source)) return;
            isElp = source.SequenceEqual("1"u8);
        }

        ref var trade = ref Events.Trades.Add();
        trade.Head = Next(head);
        trade.Price = price;
        trade.Quantity = quantity;
        trade.Side = side;
        trade.TradeId = id;
        (trade.FirstId, trade.LastId) = (firstId, lastId);
        trade.QuantityExRpi = Absent.Number;
        trade.Flags = isElp ? Events.AddText("elp"u8) : default;
        trade.IsNoTrade = false;
    }

    /// <summary>First and last fill, where the frame counts them.</summary>
    private bool Fills(ReadOnlySpan<byte> frame, out long firstId, out long lastId)
    {
        firstId = lastId = Absent.Integer;
        if (!OptionalQuotedInteger(frame, _data, OkxField.Count, out var count)) return false;
        if (count == Absent.Integer) return true;
        if (!QuotedInteger(frame, _data, OkxField.TradeId, out lastId)) return false;
        if (count < 1 || lastId < 0) return Wrong(_data, OkxField.Count, "must be 1 or more, with an id of 0 or more");
        firstId = lastId - count + 1;
        return true;
    }

    private void AddQuote(ReadOnlySpan<byte> frame)
    {
        if (!BookHead(frame, out var head, out var updateId)) return;
        EmitQuote(head, Best(Bids.Items), Best(Asks.Items), updateId);
    }

    private static (double Price, double Quantity) Best(ReadOnlySpan<(double Price, double Quantity)> levels) =>
        levels.IsEmpty ? (Absent.Number, Absent.Number) : levels[0];

    private void AddTicker(ReadOnlySpan<byte> frame)
    {
        if (!Head(frame, out var head)) return;
        if (!OptionalNumber(frame, _data, OkxField.BidPrice, out var bidPrice) || !OptionalNumber(frame, _data, OkxField.BidQuantity, out var bidQuantity))
            return;
        if (!OptionalNumber(frame, _data, OkxField.AskPrice, out var askPrice) || !OptionalNumber(frame, _data, OkxField.AskQuantity, out var askQuantity))
            return;
        EmitQuote(head, (bidPrice, bidQuantity), (askPrice, askQuantity), Absent.Integer);
    }

    private void AddPrice(ReadOnlySpan<byte> frame)
    {
        var isMark = _kind == OkxKind.Mark;
        if (!Head(frame, out var head) || !Number(frame, _data, isMark ? OkxField.MarkPrice : OkxField.IndexPrice, out var value)) return;
        ref var price = ref Events.MarkPrices.Add();
        price.Head = Next(head);
        (price.MarkPrice, price.IndexPrice) = isMark ? (value, Absent.Number) : (Absent.Number, value);
    }

    /// <summary>
    /// <c>fundingTime</c> is when the rate will be settled; <c>nextFundingTime</c> is the settlement after it. Frames of 2021 lack the rate, or their own time
    /// and then have no row.
    /// </summary>
    private void AddFunding(ReadOnlySpan<byte> frame)
    {
        if (!OptionalNumber(frame, _data, OkxField.FundingRate, out var rate) || !OptionalQuotedTime(frame, _data, OkxField.FundingTime, out var next)) return;
        if (!OptionalQuotedTime(frame, _data, OkxField.NextFundingTime, out var later) || !OptionalNumber(frame, _data, OkxField.SettledRate, out var settled))
            return;
        if (IsEmpty(_data, OkxField.Time) || (double.IsNaN(rate) && next == Absent.Integer) || !Head(frame, out var head)) return;
        ref var funding = ref Events.Fundings.Add();
        funding.Head = Next(head);
        (funding.Rate, funding.NextFundingTime) = (rate, next);
        // Announced contracts name the time 0.
        var isKnown = next > 0 && next != Absent.Integer && later > next;
        (funding.IntervalSeconds, funding.SettledRate) = (isKnown ? (later - next) / UnixNanos.PerSecond : Absent.Integer, settled);
    }

    private void AddOpenInterest(ReadOnlySpan<byte> frame)
    {
        if (!Head(frame, out var head) || !Number(frame, _data, OkxField.OpenInterest, out var count)
            || !OptionalNumber(frame, _data, OkxField.OpenInterestValue, out var value))
            return;
        ref var interest = ref Events.OpenInterests.Add();
        interest.Head = Next(head);
        (interest.OpenInterest, interest.OpenInterestValue) = (count, value);
    }
}
