using System.Globalization;
using Tape.Core.Candles;
using Tape.Core.Values;
using Xunit.Abstractions;

namespace Tape.Core.Tests.Candles;

public sealed class CandleAggregateTests(ITestOutputHelper output)
{
    private const long Day = 1_764_547_200_000;

    [Fact]
    public void Coarser_candles_of_random_minutes_are_those_of_an_exact_oracle()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 400; round++)
        {
            var timeframe = Timeframe.Coarser[random.Next(Timeframe.Coarser.Count)];
            var minutes = Enumerable.Range(0, timeframe.Minutes).Where(_ => random.Next(10) > 0).Select(minute => Minute(random, minute)).ToList();
            if (minutes.Count == 0) continue;
            var aggregate = new CandleAggregate("v", "S", timeframe, Day);
            foreach (var minute in minutes) aggregate.Add(minute);
            var made = aggregate.Make(out var broken)!;
            Assert.Null(broken);
            Assert.Equal(minutes.Count == timeframe.Minutes, aggregate.IsWhole);
            Assert.Equal(CandleSource.Aggregated, made.Source);
            Assert.Equal(Day + timeframe.LengthMs - 1, made.CloseTimeMs);
            Assert.Equal((minutes[0].Values.Open, minutes.Max(m => m.Values.High), minutes.Min(m => m.Values.Low), minutes[^1].Values.Close),
                (made.Values.Open, made.Values.High, made.Values.Low, made.Values.Close));
            Assert.Equal(Sum(minutes, m => m.Values.Volume), made.Values.Volume);
            Assert.Equal(Sum(minutes, m => m.Values.QuoteVolume), made.Values.QuoteVolume);
            Assert.Equal(minutes.Any(m => m.Values.TradesCount == Absent.Integer) ? Absent.Integer : minutes.Sum(m => m.Values.TradesCount),
                made.Values.TradesCount);
            Assert.Equal(minutes.Max(m => m.IngestTimeMs), made.IngestTimeMs);
            Assert.Null(CandleRules.BrokenBy(made));
        }
    }

    [Fact]
    public void A_vwap_is_weighted_by_volume_and_unknown_where_one_is()
    {
        var first = Flat(0, 10, 1) with { Vwap = 10 };
        var second = Flat(1, 40, 3) with { Vwap = 40 };
        Assert.Equal(32.5, Made(first, second).Values.Vwap);
        Assert.Equal(Absent.Number, Made(first, second with { Vwap = Absent.Number }).Values.Vwap);
        Assert.Equal(10, Made(first, Flat(1, 40, 0)).Values.Vwap);
        Assert.Equal(Absent.Number, Made(Flat(0, 40, 0) with { Vwap = 40 }).Values.Vwap);
    }

    [Fact]
    public void Proven_empty_minutes_complete_a_bucket_and_missing_ones_do_not()
    {
        var aggregate = new CandleAggregate("v", "S", Timeframe.Find("5m")!, Day);
        aggregate.Add(Stored(Flat(0, 10, 1)));
        aggregate.AddEmpty(3);
        Assert.False(aggregate.IsWhole);
        aggregate.Add(Stored(Flat(4, 10, 1)));
        Assert.True(aggregate.IsWhole);
        Assert.Throws<ArgumentException>(() => aggregate.Add(Stored(Flat(3, 10, 1))));
        Assert.Throws<ArgumentException>(() => aggregate.Add(Stored(Flat(5, 10, 1))));
    }

    [Fact]
    public void A_sum_that_overflows_makes_no_candle()
    {
        var aggregate = new CandleAggregate("v", "S", Timeframe.Find("5m")!, Day);
        aggregate.Add(Stored(Flat(0, 10, 1e30)));
        aggregate.Add(Stored(Flat(1, 10, 1e-30)));
        Assert.Null(aggregate.Make(out var broken));
        Assert.Equal(CandleRules.SumOverflow, broken);
    }

    private static StoredCandle Made(params Candle[] minutes)
    {
        var aggregate = new CandleAggregate("v", "S", Timeframe.Find("1h")!, Day);
        foreach (var minute in minutes) aggregate.Add(Stored(minute));
        return aggregate.Make(out _)!;
    }

    private static Candle Flat(int minute, double price, double volume) =>
        new() { OpenTimeMs = Day + (minute * Timeframe.MinuteMs), Open = price, High = price, Low = price, Close = price, Volume = volume };

    private static StoredCandle Stored(Candle values) =>
        StoredCandle.Of("v", "S", Timeframe.Minute, values, CandleSource.WebSocket, values.OpenTimeMs + Timeframe.MinuteMs);

    private static StoredCandle Minute(Random random, int minute)
    {
        var prices = Enumerable.Range(0, 4).Select(_ => Math.Round((random.NextDouble() * 90_000) + 1, random.Next(0, 9))).ToArray();
        return Stored(new Candle
        {
            OpenTimeMs = Day + (minute * Timeframe.MinuteMs),
            Open = prices[0],
            Close = prices[1],
            High = prices.Max(),
            Low = prices.Min(),
            Volume = Math.Round(random.NextDouble() * 1000, random.Next(0, 9)),
            QuoteVolume = Math.Round(random.NextDouble() * 1e8, random.Next(0, 9)),
            TradesCount = random.Next(50) == 0 ? Absent.Integer : random.Next(1, 1_000_000),
        });
    }

    /// <summary>In decimals of 28 digits, which these sums don't fill.</summary>
    private static double Sum(IEnumerable<StoredCandle> minutes, Func<StoredCandle, double> of) =>
        double.Parse(minutes.Sum(minute => decimal.Parse(of(minute).ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float,
            CultureInfo.InvariantCulture))
            .ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
