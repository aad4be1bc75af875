using Tape.Core.Candles;
using Tape.Core.Values;

namespace Tape.Core.Tests.Candles;

public sealed class CandleRulesTests
{
    private const long Open = 1_764_590_400_000;

    private static readonly Candle Good = new() { OpenTimeMs = Open, Open = 10, High = 12, Low = 9, Close = 11, Volume = 3 };

    public static TheoryData<string?, Candle> Cases => new()
    {
        { null, Good },
        { null, Good with { Volume = 0, QuoteVolume = 0, TradesCount = 0, Open = 10, High = 10, Low = 10, Close = 10 } },
        { CandleRules.OpenTimeNotAligned, Good with { OpenTimeMs = Open + 1 } },
        { CandleRules.OpenTimeInFuture, Good with { OpenTimeMs = Open + (10 * Timeframe.MinuteMs) } },
        { CandleRules.PriceNotFinite, Good with { Open = double.NaN } },
        { CandleRules.PriceNotFinite, Good with { High = double.PositiveInfinity } },
        { CandleRules.PriceNotPositive, Good with { Low = 0 } },
        { CandleRules.PriceNotPositive, Good with { Close = -1 } },
        { CandleRules.HighBelowLow, Good with { High = 8 } },
        { CandleRules.HighBelowOpenClose, Good with { High = 10.5 } },
        { CandleRules.LowAboveOpenClose, Good with { Low = 10.5 } },
        { CandleRules.VolumeNotFinite, Good with { Volume = double.NaN } },
        { CandleRules.VolumeNegative, Good with { Volume = -1 } },
        { CandleRules.QuoteVolumeNegative, Good with { QuoteVolume = -0.1 } },
        { CandleRules.QuoteVolumeNotFinite, Good with { QuoteVolume = double.PositiveInfinity } },
        { CandleRules.VwapNotPositive, Good with { Vwap = 0 } },
        { CandleRules.VwapNotPositive, Good with { Vwap = double.PositiveInfinity } },
        { CandleRules.TradesNegative, Good with { TradesCount = -1 } },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_broken_rule_has_its_name(string? rule, Candle values) => Assert.Equal(rule, CandleRules.BrokenBy(Stored(values)));

    [Fact]
    public void Both_closing_conventions_are_taken_and_no_other()
    {
        Assert.Null(CandleRules.BrokenBy(Stored(Good) with { CloseTimeMs = Open + 60_000 }));
        Assert.Equal(CandleRules.DurationMismatch, CandleRules.BrokenBy(Stored(Good) with { CloseTimeMs = Open + 60_001 }));
        Assert.Equal(CandleRules.DurationMismatch, CandleRules.BrokenBy(Stored(Good) with { CloseTimeMs = long.MinValue }));
    }

    [Fact]
    public void Timeframes_have_names_lengths_and_places()
    {
        Assert.Equal("1m 5m 15m 1h 4h 1d", string.Join(' ', Timeframe.All));
        Assert.Equal([60_000, 300_000, 900_000, 3_600_000, 14_400_000, 86_400_000], Timeframe.All.Select(timeframe => timeframe.LengthMs));
        Assert.Null(Timeframe.Find("2m"));
        var hour = Timeframe.Find("1h")!;
        Assert.Equal(Open, hour.OpenOf(Open + 3_599_999));
        Assert.Equal(-3_600_000, hour.OpenOf(-1));
        Assert.True(hour.IsAligned(Open));
        Assert.Equal(Open + 3_599_999, hour.CloseOf(Open));
    }

    [Fact]
    public void The_sixteen_columns_are_these() => Assert.Equal(
        "venue Text, symbol Text, timeframe Text, open_time_ms Integer, close_time_ms Integer, open Number, high Number, low Number, close Number, "
            + "volume Number, quote_volume Number, vwap Number, trades_count Integer, is_closed Boolean, source Text, ingest_time_ms Integer",
        string.Join(", ", CandleColumns.All.Select(column => $"{column.Name} {column.Type}")));

    [Fact]
    public void What_is_shown_does_not_depend_on_what_came_first()
    {
        var preference = new CandlePreference();
        var close = Stored(Good).CloseTimeMs;
        StoredCandle[] versions =
        [
            Stored(Good) with { Source = CandleSource.Aggregated, IngestTimeMs = close + 1 },
            Stored(Good) with { Source = CandleSource.Rest, IngestTimeMs = close + 1000 },
            Stored(Good) with { Source = CandleSource.WebSocket, IngestTimeMs = close + 100 },
            Stored(Good) with { Source = CandleSource.Rest, IngestTimeMs = close + CandlePreference.RestSettlesMs },
            Stored(Good) with { Source = CandleSource.Rest, IngestTimeMs = close + CandlePreference.RestSettlesMs + 5 },
        ];
        for (var low = 0; low < versions.Length; low++)
            for (var high = low + 1; high < versions.Length; high++)
            {
                Assert.True(preference.Replaces(versions[low], versions[high]), $"{low} {high}");
                Assert.False(preference.Replaces(versions[high], versions[low]), $"{high} {low}");
            }

        Assert.False(new CandlePreference(PrefersRest: false).Replaces(versions[2], versions[4]));
    }

    private static StoredCandle Stored(Candle values) =>
        StoredCandle.Of("binance", "BTCUSDT", Timeframe.Minute, values, CandleSource.WebSocket, Open + (3 * Timeframe.MinuteMs));
}
