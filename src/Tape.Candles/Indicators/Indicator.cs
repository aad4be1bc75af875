using Tape.Core.Candles;
using Tape.Core.Values;

namespace Tape.Candles.Indicators;

/// <summary>
/// Technical indicators over one unbroken run of bars (<see cref="BarRuns"/>), as their authors defined them. Each gives one value a bar; NaN stands for NULL:
/// the
/// indicator is not warm yet, or has no value there. Pure.
/// </summary>
public static class Indicator
{
    /// <summary>MACD's lines.</summary>
    public sealed record MacdLines(double[] Macd, double[] Signal, double[] Histogram);

    /// <summary>Bollinger's bands.</summary>
    public sealed record BollingerBands(double[] Middle, double[] Upper, double[] Lower);

    /// <summary>The lines of the directional movement.</summary>
    public sealed record DirectionalLines(double[] Adx, double[] PlusDi, double[] MinusDi);

    /// <summary>The slow stochastic.</summary>
    public sealed record StochasticLines(double[] K, double[] D);

    /// <summary>Simple moving average of the close.</summary>
    public static double[] Sma(ReadOnlySpan<Bar> bars, int length = 20) => MovingAverages.Simple(Closes(bars), length);

    /// <summary>Exponential moving average of the close, seeded by the simple one.</summary>
    public static double[] Ema(ReadOnlySpan<Bar> bars, int length = 20) => MovingAverages.Exponential(Closes(bars), length);

    /// <summary>
    /// Wilder's relative strength, 0 to 100: the first value is that of the mean gain and loss of the first <paramref name="length"/> changes. 100 where
    /// nothing was
    /// lost.
    /// </summary>
    public static double[] Rsi(ReadOnlySpan<Bar> bars, int length = 14)
    {
        var (gains, losses) = (MovingAverages.Nothing(bars.Length), MovingAverages.Nothing(bars.Length));
        for (var index = 1; index < bars.Length; index++)
        {
            var change = bars[index].Close - bars[index - 1].Close;
            (gains[index], losses[index]) = (Math.Max(change, 0), Math.Max(-change, 0));
        }

        var (gain, loss) = (MovingAverages.Wilder(gains, length), MovingAverages.Wilder(losses, length));
        for (var index = 0; index < gain.Length; index++)
            if (!double.IsNaN(gain[index])) gain[index] = loss[index] > 0 ? 100 - (100 / (1 + (gain[index] / loss[index]))) : 100;
        return gain;
    }

    /// <summary>Wilder's average true range. The first true range is that of the second bar.</summary>
    public static double[] Atr(ReadOnlySpan<Bar> bars, int length = 14) => MovingAverages.Wilder(TrueRanges(bars), length);

    /// <summary>
    /// Wilder's directional movement: the sums of the first <paramref name="length"/> movements begin it, and the mean of as many directional indexes begins
    /// the
    /// average, at the bar 2 × length − 1. In a market without any range there are no directions, and the index is 0.
    /// </summary>
    public static DirectionalLines Adx(ReadOnlySpan<Bar> bars, int length = 14)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var (plus, minus) = (MovingAverages.Nothing(bars.Length), MovingAverages.Nothing(bars.Length));
        for (var index = 1; index < bars.Length; index++)
        {
            var (up, down) = (bars[index].High - bars[index - 1].High, bars[index - 1].Low - bars[index].Low);
            plus[index] = up > down ? Math.Max(up, 0) : 0;
            minus[index] = down > up ? Math.Max(down, 0) : 0;
        }

        var (range, rise, fall) = (MovingAverages.Wilder(TrueRanges(bars), length), MovingAverages.Wilder(plus, length), MovingAverages.Wilder(minus, length));
        var movement = MovingAverages.Nothing(bars.Length);
        for (var index = 0; index < range.Length; index++)
        {
            if (double.IsNaN(range[index])) continue;
            if (range[index] > 0) (rise[index], fall[index]) = (100 * rise[index] / range[index], 100 * fall[index] / range[index]);
            else rise[index] = fall[index] = double.NaN;
            var sum = rise[index] + fall[index];
            movement[index] = sum > 0 ? 100 * Math.Abs(rise[index] - fall[index]) / sum : 0;
        }

