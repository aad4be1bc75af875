using Tape.Candles.Closing;
using Tape.Candles.Files;
using Tape.Core.Candles;
using Tape.Core.Values;
using Tape.Storage.Files;
using Tape.TestKit.Files;

namespace Tape.Candles.Tests.Files;

/// <summary>What comes into day files, from any source.</summary>
public sealed class CandleStoreTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly MemoryCandles _format = new(DiskFiles.Instance);
    private readonly CandleStore _store;

    public CandleStoreTests() => _store = new CandleStore(DiskFiles.Instance, _root.Path, _format, new CandlePreference());

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Doing_the_same_again_changes_and_tells_nothing()
    {
        var minutes = Enumerable.Range(0, 20).Select(minute => Minute(minute)).ToList();
        var first = _store.Apply(minutes);
        Assert.Equal((20 + 4 + 1, 3), (first.Written, first.Files));
        var writes = _format.Writes;
        var again = _store.Apply(minutes);
        Assert.Equal((0, 0, 0, writes), (again.Written, again.Files, again.Findings.Count, _format.Writes));
    }

    [Fact]
    public void Coarser_candles_are_made_when_their_minutes_are_whole_and_again_when_one_is_repaired()
    {
        _store.Apply(Enumerable.Range(0, 5).Where(minute => minute != 2).Select(minute => Minute(minute)));
        Assert.Empty(Of("5m"));
        _store.Apply([Minute(2, price: 120, source: CandleSource.Rest)]);
        var made = Assert.Single(Of("5m"));
        Assert.Equal((100, 120, 100, 5, CandleSource.Aggregated), (made.Values.Open, made.Values.High, made.Values.Close, made.Values.Volume, made.Source));
        var report = _store.Apply([Minute(2, price: 130, source: CandleSource.Rest, knownAfterMs: 600_000)]);
        Assert.Equal(130, Assert.Single(Of("5m")).Values.High);
        Assert.Equal(["Restatement restated 2", "Restatement restated 0"], report.Findings.Select(CandleTape.Text));
    }

    [Fact]
    public void Empty_minutes_complete_a_bucket_and_days_survive_a_restart()
    {
        _store.Apply([Minute(0), Minute(4)], [Empty(1), Empty(2)]);
        Assert.Empty(Of("5m"));
        var later = new CandleStore(DiskFiles.Instance, _root.Path, _format, new CandlePreference());
        later.Apply([], [Empty(3)]);
        Assert.Equal(2, Assert.Single(Of("5m")).Values.Volume);
        Assert.Equal(3, later.EmptyOf(Day("1m")).Count);
        // A candle of such a minute is believed more.
        later.Apply([Minute(3)]);
        Assert.Equal(2, later.EmptyOf(Day("1m")).Count);
        Assert.Equal(3, Assert.Single(Of("5m")).Values.Volume);
    }

    [Fact]
    public void Of_two_that_differ_the_preferred_is_shown_and_both_are_told()
    {
        _store.Apply([Minute(0)]);
        var young = _store.Apply([Minute(0, price: 101, source: CandleSource.Rest, knownAfterMs: 1000)]);
        Assert.Equal((101, 100), (young.Findings[0].Candle.Values.Open, young.Findings[0].Shown!.Values.Open));
        Assert.Equal(100, Assert.Single(Of("1m")).Values.Open);
        var settled = _store.Apply([Minute(0, price: 102, source: CandleSource.Rest, knownAfterMs: 120_000)]);
        Assert.Equal((100, 102), (settled.Findings[0].Candle.Values.Open, settled.Findings[0].Shown!.Values.Open));
        Assert.Equal(102, Assert.Single(Of("1m")).Values.Open);
    }

    [Fact]
    public void Whatever_its_source_a_candle_that_breaks_a_rule_is_rejected()
    {
        var report = _store.Apply([Minute(0, price: -1, source: CandleSource.Rest), Minute(1)]);
        Assert.Equal(["Reject price_not_positive 0"], report.Findings.Select(CandleTape.Text));
        Assert.Single(Of("1m"));
    }

    [Fact]
    public void A_repeat_of_a_minute_that_is_not_stored_came_too_late()
    {
        _store.Apply([Minute(0)]);
        var days = new Dictionary<CandleDay, CandleChanges>();
        CandleChanges.Add(days, [Repeat(Minute(0)), Repeat(Minute(1)), Repeat(Minute(0, price: 7))]);
        var report = _store.Apply(days);
        Assert.Equal(["Reject out_of_order 1", "Restatement restated 0"], report.Findings.Select(CandleTape.Text));
        Assert.Equal(100, Assert.Single(Of("1m")).Values.Open);
    }

    [Fact]
    public void What_is_withdrawn_goes_with_the_coarser_candles_made_of_it()
    {
        _store.Apply(Enumerable.Range(0, 15).Select(minute => Minute(minute)));
        Assert.Equal((3, 1), (Of("5m").Count, Of("15m").Count));
        var batch = new CandleBatch();
        batch.Withdrawn.Add(Empty(7));
        var days = new Dictionary<CandleDay, CandleChanges>();
        CandleChanges.Add(days, batch);
        _store.Apply(days);
        Assert.Equal((14, 2, 0), (Of("1m").Count, Of("5m").Count, Of("15m").Count));
        _store.Apply([Minute(7, source: CandleSource.Rest)]);
        _store.Apply(days);
        Assert.Equal((15, 3, 1), (Of("1m").Count, Of("5m").Count, Of("15m").Count));
    }

    [Fact]
    public void A_bucket_whose_time_is_over_and_that_lacks_minutes_is_told_once_there_is_a_later_one()
    {
        var report = _store.Apply([Minute(0), Minute(1), Minute(3), Minute(4), Minute(5)]);
        var incomplete = Assert.Single(report.Findings);
        Assert.Equal((FindingKind.Incomplete, 4, 4), (incomplete.Kind, incomplete.MinutesPresent, incomplete.Candle.Values.Volume));
        var next = _store.Apply([Minute(1440)]);
        Assert.Equal(["5m", "15m", "1h", "4h", "1d"], next.Findings.Where(finding => finding.Candle.OpenTimeMs >= CandleTape.StartMs).Select(finding =>
            finding.Candle.Timeframe.Name)
            .Concat(["5m", "15m", "1h", "4h"]).Distinct().OrderBy(name => Timeframe.Find(name)!.LengthMs));
    }

    [Fact]
    public void A_damaged_day_is_set_aside_and_told()
    {
        _store.Apply([Minute(0)]);
        _format.Damaged.Add(_root["data", "binance", "BTCUSDT", "1m", "2025-12-01.parquet"]);
        var report = _store.Apply([Minute(1)]);
        Assert.EndsWith("2025-12-01.parquet.damaged", Assert.Single(report.SetAside).Path);
        Assert.Equal(CandleTape.StartMs + 60_000, Assert.Single(Of("1m")).OpenTimeMs);
    }

    [Fact]
    public void A_day_that_can_not_be_written_stops_no_other()
    {
        _format.Refused = path => path.Contains("ETHUSDT", StringComparison.Ordinal);
        var report = _store.Apply([Minute(0), Minute(0) with { Symbol = "ETHUSDT" }, Minute(0) with { Symbol = "SOLUSDT" }]);
        Assert.Equal(2, report.Written);
        var failed = Assert.Single(report.Failed);
        Assert.Equal(("ETHUSDT", 1), (failed.Day.Symbol, failed.Changes.Count));
        _format.Refused = _ => false;
        Assert.Equal(1, _store.Apply(report.Failed.ToDictionary(one => one.Day, one => one.Changes)).Written);
    }

    private IReadOnlyList<StoredCandle> Of(string timeframe) => _store.Read(Day(timeframe));

    private static CandleDay Day(string timeframe) => new("binance", "BTCUSDT", Timeframe.Find(timeframe)!, new DateOnly(2025, 12, 1));

    private static EmptyMinute Empty(int minute) => new("binance", "BTCUSDT", CandleTape.StartMs + (minute * 60_000L));

    private static ClosedCandle Repeat(StoredCandle candle) => new(candle, 1, 2, 3) { IsRepeat = true };

    private static StoredCandle Minute(int minute, double price = 100, CandleSource source = CandleSource.WebSocket, long knownAfterMs = 5000) =>
        StoredCandle.Of("binance", "BTCUSDT", Timeframe.Minute, new Candle
        {
            OpenTimeMs = CandleTape.StartMs + (minute * 60_000L),
            Open = price,
            High = price,
            Low = price,
            Close = price,
            Volume = 1,
            TradesCount = Absent.Integer,
        }, source, CandleTape.StartMs + ((minute + 1) * 60_000L) + knownAfterMs);
}
