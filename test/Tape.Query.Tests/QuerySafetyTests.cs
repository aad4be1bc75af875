using Tape.Core.Errors;

namespace Tape.Query.Tests;

public sealed class QuerySafetyTests
{
    [Theory]
    [InlineData("COPY (SELECT 1) TO 'x.csv'")]
    [InlineData("COPY trades FROM '/etc/passwd'")]
    [InlineData("ATTACH 'x.db'")]
    [InlineData("PRAGMA show_tables")]
    [InlineData("PRAGMA threads = 4")]
    [InlineData("SET memory_limit = '100GB'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("RESET lock_configuration")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("CREATE TABLE x (a INT)")]
    [InlineData("INSERT INTO streams VALUES (1)")]
    [InlineData("DELETE FROM trades")]
    [InlineData("DROP VIEW trades")]
    [InlineData("CALL enable_logging()")]
    [InlineData("CHECKPOINT")]
    [InlineData("EXPLAIN SELECT 1")]
    [InlineData("EXPLAIN ANALYZE COPY (SELECT 1) TO 'x.csv'")]
    [InlineData("EXPLAIN ANALYZE SELECT 1")]
    [InlineData("EXPORT DATABASE 'x'")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 1; COPY (SELECT 1) TO 'x.csv'")]
    [InlineData("PREPARE p AS SELECT 1")]
    [InlineData("BEGIN")]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("-- nothing")]
    [InlineData(";")]
    [InlineData("SELECT ?")]
    [InlineData("SELECT $1")]
    [InlineData("SELECT '\0'")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("SELECT * FROM read_blob('/etc/passwd')")]
    [InlineData("SELECT * FROM read_json('/etc/passwd')")]
    [InlineData("SELECT * FROM read_parquet('/etc/passwd')")]
    [InlineData("SELECT * FROM parquet_metadata('/etc/passwd')")]
    [InlineData("SELECT * FROM sniff_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM glob('/etc/*')")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("SELECT * FROM \"/etc/passwd\"")]
    [InlineData("SELECT * FROM '/etc/hosts.csv'")]
    [InlineData("FROM 'https://example.org/x.parquet'")]
    [InlineData("SELECT getenv('HOME')")]
    [InlineData("SELECT (SELECT max(content) FROM read_text('/etc/passwd'))")]
    [InlineData("WITH x AS (SELECT * FROM glob('*')) SELECT * FROM x")]
    [InlineData("SELECT * FROM trades WHERE symbol IN (SELECT filename FROM read_text('*'))")]
    [InlineData("SELECT 1 UNION ALL SELECT * FROM glob('*')")]
    [InlineData("SELECT * FROM enable_logging(storage = 'file', storage_config = {'path': '/tmp/x'})")]
    [InlineData("SELECT * FROM system.main.enable_logging()")]
    [InlineData("SELECT * FROM query('SELECT * FROM enable_logging()')")]
    [InlineData("SELECT * FROM query_table('trades')")]
    [InlineData("SELECT * FROM json_execute_serialized_sql('{}')")]
    [InlineData("SELECT write_log('x')")]
    [InlineData("SELECT * FROM checkpoint()")]
    [InlineData("SELECT current_setting('temp_directory')")]
    [InlineData("SELECT * FROM pg_settings")]
    [InlineData("SELECT * FROM pg_catalog.pg_settings")]
    [InlineData("SELECT definition FROM pg_views")]
    [InlineData("SELECT sql FROM duckdb_views()")]
    [InlineData("SELECT sql FROM duckdb_views")]
    [InlineData("SELECT sql FROM SQLITE_MASTER")]
    [InlineData("SELECT view_definition FROM information_schema.views")]
    [InlineData("SELECT (SELECT max(sql) FROM main.sqlite_schema)")]
    [InlineData("SELECT * FROM duckdb_settings()")]
    public void Whatever_is_not_one_harmless_SELECT_is_refused(string sql)
    {
        using var vault = new QueryFixture();
        var fault = Assert.ThrowsAny<TapeException>(() => vault.Ask(sql));
        Assert.NotEmpty(fault.Message);
        Assert.False(File.Exists("x.csv"));
    }

    [Theory]
    [InlineData("SELECT 1;")]
    [InlineData("SELECT 1 -- and a remark")]
    [InlineData("/* a remark */ SELECT 1 AS \"1\" /* ; another */ ;")]
    [InlineData("VALUES (1)")]
    [InlineData("FROM range(3)")]
    [InlineData("WITH x AS (SELECT 1) SELECT * FROM x")]
    [InlineData("DESCRIBE trades")]
    [InlineData("SHOW TABLES")]
    [InlineData("SUMMARIZE bbo")]
    [InlineData("SELECT unnest([1, 2])")]
    [InlineData("SELECT * FROM duckdb_columns()")]
    [InlineData("SELECT symbol, last(price ORDER BY ts_recv) FROM trades GROUP BY ALL")]
    [InlineData("SELECT * FROM trades ASOF JOIN bbo USING (symbol, ts_recv)")]
    public void Every_form_of_SELECT_is_taken(string sql)
    {
        using var vault = new QueryFixture();
        Assert.NotEmpty(vault.Ask(sql));
    }

    [Fact]
    public void A_query_can_write_one_file_and_no_other()
    {
        using var vault = new QueryFixture();
        var path = Path.Combine(vault.Vault, "it's.parquet");
        Assert.Equal("3", vault.Ask("SELECT i FROM range(3) t(i) ORDER BY i DESC; -- remark", outPath: path));
        Assert.Equal(["it's.parquet"], Directory.GetFiles(vault.Vault).Select(Path.GetFileName));
        Assert.ThrowsAny<TapeException>(() => vault.Ask("SELECT 1) TO 'y.parquet' (FORMAT parquet); SELECT (1", outPath: path));
    }

    [Fact]
    public void A_deeply_nested_query_is_an_error_and_not_the_end_of_the_process()
    {
        using var vault = new QueryFixture();
        Assert.ThrowsAny<TapeException>(() => vault.Ask($"SELECT {new string('(', 100_000)}1{new string(')', 100_000)}"));
    }
}
