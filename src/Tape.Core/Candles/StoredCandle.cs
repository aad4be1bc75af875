using Tape.Core.Values;

namespace Tape.Core.Candles;

/// <summary>A candle as day files hold it: the sixteen columns.</summary>
public sealed record StoredCandle
{
    /// <summary>Our name of the venue.</summary>
    public required string Venue { get; init; }

    /// <summary>As the venue names it: <c>BTC/USD</c>.</summary>
    public required string Symbol { get; init; }

    public required Timeframe Timeframe { get; init; }

    /// <summary>Open time, prices, volumes.</summary>
    public required Candle Values { get; init; }

    /// <summary>The last millisecond of it; imported files may have the next candle's open time.</summary>
    public required long CloseTimeMs { get; init; }

    /// <summary>False only while its time is not over.</summary>
    public bool IsClosed { get; init; } = true;

    public required CandleSource Source { get; init; }

    /// <summary>When the vault knew it, milliseconds since 1970: of a live candle, when the record came that closed it.</summary>
    public required long IngestTimeMs { get; init; }

    public long OpenTimeMs => Values.OpenTimeMs;

    /// <summary>A closed candle with the close time of its timeframe.</summary>
    public static StoredCandle Of(string venue, string symbol, Timeframe timeframe, in Candle values, CandleSource source, long ingestTimeMs) => new()
    {
        Venue = venue,
        Symbol = symbol,
        Timeframe = timeframe,
        Values = values,
        CloseTimeMs = timeframe.CloseOf(values.OpenTimeMs),
        Source = source,
        IngestTimeMs = ingestTimeMs,
    };

    /// <summary>Whether both say the same of the market. A value that one of them doesn't know contradicts nothing; the source does not matter.</summary>
    public bool SaysTheSameAs(StoredCandle other)
    {
        var (left, right) = (Values, other.Values);
        return left.OpenTimeMs == right.OpenTimeMs && IsClosed == other.IsClosed && left.Open == right.Open && left.High == right.High
            && left.Low == right.Low && left.Close == right.Close && left.Volume == right.Volume && Agree(left.QuoteVolume, right.QuoteVolume)
            && Agree(left.Vwap, right.Vwap)
            && (left.TradesCount == right.TradesCount || left.TradesCount == Absent.Integer || right.TradesCount == Absent.Integer);
    }

    private static bool Agree(double left, double right) => left == right || double.IsNaN(left) || double.IsNaN(right);
}
