using Tape.Candles.Files;
using Tape.Core.Candles;
using Tape.Core.Errors;
using Tape.Storage.Files;
using Tape.Tables.Candles;
using Tape.Tables.DuckDb;
using Tape.TestKit.Files;

namespace Tape.Candles.Tests.Files;

/// <summary>Day files: their form, and what is done with one that is damaged or foreign.</summary>
public sealed class CandleDayFileTests : IDisposable
{
    private static readonly CandleDay Day = new("kraken", "BTC/USD", Timeframe.Minute, new DateOnly(2025, 12, 1));

    private readonly TemporaryFolder _root = new();
    private readonly CandleParquet _parquet = CandleParquet.Open(DiskFiles.Instance, new DuckDbOptions());

    private string FilePath => _root["data", "kraken", "BTC-USD", "1m", "2025-12-01.parquet"];

    private CandleDayFile Files => new(DiskFiles.Instance, _root.Path, _parquet);

    public void Dispose()
    {
        _parquet.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void A_day_file_has_exactly_the_sixteen_columns_in_their_types_and_reads_back()
    {
        Files.Replace(Day, [Minute(0), Minute(1) with { Source = CandleSource.Rest, CloseTimeMs = CandleTape.StartMs + 120_000 }]);
        Assert.Equal(
        [
            "venue VARCHAR", "symbol VARCHAR", "timeframe VARCHAR", "open_time_ms BIGINT", "close_time_ms BIGINT", "open DOUBLE", "high DOUBLE", "low DOUBLE",
            "close DOUBLE", "volume DOUBLE", "quote_volume DOUBLE", "vwap DOUBLE", "trades_count BIGINT", "is_closed BOOLEAN", "source VARCHAR",
            "ingest_time_ms BIGINT",
        ], Ask($"SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM '{FilePath}')"));
        Assert.Equal(["BTC/USD 1.5 NULL NULL websocket", "BTC/USD 1.5 NULL NULL rest"],
            Ask($"SELECT concat_ws(' ', symbol, volume, coalesce(vwap::VARCHAR, 'NULL'), coalesce(trades_count::VARCHAR, 'NULL'), source) FROM '{FilePath}'"));
        Assert.Equal([Minute(0), Minute(1) with { Source = CandleSource.Rest, CloseTimeMs = CandleTape.StartMs + 120_000 }], Files.Read(Day));
        Assert.Equal(["2025-12-01.parquet"], Directory.GetFiles(Path.GetDirectoryName(FilePath)!).Select(Path.GetFileName));
    }

    [Fact]
    public void The_same_rows_give_the_same_bytes()
    {
        Files.Replace(Day, [Minute(0), Minute(1)]);
        var first = File.ReadAllBytes(FilePath);
        Files.Replace(Day, [Minute(0)]);
        Files.Replace(Day, [Minute(0), Minute(1)]);
        Assert.True(first.AsSpan().SequenceEqual(File.ReadAllBytes(FilePath)));
    }

    [Fact]
    public void Truncated_empty_and_flipped_files_are_refused_with_their_path()
    {
        Files.Replace(Day, [.. Enumerable.Range(0, 60).Select(Minute)]);
        var whole = File.ReadAllBytes(FilePath);
        var found = Files.Read(Day);
        var random = new Random(7);
        foreach (var length in new[] { 0, 3, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Assert.Contains(FilePath, Assert.Throws<DamagedException>(() => Files.Read(Day)).Message);
        }

        var refused = 0;
        for (var trial = 0; trial < 120; trial++)
        {
            var flipped = (byte[])whole.Clone();
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(FilePath, flipped);
            try
            {
                // A bit that means nothing may pass, one that changes a row may not.
                Assert.Equal(found, Files.Read(Day));
            }
            catch (DamagedException)
            {
                refused++;
            }
        }

        Assert.True(refused > 40, $"{refused} of 120 refused");
    }

    [Fact]
    public void Foreign_columns_a_foreign_day_and_broken_rules_are_refused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        Ask($"COPY (SELECT 1 AS price) TO '{FilePath}' (FORMAT parquet)");
        Assert.Contains("price Integer", Assert.Throws<DamagedException>(() => Files.Read(Day)).Message);
        foreach (var rows in new StoredCandle[][]
        {
            [Minute(1440)], [Minute(0) with { Symbol = "ETH/USD" }], [Minute(1), Minute(0)], [Minute(0), Minute(0)],
            [Minute(0) with { Values = Minute(0).Values with { Low = -1 } }],
        })
        {
            _parquet.Write(FilePath, rows);
            Assert.Matches(": row [01]: ", Assert.Throws<DamagedException>(() => Files.Read(Day)).Message);
        }
    }

    [Fact]
    public void A_file_that_is_set_aside_keeps_its_bytes_and_matches_no_pattern_for_day_files()
    {
        foreach (var ending in new[] { ".damaged", ".damaged-2" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            File.WriteAllText(FilePath, "foreign" + ending);
            Assert.Equal(FilePath + ending, Files.SetAside(Day));
            Assert.Equal("foreign" + ending, File.ReadAllText(FilePath + ending));
        }

        Assert.Empty(Directory.GetFiles(_root["data"], "*.parquet", SearchOption.AllDirectories));
        Assert.Empty(Files.Read(Day));
    }

    [Fact]
    public void Symbols_that_would_share_a_folder_get_folders_of_their_own_also_after_a_restart()
    {
        Files.Replace(Day, [Minute(0)]);
        var dashed = Day with { Symbol = "BTC-USD" };
        Assert.Equal("data/kraken/BTC-USD-2/1m/2025-12-01.parquet", Files.Paths.Relative(dashed));
        Files.Replace(dashed, [Minute(0) with { Symbol = "BTC-USD" }]);
        Assert.Equal("data/kraken/BTC-USD/1m/2025-12-01.parquet", Files.Paths.Relative(Day));
        Assert.Equal("data/kraken/BTC-USD-2/1m/2025-12-01.parquet", Files.Paths.Relative(dashed));
        Assert.Equal("data/kraken/%E2%82%BF%20X/1m/2025-12-01.parquet", Files.Paths.Relative(Day with { Symbol = "₿ X" }));
    }

    private static StoredCandle Minute(int minute) => StoredCandle.Of("kraken", "BTC/USD", Timeframe.Minute, new Candle
    {
        OpenTimeMs = CandleTape.StartMs + (minute * 60_000L),
        Open = 100.1,
        High = 101 + (minute / 7.0),
        Low = 99,
        Close = 100,
        Volume = 1.5,
        QuoteVolume = 150.25 + minute,
    }, CandleSource.WebSocket, CandleTape.StartMs + ((minute + 1) * 60_000L));

    private static List<string> Ask(string sql)
    {
        using var database = DuckDbDatabase.Open(new DuckDbOptions());
        using var connection = database.Connect();
        using var result = connection.Query(sql);
        var rows = new List<string>();
        while (result.Next(out var chunk))
            for (var row = 0; row < chunk.Rows && result.Columns[0].Type == DuckDbType.Varchar; row++) rows.Add(chunk.Text(0, row) ?? "NULL");
        return rows;
    }
}
