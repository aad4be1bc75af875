namespace Tape.Candles.Indicators;

/// <summary>What indicators read of a candle.</summary>
public readonly record struct Bar(long OpenTimeMs, double Open, double High, double Low, double Close, double Volume)
{
    public static Bar Of(in Core.Candles.Candle candle) =>
        new(candle.OpenTimeMs, candle.Open, candle.High, candle.Low, candle.Close, candle.Volume);
}
