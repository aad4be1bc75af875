using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Query.Engine;
using Tape.Query.Snapshots;
using Tape.Storage.Files;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Tables.DuckDb;
using Tape.Tables.Rows;
using Tape.TestKit.Time;

namespace Tape.Query.Tests;

public sealed class QueryTests
{
    private const long Hour = 3_600_000_000_000;

    [Fact]
    public void An_empty_vault_answers_with_no_rows_and_all_columns()
    {
        using var vault = new QueryFixture();
        foreach (var table in RawSchema.Tables)
            Assert.Equal(string.Join(',', table.Columns.Select(column => column.Name)) + "\n", vault.Ask($"SELECT * FROM {table.Name}"));
        Assert.Equal("exchange,channel,symbol,frames,rows,first_recv,last_recv,dropped\n", vault.Ask("SELECT * FROM streams"));
        Assert.Equal("column_type\nTIMESTAMP_NS\n", vault.Ask("SELECT column_type FROM (DESCRIBE trades) LIMIT 1"));
    }

    [Fact]
    public void Sealed_rows_and_the_tail_are_seen_once()
    {
        using var vault = new QueryFixture().Filled();
        foreach (var table in RawSchema.Tables)
            Assert.Equal($"n\n{vault.Sealed[table].Count + vault.Tail[table].Count}\n", vault.Ask($"SELECT count(*) n FROM {table.Name}"));
        Assert.Equal("exchange\nbinance\nokx\n", vault.Ask("SELECT DISTINCT exchange FROM trades ORDER BY 1"));
    }

    [Fact]
    public void A_range_narrows_the_files_and_then_the_rows()
    {
        using var vault = new QueryFixture().Filled();
        var range = new QueryRange(new UnixNanos(QueryFixture.Start + Hour / 4), new UnixNanos(QueryFixture.Start + Hour / 2));
        Assert.All(vault.Snapshot.Files.Where(range.Touches), file => Assert.Equal(new DateOnly(2025, 11, 21), file.Day));
        Assert.Contains(vault.Snapshot.Files, file => !range.Touches(file));
        var expected = Count(vault.Sealed[RawSchema.Trades], range) + Count(vault.Tail[RawSchema.Trades], range);
        Assert.True(expected > 0);
        Assert.Equal($"n\n{expected}\n", vault.Ask("SELECT count(*) n FROM trades", range: range));

        var tail = new QueryRange(new UnixNanos(QueryFixture.Start + 3 * Hour + 1), null);
        Assert.DoesNotContain(vault.Snapshot.Files, tail.Touches);
        Assert.Equal($"n\n{Count(vault.Tail[RawSchema.Bbo], tail)}\n", vault.Ask("SELECT count(*) n FROM bbo", range: tail));
    }

