using System.Text;
using Tape.Candles.Closing;
using Tape.Candles.Files;
using Tape.Candles.Quality;
using Tape.Core.Candles;
using Tape.Core.Values;
using Tape.Query.Engine;
using Tape.Query.Output;
using Tape.Query.Snapshots;
using Tape.Storage.Files;
using Tape.Tables.Candles;
using Tape.Tables.DuckDb;
using Tape.TestKit.Files;

namespace Tape.Query.Tests;

/// <summary>The views over day files and over what was found of candles.</summary>
public sealed class CandleViewTests : IDisposable
{
    private const long Minute = Timeframe.MinuteMs;

    /// <summary>2025-12-01T00:00:00Z.</summary>
    private const long Start = 1_764_547_200_000;

    private readonly TemporaryFolder _vault = new();
    private readonly CandleParquet _format = CandleParquet.Open(DiskFiles.Instance, new DuckDbOptions());

    public void Dispose()
    {
        _format.Dispose();
        _vault.Dispose();
    }

    [Fact]
    public void Proven_minutes_are_filled_with_the_close_before_them_and_never_across_a_gap()
    {
        // Minutes 0 (empty: no price known), 1 (candle), 2, 3 (empty), 4 (candle), 5 (missing), 6 (empty), 7 (candle).
        Store().Apply([Candle("A", 1, 10), Candle("A", 4, 11), Candle("A", 7, 12), Candle("B", 2, 5)],
            [Empty("A", 0), Empty("A", 2), Empty("A", 3), Empty("A", 6)]);
        Assert.Equal(
            """
            symbol,minute,open,high,close,volume,trades_count,is_filled
            A,1,10,11,10,2,3,false
            A,2,10,10,10,0,0,true
            A,3,10,10,10,0,0,true
            A,4,11,12,11,2,3,false
            A,7,12,13,12,2,3,false
            B,2,5,6,5,2,3,false

            """, Ask($"SELECT symbol, (open_time_ms - {Start}) // 60000 AS minute, open, high, close, volume, trades_count, is_filled FROM candles_filled "
                + "ORDER BY symbol, minute"));
        Assert.Equal("n\n1\n", Ask("SELECT count(*) AS n FROM candles_filled", new QueryRange(At(4), At(7))));
        Assert.Equal("n\n4\n", Ask("SELECT count(*) AS n FROM candles WHERE timeframe = '1m'"));
    }

    [Fact]
    public void Rejects_and_restatements_are_rows_with_their_rule_and_what_is_shown()
    {
        var store = Store();
        var report = store.Apply([Candle("A", 1, 10), Candle("A", 2, -1)]);
        var again = store.Apply([Candle("A", 1, 20, ingestMs: Start + 60 * Minute)]);
        var quality = new CandleQuality(DiskFiles.Instance, _vault.Path);
        quality.Append("", report.Findings);
        quality.Append("", again.Findings);
        File.AppendAllText(_vault["quality", "candles", "2025-12-01.jsonl"], "{\"kind\":\"reject\",\"rule\":\"to");

        Assert.Equal($"symbol,rule,open_time_ms,open\nA,price_not_positive,{Start + 2 * Minute},-1\n",
            Ask("SELECT symbol, rule, open_time_ms, open FROM rejects WHERE kind = 'reject'"));
        Assert.Equal("open,shown_open,source,shown_source\n10,20,rest,rest\n", Ask("SELECT open, shown_open, source, shown_source FROM restatements"));
        Assert.Equal("n\n0\n", Ask("SELECT count(*) AS n FROM restatements", new QueryRange(At(2), null)));
    }

    [Fact]
    public void Without_candles_the_views_are_there_and_empty()
    {
        foreach (var view in new[] { "candles", "candles_filled", "rejects", "restatements" })
            Assert.Equal("n\n0\n", Ask($"SELECT count(*) AS n FROM {view}"));
    }

    private static UnixNanos At(int minute) => UnixNanos.FromMilliseconds(Start + minute * Minute);

    private static EmptyMinute Empty(string symbol, int minute) => new("binance", symbol, Start + minute * Minute);

    private static StoredCandle Candle(string symbol, int minute, double price, long ingestMs = Start + 30 * Minute) => StoredCandle.Of("binance", symbol,
        Timeframe.Minute,
        new Candle
        {
            OpenTimeMs = Start + minute * Minute,
            Open = price,
            High = price + 1,
            Low = price,
            Close = price,
            Volume = 2,
            QuoteVolume = 2 * price,
            TradesCount = 3,
        },
        CandleSource.Rest, ingestMs);

    private CandleStore Store() => new(DiskFiles.Instance, _vault.Path, _format, new CandlePreference(), aggregates: false);

    private string Ask(string sql, QueryRange range = default)
    {
        var snapshot = TapeSnapshot.Take(DiskFiles.Instance, _vault.Path, range).WithCandles();
        using var engine = QueryEngine.Open(snapshot, range, new QueryLimits(), UnixNanos.FromMilliseconds(Start), null, CancellationToken.None);
        using var rows = engine.Run(sql);
        using var text = new MemoryStream();
        RowWriters.WriteAll(rows, RowWriters.Create("csv", text, null, _ => { }));
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
