using System.Text;
using Tape.Candles.Answers;
using Tape.Candles.Files;
using Tape.Candles.Quality;
using Tape.Core.Candles;
using Tape.Core.Files;
using Tape.Core.Values;
using Tape.Storage.Answers;
using Tape.Storage.Journal;
using Tape.Tables.Candles;
using Tape.Tables.DuckDb;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues;
using Tape.Venues.Contract;

namespace Tape.Candles.Tests.Answers;

/// <summary>Answers about candles, on the log, come into day files once and whole.</summary>
public sealed class AnsweredCandlesTests : IDisposable
{
    private const long Minute = Timeframe.MinuteMs;
    private const long Start = CandleTape.StartMs;

    private readonly TemporaryFolder _root = new();
    private readonly CandleParquet _format = CandleParquet.Open(TestDisk.Files, new DuckDbOptions());

    public void Dispose()
    {
        _format.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Candles_and_minutes_without_trades_come_into_the_day_and_again_changes_nothing()
    {
        Answer(Start, (Start, 5), (Start + Minute, 0), (Start + 2 * Minute, 3), (Start + 10 * Minute, 1));
        Assert.Equal(2, Advance(Taker()));
        var day = new CandleDay("binance", "BTCUSDT", Timeframe.Minute, CandleDay.DayOf(Start));
        Assert.Equal([(Start, CandleSource.Rest), (Start + 2 * Minute, CandleSource.Rest)], Store().Read(day).Select(row => (row.OpenTimeMs, row.Source)));
        Assert.Equal([Start + Minute], Store().EmptyOf(day));
        var bytes = File.ReadAllBytes(Files().Single());

        // By another process, which knows how far it came; and by one that lost that.
        Assert.Equal(0, Advance(Taker()));
        File.Delete(_root["quality", "answers.state"]);
        Assert.Equal(0, Advance(Taker()));
        var taker = Taker();
        Assert.Equal(0, Advance(taker));
        taker.Restart();
        Assert.Equal(0, Advance(taker));
        Assert.Equal(bytes, File.ReadAllBytes(Files().Single()));
    }

    [Fact]
    public void A_day_file_that_is_lost_is_made_again()
    {
        Answer(Start, (Start, 5), (Start + Minute, 4));
        var taker = Taker();
        Advance(taker);
        var bytes = File.ReadAllBytes(Files().Single());
        File.Delete(Files().Single());
        taker.Restart();
        Assert.Equal(2, Advance(taker));
        Assert.Equal(bytes, File.ReadAllBytes(Files().Single()));
    }

    [Fact]
    public void What_earlier_answers_brought_into_a_day_that_is_damaged_is_brought_again()
    {
        Answer(Start, (Start, 5), (Start + Minute, 4));
        var taker = Taker();
        Advance(taker);
        File.WriteAllText(Files().Single(), "no parquet");
        Answer(Start, (Start + 2 * Minute, 3));
        Advance(taker);
        var day = new CandleDay("binance", "BTCUSDT", Timeframe.Minute, CandleDay.DayOf(Start));
        Assert.Equal([Start, Start + Minute, Start + 2 * Minute], Store().Read(day).Select(row => row.OpenTimeMs));
    }

    [Fact]
    public void A_candle_that_breaks_a_rule_is_a_finding_and_the_others_count()
    {
        Answer(Start, (Start, 5), (Start + Minute, -4));
        Assert.Equal(1, Advance(Taker()));
        var finding = Assert.Single(File.ReadAllLines(_root["quality", "candles", "2025-12-01.jsonl"]),
            line => line.Contains("\"kind\":\"reject\"", StringComparison.Ordinal));
        Assert.Contains($"\"open_time_ms\":{Start + Minute}", finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_at_any_file_operation_all_is_there_after_the_next_time()
    {
        Answer(Start, (Start, 5), (Start + Minute, 0), (Start + 2 * Minute, 3));
        using var whole = _root.Copy();
        var operations = Cut(whole.Path, int.MaxValue);
        Assert.InRange(operations, 8, 500);
        for (var cut = 1; cut <= operations; cut++)
        {
            using var trial = _root.Copy();
            Cut(trial.Path, cut);
            Advance(Taker(TestDisk.Files, trial.Path));
            var day = new CandleDay("binance", "BTCUSDT", Timeframe.Minute, CandleDay.DayOf(Start));
            var store = Store(TestDisk.Files, trial.Path);
            Assert.True(store.Read(day).Select(row => row.OpenTimeMs).SequenceEqual([Start, Start + 2 * Minute]), $"cut at operation {cut}");
            Assert.True(store.EmptyOf(day).SequenceEqual([Start + Minute]), $"cut at operation {cut}");
        }
    }

    /// <returns>File operations until the cut.</returns>
    private static int Cut(string vault, int at)
    {
        var files = new FaultyFiles(vault, 1);
        files.FailAt(at, Fault.Error);
        using var format = CandleParquet.Open(files, new DuckDbOptions());
        try
        {
            Advance(new AnsweredCandles(files, vault, VenueCatalog.Find, new CandleStore(files, vault, format, new CandlePreference(), aggregates: false),
                new CandleQuality(files, vault)));
        }
        catch (Exception fault) when (fault is IOException or Core.Errors.TapeException)
        {
            // The cut.
        }

        return files.Operations;
    }

    private string[] Files() => Directory.GetFiles(_root["data", "binance", "BTCUSDT", "1m"]);

    private CandleStore Store(IFiles? files = null, string? vault = null) =>
        new(files ?? TestDisk.Files, vault ?? _root.Path, _format, new CandlePreference(), aggregates: false);

    private AnsweredCandles Taker(IFiles? files = null, string? vault = null) => new(files ?? TestDisk.Files, vault ?? _root.Path, VenueCatalog.Find,
        Store(files, vault), new CandleQuality(files ?? TestDisk.Files, vault ?? _root.Path));

    private static int Advance(AnsweredCandles taker)
    {
        var written = 0;
        taker.Advance(report => written += report.Written, CancellationToken.None);
        return written;
    }

    /// <summary>An answer about ten minutes, received an hour later.</summary>
    private void Answer(long fromMs, params (long OpenTimeMs, int Trades)[] rows)
    {
        using var log = AnswersWriter.Open(TestDisk.Files, _root.Path, new FakeTime(), new Random(1), new OwnerInfo("tests", 1, new UnixNanos(1)),
            AnswersLog.Candles);
        var at = (fromMs + Timeframe.DayMs / 24) * UnixNanos.PerMillisecond;
        var body = $"[{string.Join(',', rows.Select(row => string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"[{row.OpenTimeMs},\"1\",\"2\",\"0.5\",\"1.5\",\"{row.Trades}\",{row.OpenTimeMs + 59_999},\"{row.Trades}\",{row.Trades},\"0\",\"0\",\"0\"]")))}]";
        log.Append(new AnswerHead("binance", CandlePage.RequestName, "https://venue.test", 200, at, at)
        {
            Symbol = "BTCUSDT",
            FromMs = fromMs,
            ToMs = fromMs + 10 * Minute,
        }, Encoding.UTF8.GetBytes(body));
    }
}
