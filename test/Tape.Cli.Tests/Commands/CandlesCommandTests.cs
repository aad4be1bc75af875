using System.CommandLine;
using System.Text.Json;
using Tape.Candles.Files;
using Tape.Cli.Commands;
using Tape.Core.Candles;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Host;
using Tape.Query.Engine;
using Tape.Query.Output;
using Tape.Query.Snapshots;
using Tape.Storage.Files;
using Tape.Tables.Candles;
using Tape.Tables.DuckDb;
using Tape.TestKit.Files;
using Tape.TestKit.Vaults;

namespace Tape.Cli.Tests.Commands;

/// <summary><c>tape candles</c>, and the view <c>candles</c>.</summary>
public sealed class CandlesCommandTests : IDisposable
{
    private static readonly long Start = SmallMarket.Start.Value / UnixNanos.PerMillisecond;

    private readonly TemporaryFolder _vault = new();

    public CandlesCommandTests()
    {
        SmallMarket.Record(DiskFiles.Instance, _vault.Path, 0, 3, TimeSpan.FromSeconds(1));
        using var parquet = CandleParquet.Open(DiskFiles.Instance, new DuckDbOptions());
        var store = new CandleStore(DiskFiles.Instance, _vault.Path, parquet, new CandlePreference());
        store.Apply(new[] { 0, 1, 3, 4, 5, 6, 7 }.Select(minute => StoredCandle.Of("kraken", "BTC/USD", Timeframe.Minute, new Candle
        {
            OpenTimeMs = Start + (minute * 60_000L),
            Open = 1,
            High = 1,
            Low = 1,
            Close = 1,
            Volume = 2,
        }, CandleSource.Rest, Start + 3_600_000)), [new("kraken", "BTC/USD", Start + 120_000)]);
    }

    public void Dispose() => _vault.Dispose();

    [Fact]
    public void Lists_what_there_is_and_what_is_missing()
    {
        var (exit, text) = Run("--json");
        Assert.Equal(ExitCode.Ok, exit);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["1m BTC/USD 7 1 0", "5m BTC/USD 1 0 0"], lines.Select(line => $"{line.GetProperty("timeframe")} {line.GetProperty("symbol")} "
            + $"{line.GetProperty("candles")} {line.GetProperty("no_trade")} {line.GetProperty("missing")}").Order());
        Assert.Contains("BTC/USD", Run().Text, StringComparison.Ordinal);
        Assert.Contains("kraken", Assert.Throws<UnknownNameException>(() => Run("--venue", "krakn")).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_can_not_be_read_is_named_and_gives_status_1()
    {
        var path = Path.Combine(_vault.Path, "data", "kraken", "BTC-USD", "1m", "2026-11-21.parquet");
        File.WriteAllText(path, "no parquet");
        var (exit, text) = Run("--timeframe", "1m");
        Assert.Equal(ExitCode.Findings, exit);
        Assert.Contains("data/kraken/BTC-USD/1m/2026-11-21.parquet", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_view_has_the_rows_of_all_day_files_and_a_range_means_open_times()
    {
        Assert.Equal("8", Ask("SELECT count(*) FROM candles", default));
        Assert.Equal("6", Ask("SELECT count(*) FROM candles WHERE timeframe = '1m'", new QueryRange(SmallMarket.Start.Add(TimeSpan.FromSeconds(60)), null)));
        Assert.Equal("0", Ask("SELECT count(*) FROM candles", new QueryRange(SmallMarket.Start.Add(TimeSpan.FromDays(9)), null)));
    }

    private string Ask(string sql, QueryRange range)
    {
        using var engine = QueryEngine.Open(TapeSnapshot.Take(DiskFiles.Instance, _vault.Path, range).WithCandles(), range, new QueryLimits(),
            SmallMarket.Start, null,
            CancellationToken.None);
        using var rows = engine.Run(sql);
        using var output = new MemoryStream();
        RowWriters.WriteAll(rows, RowWriters.Create("csv", output, null, _ => { }));
        return System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n')[1].Trim();
    }

    private (int Exit, string Text) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var exit = new RootCommand { CandlesCommand.Create() }.Parse(["candles", "--vault", _vault.Path, .. arguments])
            .Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false });
        return (exit, output.ToString());
    }
}
