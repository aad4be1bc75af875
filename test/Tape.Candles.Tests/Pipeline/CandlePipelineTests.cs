using System.Globalization;
using System.Text;
using Tape.Candles.Answers;
using Tape.Candles.Closing;
using Tape.Candles.Files;
using Tape.Candles.Pipeline;
using Tape.Core.Candles;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Storage.Answers;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Tables.Candles;
using Tape.Tables.DuckDb;
using Tape.TestKit.Files;
using Tape.TestKit.Time;
using Tape.Venues;

namespace Tape.Candles.Tests.Pipeline;

/// <summary>From a tape on the disk to day files, over restarts and damage.</summary>
public sealed class CandlePipelineTests : IDisposable
{
    private static readonly OwnerInfo Owner = new("tests", 1, new UnixNanos(0), null);

    private readonly TemporaryFolder _root = new();
    private readonly FakeTime _time = new();
    private readonly CandleParquet _parquet = CandleParquet.Open(DiskFiles.Instance, new DuckDbOptions());
    private readonly List<CandleReport> _told = [];

    private string Vault => _root["vault"];

    public void Dispose()
    {
        _parquet.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Trades_on_a_tape_become_day_files_of_all_timeframes()
    {
        var end = Market(0).Write(DiskFiles.Instance, Vault);
        Run(Vault, end);
        Assert.Equal(["BTCUSDT/15m", "BTCUSDT/1m", "BTCUSDT/5m", "ETHUSDT/15m", "ETHUSDT/1m", "ETHUSDT/5m"], Files(Vault).Select(path =>
            string.Join('/', path.Split('/')[^3..^1])));
        Assert.Equal(18, Rows(Vault, "BTCUSDT", "1m").Count);
        Assert.Equal(3, Rows(Vault, "BTCUSDT", "5m").Count);
        Assert.Single(Rows(Vault, "BTCUSDT", "15m"));
        Assert.Contains("\"partial\"", File.ReadAllText(Path.Combine(Vault, "quality", "candles", "2025-11-30.jsonl")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_restarts_and_any_batches_leave_the_same_files(int seed)
    {
        var tape = Market(seed);
        var end = tape.Write(DiskFiles.Instance, Vault);
        Run(Vault, end);
        var random = new Random(seed);
        var other = _root["other"];
        tape.Write(DiskFiles.Instance, other);
        for (var at = 0L; at < end;)
        {
            at = Math.Min(end, at + random.Next(1, 900));
            using var pipeline = Open(other);
            pipeline.Advance(at, _told.Add, all: random.Next(3) > 0, CancellationToken.None);
        }

        Run(other, end);
        AssertSame(Vault, other);
    }

    [Fact]
    public void A_lost_or_damaged_day_is_derived_again_and_the_damaged_file_is_kept()
    {
        var tape = Market(0);
        var end = tape.Write(DiskFiles.Instance, Vault);
        Run(Vault, end);
        var path = Path.Combine(Vault, "data", "binance", "BTCUSDT", "1m", "2025-12-01.parquet");
        var whole = File.ReadAllBytes(path);
        File.WriteAllText(path, "garbage");
        Run(Vault, end);
        Assert.True(whole.AsSpan().SequenceEqual(File.ReadAllBytes(path)));
        Assert.Equal("garbage", File.ReadAllText(path + ".damaged"));
        Assert.Contains(_told, report => report.SetAside.Count == 1 && report.Rebuilt.Count == 1);
        File.Delete(path);
        Run(Vault, end);
        Assert.True(whole.AsSpan().SequenceEqual(File.ReadAllBytes(path)));
    }

    [Fact]
    public void Without_its_state_all_is_derived_again_and_nothing_changes()
    {
        var end = Market(0).Write(DiskFiles.Instance, Vault);
        Run(Vault, end);
        var before = Files(Vault).ToDictionary(path => path, File.ReadAllBytes);
        var findings = File.ReadAllLines(Path.Combine(Vault, "quality", "candles", "2025-11-30.jsonl"));
        File.WriteAllText(Path.Combine(Vault, "quality", "candles.state"), "no state");
        Run(Vault, end);
        foreach (var (path, bytes) in before) Assert.True(bytes.AsSpan().SequenceEqual(File.ReadAllBytes(path)), path);
        Assert.Equal(findings, File.ReadAllLines(Path.Combine(Vault, "quality", "candles", "2025-11-30.jsonl")));
    }

    [Fact]
    public void A_file_that_can_not_be_written_waits_while_others_go_on_and_is_not_forgotten_by_a_restart()
    {
        var end = Market(0).Write(DiskFiles.Instance, Vault);
        var refusing = new RefusingCandles(_parquet) { Refuses = "ETHUSDT" };
        using (var pipeline = Open(Vault, refusing))
        {
            pipeline.Advance(end, _told.Add, all: true, CancellationToken.None);
            Assert.Contains(_told, report => report.Failed.Count > 0 && report.Files > 0);
            Assert.Equal(18, Rows(Vault, "BTCUSDT", "1m").Count);
            Assert.False(File.Exists(Path.Combine(Vault, "quality", "candles.state")));
            refusing.Refuses = "never";
            pipeline.Advance(end, _told.Add, all: true, CancellationToken.None);
            Assert.Equal(18, Rows(Vault, "ETHUSDT", "1m").Count);
            Assert.True(File.Exists(Path.Combine(Vault, "quality", "candles.state")));
        }
    }

    [Fact]
    public void Files_are_written_when_the_interval_is_over_and_no_place_behind_the_seal_is_read()
    {
        var end = Market(0).Write(DiskFiles.Instance, Vault);
        using var pipeline = Open(Vault);
        pipeline.Advance(end - 100, _told.Add, all: false, CancellationToken.None);
        Assert.Empty(Files(Vault));
        Assert.Equal(end - 100, pipeline.NextSeq);
        _time.Advance(TimeSpan.FromSeconds(60));
        pipeline.Advance(end - 100, _told.Add, all: false, CancellationToken.None);
        Assert.NotEmpty(Files(Vault));
        Assert.Throws<OwnedElsewhereException>(() => Open(Vault));
    }

    [Fact]
    public void Answers_on_the_log_restate_live_candles_and_a_day_that_is_made_again_has_both()
    {
        var end = Market(0).Write(DiskFiles.Instance, Vault);
        using var pipeline = Open(Vault);
        pipeline.Advance(end, _told.Add, all: true, CancellationToken.None);
        var live = Rows(Vault, "BTCUSDT", "1m");
        var first = live[0];
        var values = first.Values;
        var answered = (first.OpenTimeMs + 600_000) * UnixNanos.PerMillisecond;
        using (var log = AnswersWriter.Open(DiskFiles.Instance, Vault, _time, new Random(1), Owner, AnswersLog.Candles))
            log.Append(
                new AnswerHead("binance", CandlePage.RequestName, "https://venue.test", 200, answered, answered)
                {
                    Symbol = "BTCUSDT",
                    FromMs = first.OpenTimeMs,
                    ToMs = first.OpenTimeMs + Timeframe.MinuteMs,
                },
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                    $"[[{first.OpenTimeMs},\"{values.Open}\",\"{values.High}\",\"{values.Low}\",\"{values.Close}\",\"1\",0,\"1\",1,\"0\",\"0\",\"0\"]]")));
        pipeline.Advance(end, _told.Add, all: false, CancellationToken.None);
        AssertRestated();
        Assert.Contains("restatement", File.ReadAllText(Path.Combine(Vault, "quality", "candles", "2025-12-01.jsonl")));

        foreach (var path in Files(Vault).Where(path => Path.GetFileName(Path.GetDirectoryName(path)) == "1m")) File.WriteAllText(path, "");
        pipeline.Dispose();
        using var next = Open(Vault);
        next.Advance(end, _told.Add, all: true, CancellationToken.None);
        next.Advance(end, _told.Add, all: true, CancellationToken.None);
        AssertRestated();

        void AssertRestated()
        {
            var rows = Rows(Vault, "BTCUSDT", "1m");
            Assert.Equal(live.Select(row => row.OpenTimeMs), rows.Select(row => row.OpenTimeMs));
            Assert.Equal((1.0, CandleSource.Rest), (rows[0].Values.Volume, rows[0].Source));
            Assert.Equal(live.Skip(1), rows.Skip(1));
        }
    }

    [Fact]
    public void A_vault_without_a_tape_waits()
    {
        using var pipeline = Open(Vault);
        pipeline.Advance(0, _told.Add, all: true, CancellationToken.None);
        Assert.Empty(_told);
    }

    private void Run(string vault, long end)
    {
        using var pipeline = Open(vault);
        pipeline.Advance(end, _told.Add, all: true, CancellationToken.None);
    }

    private CandlePipeline Open(string vault, ICandleFiles? format = null) => CandlePipeline.Open(DiskFiles.Instance, vault, VenueCatalog.Find,
        CandleTape.Units,
        format ?? _parquet, new CandleOptions(), _time, Owner);

    private static void AssertSame(string left, string right)
    {
        foreach (var folder in new[] { "data", Path.Combine("quality", "candles"), Path.Combine("quality", "minutes") })
        {
            var files = Content(left, folder);
            Assert.Equal(files.Keys, Content(right, folder).Keys);
            foreach (var (path, bytes) in files) Assert.True(bytes.AsSpan().SequenceEqual(Content(right, folder)[path]), path);
        }
    }

    private static SortedDictionary<string, byte[]> Content(string vault, string folder) => !Directory.Exists(Path.Combine(vault, folder)) ? [] : new(
        Directory.GetFiles(Path.Combine(vault, folder), "*.*", SearchOption.AllDirectories).Where(path => !path.EndsWith("lock", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath(vault, path), File.ReadAllBytes));

    private static List<string> Files(string vault) => Directory.Exists(Path.Combine(vault, "data"))
        ? [.. Directory.GetFiles(Path.Combine(vault, "data"), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];

    private IReadOnlyList<StoredCandle> Rows(string vault, string symbol, string timeframe) => new CandleStore(DiskFiles.Instance, vault, _parquet,
        new CandlePreference())
        .Read(new CandleDay("binance", symbol, Timeframe.Find(timeframe)!, new DateOnly(2025, 12, 1)));

    /// <summary>Two symbols over 18 minutes; with a seed, with trades of chance and a lost connection.</summary>
    private static CandleTape Market(int seed)
    {
        var random = new Random(seed);
        var tape = new CandleTape().Connect(1, "binance", "btcusdt@aggTrade", "ethusdt@aggTrade");
        var connection = 1L;
        for (var second = -25; second < (18 * 60) + 8; second++)
        {
            tape.To(second);
            if (seed == 0 || random.Next(3) > 0) tape.Trade(connection, 100 + (second % 7), 0.5 + (second % 3));
            if (seed == 0 || random.Next(60) == 0) tape.Trade(connection, 10 + (second % 5), 1.25, symbol: "ETHUSDT");
            if (seed != 0 && random.Next(300) == 0) tape.Disconnect(connection).To(second += random.Next(60)).Connect(++connection, "binance",
                "btcusdt@aggTrade", "ethusdt@aggTrade");
        }

        return tape;
    }

    private sealed class RefusingCandles(ICandleFiles inner) : ICandleFiles
    {
        public string Refuses { get; set; } = "never";

        public void Write(string path, IReadOnlyList<StoredCandle> rows)
        {
            if (path.Contains(Refuses, StringComparison.Ordinal)) throw new UnauthorizedAccessException($"{path}: refused");
            inner.Write(path, rows);
        }

        public IReadOnlyList<StoredCandle> Read(string path) => inner.Read(path);
    }
}
