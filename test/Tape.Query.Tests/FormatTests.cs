using Tape.Query.Engine;

namespace Tape.Query.Tests;

public sealed class FormatTests
{
    private const string Mixed = """
        SELECT true AS b, 7::TINYINT AS i, 0.1 + 0.2::DOUBLE AS d, 1.50::DECIMAL(5, 2) AS m, 170141183460469231731687303715884105727 AS h, 'é,"' AS t,
               [1, 2] AS l, {'x': 'y'} AS s, make_timestamp_ns(1763683200000000001) AS at, NULL AS n, '' AS e, 'nan'::DOUBLE AS z, 1 AS i
        """;

    [Fact]
    public void Csv_quotes_what_needs_it_and_tells_NULL_from_empty()
    {
        using var vault = new QueryFixture();
        Assert.Equal(
            "b,i,d,m,h,t,l,s,at,n,e,z,i_1\n"
                + "true,7,0.30000000000000004,1.50,170141183460469231731687303715884105727,\"é,\"\"\",\"[1,2]\",\"{\"\"x\"\":\"\"y\"\"}\",2025-11-21 "
                + "00:00:00.000000001,,\"\",NaN,1\n",
            vault.Ask(Mixed));
    }

    [Theory]
    [InlineData("json", "[", "]\n")]
    [InlineData("ndjson", "", "\n")]
    public void Json_keeps_all_digits_and_has_no_NaN(string format, string before, string after)
    {
        using var vault = new QueryFixture();
        var row = """{"b":true,"i":7,"d":0.30000000000000004,"m":1.50,"h":"170141183460469231731687303715884105727","t":"é,\"","l":[1,2],"s":{"x":"y"},"at":"2025-11-21T00:00:00.000000001Z","n":null,"e":"","z":null,"i_1":1}""";
        Assert.Equal(before + row + after, vault.Ask(Mixed, format));
    }

    [Fact]
    public void Json_of_no_rows_is_an_empty_array_and_of_several_a_valid_one()
    {
        using var vault = new QueryFixture();
        Assert.Equal("[]\n", vault.Ask("SELECT * FROM trades", "json"));
        Assert.Equal("", vault.Ask("SELECT * FROM trades", "ndjson"));
        Assert.Equal("""[{"i":0},{"i":1}]""" + "\n", vault.Ask("SELECT i FROM range(2) t(i)", "json"));
        Assert.Equal("{\"i\":0}\n{\"i\":1}\n", vault.Ask("SELECT i FROM range(2) t(i)", "ndjson"));
        Assert.Equal(5000, System.Text.Json.JsonDocument.Parse(vault.Ask("SELECT i, repeat('x', 100) FROM range(5000) t(i)", "json"))
            .RootElement.GetArrayLength());
    }

    [Fact]
    public void Json_writes_times_in_one_form_and_integers_that_JavaScript_would_round_as_texts()
    {
        using var vault = new QueryFixture();
        var times = """
            SELECT TIMESTAMP_NS '2026-11-21 07:00:00' AS ns, TIMESTAMP '2026-11-21 07:00:00.5' AS us, TIMESTAMP_S '2026-11-21 07:00:00' AS s,
            TIMESTAMP_MS '2026-11-21 07:00:00.123' AS ms, TIMESTAMPTZ '2026-11-21 07:00:00+00' AS tz, 'infinity'::TIMESTAMP AS never, DATE '2026-11-21' AS day
            """;
        Assert.Equal(
            """
            {"ns":"2026-11-21T07:00:00.000000000Z","us":"2026-11-21T07:00:00.500000000Z","s":"2026-11-21T07:00:00.000000000Z",
            "ms":"2026-11-21T07:00:00.123000000Z","tz":"2026-11-21T07:00:00.000000000Z","never":"infinity","day":"2026-11-21"}
            """.Replace("\n", "", StringComparison.Ordinal) + "\n",
            vault.Ask(times, "ndjson"));
        Assert.Equal(
            """{"a":9007199254740991,"b":"9007199254740992","c":"-9007199254740992","d_ns":"5","e":"18446744073709551615","f":7,"g":1.5}""" + "\n",
            vault.Ask("SELECT 9007199254740991 AS a, 9007199254740992 AS b, -9007199254740992 AS c, 5 AS d_ns, 18446744073709551615::UBIGINT AS e, "
                + "7::UBIGINT AS f, 1.5::DECIMAL(4,1) AS g", "ndjson"));
    }

    [Fact]
    public void A_table_is_aligned_and_counts_its_rows()
    {
        using var vault = new QueryFixture();
        Assert.Equal(
            """
            name    n
            ----  ---
            a       1
            NULL  200
            (2 rows)

            """, vault.Ask("SELECT * FROM (VALUES ('a', 1), (NULL, 200)) v(name, n)", "table"));
        Assert.Empty(vault.Notes);
    }

    [Fact]
    public void A_table_says_what_it_leaves_out()
    {
        using var vault = new QueryFixture();
        var text = vault.Ask("SELECT i, repeat('x', 100) FROM range(20000) t(i)", "table");
        Assert.EndsWith("(10000 rows, more not shown)\n", text, StringComparison.Ordinal);
        Assert.Collection(vault.Notes, note => Assert.Contains("first 10000 rows", note, StringComparison.Ordinal),
            note => Assert.Contains("cut", note, StringComparison.Ordinal));
    }

    [Fact]
    public void Columns_that_do_not_fit_the_line_are_left_out_from_the_middle()
    {
        using var vault = new QueryFixture();
        using var engine = QueryEngine.Open(vault.Snapshot, default, new QueryLimits(), default, null, default);
        using var rows = engine.Run("SELECT 'aaaaaaaaaa' a, 'bbbbbbbbbb' b, 'cccccccccc' c, 'dddddddddd' d");
        using var output = new MemoryStream();
        var notes = new List<string>();
        Output.RowWriters.WriteAll(rows, Output.RowWriters.Create("table", output, 30, notes.Add));
        Assert.Equal("a           …  d\n", System.Text.Encoding.UTF8.GetString(output.ToArray())[..17]);
        Assert.Equal(["2 columns do not fit the line. Name fewer columns, or use --format csv."], notes);
    }

    [Fact]
    public void Parquet_keeps_types_and_order()
    {
        using var vault = new QueryFixture().Filled();
        var path = Path.Combine(vault.Vault, "out.parquet");
        Assert.Equal(vault.Sealed.Buffers[1].Count + vault.Tail.Buffers[1].Count,
            int.Parse(vault.Ask("SELECT ts_recv, tape_seq FROM bbo ORDER BY ts_recv DESC", outPath: path), System.Globalization.CultureInfo.InvariantCulture));
        using var database = Tables.DuckDb.DuckDbDatabase.Open(new());
        using var connection = database.Connect();
        using var result = connection.Query($"SELECT ts_recv FROM read_parquet('{path}')");
        Assert.Equal(Tables.DuckDb.DuckDbType.TimestampNs, result.Columns[0].Type);
        var last = long.MaxValue;
        while (result.Next(out var chunk))
            foreach (var time in chunk.Values<long>(0))
            {
                Assert.True(time <= last);
                last = time;
            }

        Assert.NotEqual(long.MaxValue, last);
    }
}
