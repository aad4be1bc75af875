using Tape.Core.Candles;

namespace Tape.Candles.Closing;

/// <summary>What the trades of one channel made of a minute so far. Part of the state of derivation.</summary>
internal sealed class TradeMinute
{
    /// <summary>Place of the channel among those of the symbol.</summary>
    public required int Channel { get; init; }

    public double Open { get; set; }

    public double High { get; set; }

    public double Low { get; set; }

    public double Close { get; set; }

    /// <summary>Venue's time of the first trade, ns.</summary>
    public long OpenAt { get; set; }

    /// <summary>Venue's time of the last trade, ns.</summary>
    public long CloseAt { get; set; }

    /// <summary>Sum of quantities, as sent.</summary>
    public ExactSum Quantity { get; set; }

    /// <summary>Sum of price times quantity, as sent.</summary>
    public ExactSum Value { get; set; }

    /// <summary>Trades; of an aggregate, the fills behind it.</summary>
    public long Trades { get; set; }

    /// <summary>The first record that a trade came from, and the last.</summary>
    public long FromSeq { get; set; } = Absent.Integer;

    public long ToSeq { get; set; }

    public SeenTrades Seen { get; init; } = new();

    public void Add(in TradeEvent trade, long seq)
    {
        var (price, time) = (trade.Price, trade.Head.EventTime);
        if (FromSeq == Absent.Integer) (Open, High, Low, Close, OpenAt, CloseAt, FromSeq) = (price, price, price, price, time, time, seq);
        if (time < OpenAt) (Open, OpenAt) = (price, time);
        // Where times tie, the later received is the later trade.
        if (time >= CloseAt) (Close, CloseAt) = (price, time);
        (High, Low, ToSeq) = (Math.Max(High, price), Math.Min(Low, price), seq);
        var fills = trade.FirstId == Absent.Integer || trade.LastId == Absent.Integer ? 1 : Saturating.Count(trade.FirstId, trade.LastId);
        Trades = Saturating.Add(Trades, Math.Max(fills, 1));
        AddSums(price, trade.Quantity);
    }

    /// <summary>The minute as a candle.</summary>
    /// <param name="unit">Base units in one unit of the quantity as sent.</param>
    /// <param name="broken">The rule that the sums break; null for none.</param>
    public Candle Make(long openMs, double unit, out string? broken)
    {
        var (quantity, value, vwap) = (Quantity.Times(unit), Value.Times(unit), Absent.Number);
        var isKnown = quantity.TryRound(out var volume) & value.TryRound(out var quoteVolume);
        if (isKnown && quantity.Mantissa > 0) isKnown = value.TryDivide(quantity, out vwap);
        broken = isKnown ? null : CandleRules.SumOverflow;
        return new Candle
        {
            OpenTimeMs = openMs,
            Open = Open,
            High = High,
            Low = Low,
            Close = Close,
            Volume = isKnown ? volume : Absent.Number,
            QuoteVolume = isKnown ? quoteVolume : Absent.Number,
            Vwap = vwap,
            TradesCount = Trades,
        };
    }

    private void AddSums(double price, double size)
    {
        if (!double.IsFinite(price) || !double.IsFinite(size))
        {
            Quantity = Value = new ExactSum(0, 0, hasOverflowed: true);
            return;
        }

        var (quantity, value, amount) = (Quantity, Value, ShortDecimal.Of(size));
        quantity.Add(amount.Mantissa, amount.Exponent);
        value.AddProduct(ShortDecimal.Of(price), amount);
        (Quantity, Value) = (quantity, value);
    }
}
