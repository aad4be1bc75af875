using Tape.Storage.Schema;
using Tape.Tables.DuckDb;

namespace Tape.Tables.Tests.Parts;

public sealed class RawSchemaTests
{
    private const string Common =
        "ts_event TIMESTAMP_NS, ts_sent TIMESTAMP_NS, ts_recv TIMESTAMP_NS, exchange VARCHAR, symbol VARCHAR, conn BIGINT, tape_seq BIGINT, idx INTEGER, ";

    /// <summary>Contract v1, layout 2. What is here never changes; columns were added once, and are NULL where a file lacks them.</summary>
    public static readonly TheoryData<string, string> Golden = new()
    {
        { "trades", Common + "price DOUBLE, qty DOUBLE, side VARCHAR, trade_id VARCHAR, first_id BIGINT, last_id BIGINT, qty_ex_rpi DOUBLE, flags VARCHAR" },
        { "bbo", Common + "bid_price DOUBLE, bid_qty DOUBLE, ask_price DOUBLE, ask_qty DOUBLE, update_id BIGINT" },
        { "mark_price", Common + "mark_price DOUBLE, index_price DOUBLE" },
        { "funding", Common + "funding_rate DOUBLE, next_funding_time TIMESTAMP_NS, funding_interval_s INTEGER, settled_rate DOUBLE" },
        { "open_interest", Common + "open_interest DOUBLE, open_interest_value DOUBLE" },
        { "liquidations", Common + "price DOUBLE, qty DOUBLE, avg_price DOUBLE, side VARCHAR" },
        { "book", Common + "side VARCHAR, price DOUBLE, qty DOUBLE, kind VARCHAR, first_update_id BIGINT, update_id BIGINT, prev_update_id BIGINT, seq "
            + "BIGINT" },
        {
            "health", Common + "kind VARCHAR, state VARCHAR, state_before VARCHAR, since TIMESTAMP_NS, why VARCHAR, advice VARCHAR, uptime_s DOUBLE, frames "
                + "BIGINT, frame_bytes BIGINT, dropped BIGINT, "
            + "queue_utilization DOUBLE, connections BIGINT, connections_open BIGINT, streams_live BIGINT, streams_waiting BIGINT, streams_silent BIGINT, "
                + "streams_unproven BIGINT, "
            + "streams_refused BIGINT, streams_down BIGINT, free_bytes BIGINT, clock_offset_ns BIGINT"
        },
        {
            "venue_candles", Common + "timeframe VARCHAR, open_time TIMESTAMP_NS, open DOUBLE, high DOUBLE, low DOUBLE, close DOUBLE, volume DOUBLE, "
                + "quote_volume DOUBLE, vwap DOUBLE, trades_count BIGINT, is_closed BOOLEAN"
        },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void The_schema_of_a_part_is_v1_as_DuckDB_reads_it_back(string table, string expected)
    {
        using var parts = new PartFixture();
        parts.Random(seed: 1, frames: 50);
        var part = parts.WriteAll(RawSchema.Find(table)!)[0];

        using var result = parts.Connection.Query(
            $"SELECT string_agg(column_name || ' ' || column_type, ', ') FROM (DESCRIBE SELECT * FROM read_parquet([{Sql.Text(part.Path)}], hive_partitioning "
            + $"= false))");
        Assert.True(result.Next(out var chunk));
        Assert.Equal(expected, chunk.Text(0, 0));
    }

    [Fact]
    public void Contract_v1_has_these_tables() => Assert.Equal(Golden.Select(row => (string)row[0]), RawSchema.Tables.Select(table => table.Name));
}
