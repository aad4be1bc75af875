using Tape.Core.Values;

namespace Tape.Core.Candles;

/// <summary>
/// What a candle must be to be stored. When uncertain, it is rejected. Rejects carry the name of the first rule that they break; names are stable.
/// </summary>
public static class CandleRules
{
    /// <summary>The open time is no multiple of the timeframe's length.</summary>
    public const string OpenTimeNotAligned = "open_time_not_aligned";

    /// <summary>The close time is neither the last millisecond nor the one after it.</summary>
    public const string DurationMismatch = "duration_mismatch";

    /// <summary>It opens after the moment at which it is said to have been known.</summary>
    public const string OpenTimeInFuture = "open_time_in_future";

    /// <summary>A price is NaN or infinite.</summary>
    public const string PriceNotFinite = "price_not_finite";

    /// <summary>A price is 0 or below.</summary>
    public const string PriceNotPositive = "price_not_positive";

    public const string HighBelowLow = "high_lt_low";

    public const string HighBelowOpenClose = "high_lt_open_close";

    public const string LowAboveOpenClose = "low_gt_open_close";

    /// <summary>The volume is NaN or infinite.</summary>
    public const string VolumeNotFinite = "volume_not_finite";

    public const string VolumeNegative = "volume_negative";

    /// <summary>The quote volume is given and infinite.</summary>
    public const string QuoteVolumeNotFinite = "quote_volume_not_finite";

    public const string QuoteVolumeNegative = "quote_volume_negative";

    /// <summary>The vwap is given, and infinite, negative, or 0 though there was volume.</summary>
    public const string VwapNotPositive = "vwap_not_positive";

    public const string TradesNegative = "trades_negative";

    /// <summary>A sum needs more digits than are kept, or is no finite number.</summary>
    public const string SumOverflow = "sum_overflow";

    /// <summary>A live candle of a minute that is older than the last one that was decided, and is not stored.</summary>
    public const string OutOfOrder = "out_of_order";

    /// <summary>A trade of a minute that was decided before it came.</summary>
    public const string LateTrade = "late_trade";

    /// <summary>The minute was not received throughout.</summary>
    public const string NotCovered = "not_covered";

    /// <summary>The size of what was traded is not known in units of the base asset.</summary>
    public const string UnitUnknown = "unit_unknown";

    /// <summary>Looks at one candle by itself.</summary>
    /// <returns>The first rule that it breaks; null for none.</returns>
    public static string? BrokenBy(StoredCandle candle)
    {
        var values = candle.Values;
        return !candle.Timeframe.IsAligned(values.OpenTimeMs) ? OpenTimeNotAligned
            : Saturating.Subtract(candle.CloseTimeMs, values.OpenTimeMs) - candle.Timeframe.LengthMs is not (0 or -1) ? DurationMismatch
            : values.OpenTimeMs > candle.IngestTimeMs ? OpenTimeInFuture
            : PricesBroken(values) ?? VolumesBroken(values);
    }

    private static string? PricesBroken(in Candle values) =>
        !(double.IsFinite(values.Open) && double.IsFinite(values.High) && double.IsFinite(values.Low) && double.IsFinite(values.Close)) ? PriceNotFinite
        : values.Open <= 0 || values.High <= 0 || values.Low <= 0 || values.Close <= 0 ? PriceNotPositive
        : values.High < values.Low ? HighBelowLow
        : values.High < Math.Max(values.Open, values.Close) ? HighBelowOpenClose
        : values.Low > Math.Min(values.Open, values.Close) ? LowAboveOpenClose : null;

    private static string? VolumesBroken(in Candle values) =>
        !double.IsFinite(values.Volume) ? VolumeNotFinite
        : values.Volume < 0 ? VolumeNegative
        : double.IsInfinity(values.QuoteVolume) ? QuoteVolumeNotFinite
        : values.QuoteVolume < 0 ? QuoteVolumeNegative
        : double.IsInfinity(values.Vwap) || values.Vwap < 0 || (values.Vwap == 0 && values.Volume > 0) ? VwapNotPositive
        : values.TradesCount is < 0 and not Absent.Integer ? TradesNegative : null;
}
