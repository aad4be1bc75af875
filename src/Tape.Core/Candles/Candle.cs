using Tape.Core.Values;

namespace Tape.Core.Candles;

/// <summary>One candle: what was traded in a stretch of time. A value that its source doesn't give is <see cref="Absent"/>, never 0.</summary>
public readonly record struct Candle
{
    /// <summary>Milliseconds since 1970 in UTC at which the candle begins.</summary>
    public required long OpenTimeMs { get; init; }

    public required double Open { get; init; }

    public required double High { get; init; }

    public required double Low { get; init; }

    public required double Close { get; init; }

    /// <summary>In units of the base asset.</summary>
    public required double Volume { get; init; }

    /// <summary>In units of the quote asset, or <see cref="Absent.Number"/>.</summary>
    public double QuoteVolume { get; init; } = Absent.Number;

    /// <summary>The price weighted by volume, or <see cref="Absent.Number"/>.</summary>
    public double Vwap { get; init; } = Absent.Number;

    /// <summary>How many trades, or <see cref="Absent.Integer"/>.</summary>
    public long TradesCount { get; init; } = Absent.Integer;

    public Candle()
    {
    }
}