        return new(MovingAverages.Wilder(movement, length), rise, fall);
    }

    /// <summary>MACD: the fast average of the close less the slow one, its own exponential average as signal, and the difference of both.</summary>
    public static MacdLines Macd(ReadOnlySpan<Bar> bars, int fast = 12, int slow = 26, int signal = 9)
    {
        var closes = Closes(bars);
        var macd = Less(MovingAverages.Exponential(closes, fast), MovingAverages.Exponential(closes, slow));
        var line = MovingAverages.Exponential(macd, signal);
        return new(macd, line, Less(macd, line));
    }

    /// <summary>Bollinger's bands: the mean of the close, and so many deviations (of the whole population) above and below it.</summary>
    public static BollingerBands Bollinger(ReadOnlySpan<Bar> bars, int length = 20, double deviations = 2)
    {
        var closes = Closes(bars);
        var middle = MovingAverages.Simple(closes, length);
        var (upper, lower) = (MovingAverages.Nothing(bars.Length), MovingAverages.Nothing(bars.Length));
        for (var index = length - 1; index < closes.Length; index++)
        {
            var squares = 0.0;
            for (var at = index - length + 1; at <= index; at++) squares += (closes[at] - middle[index]) * (closes[at] - middle[index]);
            var width = deviations * Math.Sqrt(squares / length);
            (upper[index], lower[index]) = (middle[index] + width, middle[index] - width);
        }

        return new(middle, upper, lower);
    }

    /// <summary>The typical price weighted by volume since the UTC day began, or the run within it; NULL before there was volume.</summary>
    public static double[] Vwap(ReadOnlySpan<Bar> bars)
    {
        var values = MovingAverages.Nothing(bars.Length);
        var (day, priced, volume) = (Absent.Integer, 0.0, 0.0);
        for (var index = 0; index < bars.Length; index++)
        {
            var bar = bars[index];
            var today = bar.OpenTimeMs / Timeframe.DayMs;
            if (today != day) (day, priced, volume) = (today, 0, 0);
            priced += (bar.High + bar.Low + bar.Close) / 3 * bar.Volume;
            volume += bar.Volume;
            if (volume > 0) values[index] = priced / volume;
        }

        return values;
    }

    /// <summary>On-balance volume, from 0 at the first bar of the run.</summary>
    public static double[] Obv(ReadOnlySpan<Bar> bars)
    {
        var values = new double[bars.Length];
        for (var index = 1; index < bars.Length; index++)
            values[index] = values[index - 1] + (Math.Sign(bars[index].Close - bars[index - 1].Close) * bars[index].Volume);
        return values;
    }

    /// <summary>
    /// The slow stochastic: where the close lies between the lowest low and the highest high, in per cent, smoothed by a simple average, and that once more.
    /// NULL
    /// where there was no range, and as long as such a bar is in a window.
    /// </summary>
    public static StochasticLines Stochastic(ReadOnlySpan<Bar> bars, int length = 14, int smoothing = 3, int signal = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        var raw = MovingAverages.Nothing(bars.Length);
        for (var index = length - 1; index < bars.Length; index++)
        {
            var (high, low) = (double.MinValue, double.MaxValue);
            foreach (var bar in bars.Slice(index - length + 1, length)) (high, low) = (Math.Max(high, bar.High), Math.Min(low, bar.Low));
            if (high > low) raw[index] = 100 * (bars[index].Close - low) / (high - low);
        }

        var k = MovingAverages.Simple(raw, smoothing);
        return new(k, MovingAverages.Simple(k, signal));
    }

    private static double[] Closes(ReadOnlySpan<Bar> bars)
    {
        var closes = new double[bars.Length];
        for (var index = 0; index < closes.Length; index++) closes[index] = bars[index].Close;
        return closes;
    }

    private static double[] TrueRanges(ReadOnlySpan<Bar> bars)
    {
        var ranges = MovingAverages.Nothing(bars.Length);
        for (var index = 1; index < bars.Length; index++)
        {
            var (bar, before) = (bars[index], bars[index - 1].Close);
            ranges[index] = Math.Max(bar.High - bar.Low, Math.Max(Math.Abs(bar.High - before), Math.Abs(bar.Low - before)));
        }

        return ranges;
    }

    private static double[] Less(double[] left, double[] right)
    {
        var differences = new double[left.Length];
        for (var index = 0; index < left.Length; index++) differences[index] = left[index] - right[index];
        return differences;
    }
}