    [Fact]
    public void A_file_outside_the_range_is_not_even_opened()
    {
        using var vault = new QueryFixture().Filled();
        var range = new QueryRange(null, new UnixNanos(QueryFixture.Start + Hour / 2));
        foreach (var file in vault.Snapshot.Files.Where(file => !range.Touches(file))) File.Delete(EntryPath.Absolute(vault.Vault, file.Path));
        Assert.Equal($"n\n{Count(vault.Sealed[RawSchema.Trades], range)}\n", vault.Ask("SELECT count(*) n FROM trades", range: range));
        var fault = Assert.ThrowsAny<TapeException>(() => vault.Ask("SELECT count(*) FROM trades"));
        Assert.Contains("part-", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Now_compares_with_our_times()
    {
        using var vault = new QueryFixture().Filled();
        Assert.Equal("n\n0\n", vault.Ask("SELECT count(*) n FROM trades WHERE ts_recv > now()", now: QueryFixture.Start + 10 * Hour));
        var recent = new QueryRange(new UnixNanos(QueryFixture.Start + Hour), new UnixNanos(long.MaxValue));
        Assert.Equal($"n\n{Count(vault.Sealed[RawSchema.Trades], recent) + Count(vault.Tail[RawSchema.Trades], recent)}\n",
            vault.Ask("SELECT count(*) n FROM trades WHERE ts_recv >= now() - INTERVAL 9 HOUR", now: QueryFixture.Start + 10 * Hour));
        Assert.Equal("t,v\nTIMESTAMP_NS,2025-11-21 23:00:00.000000001\n", vault.Ask("SELECT typeof(now()) t, now() v", now: QueryFixture.Start + 1));
    }

    [Theory]
    [InlineData("SELECT * FROM trades WHERE ts_recv > current_timestamp")]
    [InlineData("SELECT * FROM trades WHERE ts_event < current_timestamp - INTERVAL 5 MINUTE")]
    [InlineData("SELECT * FROM trades WHERE get_current_timestamp() > ts_recv")]
    [InlineData("SELECT current_timestamp - ts_recv FROM trades")]
    public void The_error_for_current_timestamp_says_what_to_write(string sql)
    {
        using var vault = new QueryFixture();
        var fault = Assert.Throws<DuckDbException>(() => vault.Ask(sql));
        Assert.Contains("now()", fault.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Streams_are_summed_over_seals()
    {
        using var vault = new QueryFixture();
        vault.Streams = StreamStatistics.Sum([
            new("binance", "aggTrade", "BTCUSDT", 10, 9, 1_000, 2_000, 1), new("okx", "trades", "BTC-USDT", 0, 0, null, null, 3),
            new("binance", "aggTrade", "BTCUSDT", 5, 5, 3_000, 4_000, 0), new("okx", "trades", "BTC-USDT", 2, 2, 7_000, 8_000, 0)]);
        Assert.Equal(
            """
            exchange,channel,symbol,frames,rows,first_recv,last_recv,dropped
            binance,aggTrade,BTCUSDT,15,14,1970-01-01 00:00:00.000001,1970-01-01 00:00:00.000004,1
            okx,trades,BTC-USDT,2,2,1970-01-01 00:00:00.000007,1970-01-01 00:00:00.000008,3

            """, vault.Ask("SELECT * FROM streams"));
    }

    [Fact]
    public async Task A_query_is_cancelled_while_it_runs()
    {
        using var vault = new QueryFixture();
        using var cancel = new CancellationTokenSource();
        var query = Task.Run(() => vault.Ask("SELECT sum(i * j) FROM range(10000000) a(i), range(10000000) b(j)", cancel: cancel.Token));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => query.WaitAsync(Patience.Max));
    }

    [Fact]
    public void A_query_is_cancelled_at_whatever_it_is_doing()
    {
        using var vault = new QueryFixture().Filled();
        for (var delay = TimeSpan.Zero; delay < TimeSpan.FromMilliseconds(30); delay += TimeSpan.FromMilliseconds(1))
        {
            using var cancel = new CancellationTokenSource(delay);
            Assert.ThrowsAny<OperationCanceledException>(() =>
                vault.Ask("SELECT sum(i * j) FROM range(10000000) a(i), range(10000000) b(j)", cancel: cancel.Token));
        }
    }

    [Fact]
    public void An_error_after_the_first_rows_is_not_the_end_of_the_answer()
    {
        using var vault = new QueryFixture();
        var fault = Assert.Throws<DuckDbException>(() =>
            vault.Ask("SELECT CAST(CASE WHEN i = 1500000 THEN 'x' ELSE '1' END AS INTEGER) FROM range(2000000) t(i)"));
        Assert.Contains("Conversion Error", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_query_past_its_memory_fails_and_says_what_to_do()
    {
        using var vault = new QueryFixture();
        using var engine = QueryEngine.Open(vault.Snapshot, default, new QueryLimits(MemoryBytes: 32 << 20), new UnixNanos(0), null, default);
        var fault = Assert.Throws<DuckDbException>(() =>
        {
            using var rows = engine.Run("SELECT list(i) FROM range(20000000) t(i)");
            while (rows.Next(out _)) { }
        });
        Assert.Contains("memory", fault.Hint, StringComparison.Ordinal);
    }

    private static int Count(RowBuffer buffer, QueryRange range)
    {
        var count = 0;
        for (var row = 0; row < buffer.Count; row++)
        {
            var received = buffer.Integer(2, row)!.Value;
            if ((range.From is not { } from || received >= from.Value) && (range.ToExcl is not { } to || received < to.Value)) count++;
        }
        return count;
    }
}
