using System.Globalization;
using System.Text.Json;
using Tape.Candles.Indicators;
using Tape.TestKit.Shared;

namespace Tape.Candles.Tests.Indicators;

/// <summary>Indicators against published values, and by their definitions.</summary>
public sealed class IndicatorTests
{
    private const double Near = 1e-12;
    private const double Null = double.NaN;

    [VectorsFact]
    public void Averages_strength_and_macd_are_the_published_ones()
    {
        var bars = Quotes();
        Assert.Equal(502, bars.Length);
        AssertNear(Published("sma.json", "sma"), Indicator.Sma(bars));
        AssertNear(Published("ema.json", "ema"), Indicator.Ema(bars));
        AssertNear(Published("rsi.json", "rsi"), Indicator.Rsi(bars));
        var macd = Indicator.Macd(bars);
        AssertNear(Published("macd.json", "macd"), macd.Macd);
        AssertNear(Published("macd.json", "signal"), macd.Signal);
        AssertNear(Published("macd.json", "histogram"), macd.Histogram);
    }

    [Fact]
    public void The_true_range_begins_with_the_second_bar()
    {
        // High, low, close; true ranges from the second bar on: 3, 4, 1, 8.
        var bars = Bars((10, 8, 9), (12, 9, 11), (11, 7, 8), (9, 8, 9), (16, 8, 12));
        AssertNear([Null, Null, 3.5, 2.25, 5.125], Indicator.Atr(bars, 2));
    }

    [Fact]
    public void Directional_movement_is_wilders()
    {
        var bars = Bars((10, 8, 9), (12, 9, 11), (11, 7, 8), (9, 8, 9), (16, 8, 12));
        var lines = Indicator.Adx(bars, 2);
        // Movements up: 2, 0, 0, 7; down: 0, 2, 0, 0. Sums of two begin both, and lose half a step.
        AssertNear([Null, Null, 100 * 2 / 7.0, 100 * 1 / 4.5, 100 * 7.5 / 10.25], lines.PlusDi);
        AssertNear([Null, Null, 100 * 2 / 7.0, 100 * 1 / 4.5, 100 * 0.5 / 10.25], lines.MinusDi);
        AssertNear([Null, Null, Null, 0, 100 * (7.0 / 8) / 2], lines.Adx);
    }

    [Fact]
    public void Bands_use_the_deviation_of_the_population()
    {
        var bands = Indicator.Bollinger(Closes(2, 4, 4, 4, 5, 5, 7, 9), 8);
        Assert.Equal((5.0, 9.0, 1.0), (bands.Middle[7], bands.Upper[7], bands.Lower[7]));
        Assert.True(double.IsNaN(bands.Upper[6]));
    }

    [Fact]
    public void The_vwap_begins_anew_with_the_utc_day()
    {
        var day = CandleTape.StartMs;
        Bar[] bars =
        [
            new(day - 120_000, 1, 1, 1, 1, 0), new(day - 60_000, 10, 12, 6, 9, 2), new(day, 20, 20, 20, 20, 1), new(day + 60_000, 30, 30, 30, 30, 3),
        ];
        AssertNear([Null, 9, 20, 27.5], Indicator.Vwap(bars));
    }

    [Fact]
    public void On_balance_volume_counts_from_0() => AssertNear([0, 1, 0, 0, 1], Indicator.Obv(Closes(5, 6, 5, 5, 7)));

    [Fact]
    public void The_slow_stochastic_is_smoothed_twice_and_null_without_a_range()
    {
        var bars = Bars((10, 8, 9), (12, 9, 11), (11, 7, 8), (9, 8, 9), (9, 9, 9), (9, 9, 9), (10, 9, 10), (12, 10, 12));
        // Over two bars, in per cent: 75, 20, 50, 100, none, 100, 100.
        var lines = Indicator.Stochastic(bars, 2, 2, 2);
        AssertNear([Null, Null, 47.5, 35, 75, Null, Null, 100], lines.K);
        AssertNear([Null, Null, Null, 41.25, 55, Null, Null, Null], lines.D);
    }

    [Fact]
    public void A_gap_ends_a_run()
    {
        var bars = Closes(1, 2, 3, 4, 5);
        bars[3] = bars[3] with { OpenTimeMs = bars[3].OpenTimeMs + 60_000 };
        bars[4] = bars[4] with { OpenTimeMs = bars[4].OpenTimeMs + 60_000 };
        Assert.Equal([0..3, 3..5], BarRuns.Of(bars, 60_000));
        Assert.Empty(BarRuns.Of([], 60_000));
    }

    [Fact]
    public void Nothing_is_warm_in_a_short_run_and_nothing_fails()
    {
        foreach (var bars in new[] { [], Closes(1), Closes(1, 2) })
        {
            Assert.All(Indicator.Sma(bars).Concat(Indicator.Ema(bars)).Concat(Indicator.Rsi(bars)).Concat(Indicator.Atr(bars)).Concat(Indicator.Adx(bars).Adx)
                .Concat(Indicator.Macd(bars).Signal).Concat(Indicator.Bollinger(bars).Upper).Concat(Indicator.Stochastic(bars).K), value =>
                    Assert.True(double.IsNaN(value)));
            Assert.Equal(bars.Length, Indicator.Obv(bars).Length);
        }
    }

    private static Bar[] Quotes() =>
    [
        .. File.ReadLines(Path.Combine(VectorsFactAttribute.Folder!, "indicators", "quotes.csv")).Skip(1).Select(line => line.Split(',')).Select(cells =>
            new Bar(
            new DateTimeOffset(DateTime.Parse(cells[0], CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeMilliseconds(), Number(cells[1]),
                Number(cells[2]),
            Number(cells[3]), Number(cells[4]), Number(cells[5]))),
    ];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double[] Published(string file, string member)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(VectorsFactAttribute.Folder!, "indicators", file)));
        return [.. json.RootElement.EnumerateArray().Select(row => row.GetProperty(member) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble()
            : Null)];
    }

    private static Bar[] Closes(params double[] closes) =>
        [.. closes.Select((close, index) => new Bar(CandleTape.StartMs + (index * 60_000L), close, close, close, close, 1))];

    private static Bar[] Bars(params (double High, double Low, double Close)[] bars) =>
        [.. bars.Select((bar, index) => new Bar(CandleTape.StartMs + (index * 60_000L), bar.Close, bar.High, bar.Low, bar.Close, 1))];

    private static void AssertNear(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var index = 0; index < expected.Length; index++)
            Assert.True(double.IsNaN(expected[index]) ? double.IsNaN(found[index])
                : Math.Abs(expected[index] - found[index]) <= Near * Math.Max(Math.Abs(expected[index]), Math.Abs(found[index])),
                $"bar {index}: found {found[index]:R}, expected {expected[index]:R}");
    }
}
