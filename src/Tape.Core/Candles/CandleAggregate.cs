using Tape.Core.Values;

namespace Tape.Core.Candles;

/// <summary>
/// One coarser candle, made from its minutes in order of time. Sums are exact. What one of the minutes doesn't know, the sum of it doesn't know either.
/// </summary>
public sealed class CandleAggregate(string venue, string symbol, Timeframe timeframe, long openMs)
{
    private ExactSum _volume;
    private ExactSum _quoteVolume;
    private ExactSum _priced;
    private Int128 _trades;
    private bool _isQuoteKnown = true;
    private bool _isVwapKnown = true;
    private bool _areTradesKnown = true;
    private double _open;
    private double _high;
    private double _low;
    private double _close;
    private long _ingestMs = long.MinValue;
    private long _lastOpenMs = long.MinValue;

    public long OpenTimeMs { get; } = openMs;

    /// <summary>Minutes with a candle so far.</summary>
    public int Present { get; private set; }

    /// <summary>Minutes that are proven to have had no trade.</summary>
    public int Empty { get; private set; }

    /// <summary>Whether every minute of it is a candle or proven empty, and one is a candle.</summary>
    public bool IsWhole => Present > 0 && Present + Empty == timeframe.Minutes;

    /// <summary>Takes in the next minute.</summary>
    /// <exception cref="ArgumentException">It is not of this candle, or not behind the one before.</exception>
    public void Add(StoredCandle minute)
    {
        var values = minute.Values;
        if (minute.Timeframe != Timeframe.Minute || timeframe.OpenOf(values.OpenTimeMs) != OpenTimeMs || values.OpenTimeMs <= _lastOpenMs)
            throw new ArgumentException($"found {minute.Timeframe} at {values.OpenTimeMs}, expected a minute of {OpenTimeMs} behind {_lastOpenMs}",
                nameof(minute));
        _lastOpenMs = values.OpenTimeMs;
        if (Present == 0) (_open, _high, _low) = (values.Open, values.High, values.Low);
        (_high, _low, _close) = (Math.Max(_high, values.High), Math.Min(_low, values.Low), values.Close);
        AddSums(values);
        _ingestMs = Math.Max(_ingestMs, minute.IngestTimeMs);
        Present++;
    }

    /// <summary>Takes in minutes that are proven to have had no trade.</summary>
    public void AddEmpty(int minutes = 1) => Empty += minutes;

    /// <summary>The candle of the minutes taken in so far; null when there is none.</summary>
    /// <param name="broken">The rule that the sums break; null for none, and then there is a candle.</param>
    public StoredCandle? Make(out string? broken)
    {
        broken = null;
        if (Present == 0) return null;
        var (quoteVolume, vwap) = (Absent.Number, Absent.Number);
        var isKnown = _volume.TryRound(out var volume) && (!_isQuoteKnown || _quoteVolume.TryRound(out quoteVolume))
            && (!_areTradesKnown || _trades <= long.MaxValue);
        // Without volume no price has a weight.
        if (isKnown && _isVwapKnown && volume > 0) isKnown = (_isQuoteKnown ? _quoteVolume : _priced).TryDivide(_volume, out vwap);
        if (!isKnown)
        {
            broken = CandleRules.SumOverflow;
            return null;
        }

        var values = new Candle
        {
            OpenTimeMs = OpenTimeMs,
            Open = _open,
            High = _high,
            Low = _low,
            Close = _close,
            Volume = volume,
            QuoteVolume = _isQuoteKnown ? quoteVolume : Absent.Number,
            Vwap = vwap,
            TradesCount = _areTradesKnown ? (long)_trades : Absent.Integer,
        };
        return StoredCandle.Of(venue, symbol, timeframe, values, CandleSource.Aggregated, _ingestMs);
    }

    private void AddSums(in Candle values)
    {
        _volume.Add(values.Volume);
        if (double.IsNaN(values.QuoteVolume)) _isQuoteKnown = false;
        else _quoteVolume.Add(values.QuoteVolume);
        if (values.Volume > 0)
        {
            if (double.IsNaN(values.Vwap)) _isVwapKnown = false;
            else _priced.AddProduct(values.Vwap, values.Volume);
        }

        if (values.TradesCount == Absent.Integer) _areTradesKnown = false;
        else _trades += values.TradesCount;
    }
}
