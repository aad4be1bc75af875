using System.Text.Json;
using Tape.Core.Errors;
using Tape.Host;
using Tape.Storage.Files;
using Tape.Tables.DuckDb;
using Tape.TestKit.Files;
using Tape.TestKit.Vaults;

namespace Tape.Cli.Tests.Commands;

/// <summary>Export, last and path over a vault with two sealed days and rows that are not sealed yet.</summary>
public sealed class EverydayCommandTests : IClassFixture<EverydayCommandTests.Vault>
{
    private readonly string _vault;

    public EverydayCommandTests(Vault vault) => _vault = vault.Path;

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.parquet")]
    public async Task An_export_of_one_symbol_holds_sealed_and_newest_rows_in_the_order_received(string name)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(ExitCode.Ok, (await InProcess.RunAsync("export", "--table", "trades", "--symbol", "ETHUSDT", "--out", folder[name], "--vault", _vault))
            .Status);
        Assert.Equal(Enumerable.Range(0, 130).Select(number => $"{number} ETHUSDT {1000 + number}.0"), Rows(folder[name]));
        Assert.Equal([name], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task An_export_of_a_time_holds_its_rows_only()
    {
        using var folder = new TemporaryFolder();
        await InProcess.RunAsync("export", "--table", "trades", "--symbol", "ETHUSDT,BTCUSDT", "--from", "2026-11-20T23:59:50Z", "--to", "2026-11-21",
            "--format", "csv", "--out", folder["a"], "--vault", _vault);
        Assert.Equal(2 * 10, Rows(folder["a"]).Count);
    }

    [Theory]
    [InlineData("--table", "candles")]
    [InlineData("--out", "rows.txt")]
    [InlineData("--from", "noon")]
    public async Task Wrong_arguments_of_an_export_are_refused(string option, string value)
    {
        string[] arguments = ["export", .. option == "--table" ? Array.Empty<string>() : ["--table", "trades"],
            .. option == "--out" ? Array.Empty<string>() : ["--out", "a.csv"], option, value, "--vault", _vault];
        Assert.NotEqual(ExitCode.Ok, (await InProcess.RunAsync(arguments)).Status);
    }

    [Fact]
    public async Task Last_shows_the_newest_values_with_their_ages()
    {
        var (_, text) = await InProcess.RunAsync("last", "btcusdt", "--vault", _vault);
        Assert.StartsWith("binance BTCUSDT\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        var (status, json) = await InProcess.RunAsync("last", "BTCUSDT", "--vault", _vault, "--json");
        Assert.Equal(ExitCode.Ok, status);
        var last = JsonDocument.Parse(json).RootElement.GetProperty("last").EnumerateArray().ToDictionary(row => row.GetProperty("table").GetString()!);
        Assert.Equal(["bbo", "funding", "mark_price", "trades"], last.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1129, last["trades"].GetProperty("price").GetDouble());
        Assert.Equal("buy", last["trades"].GetProperty("side").GetString());
        Assert.Equal(1130, last["bbo"].GetProperty("ask_price").GetDouble());
        Assert.Equal(1120, last["mark_price"].GetProperty("mark_price").GetDouble());
        Assert.Equal("2026-11-21T00:01:09.000000000Z", last["trades"].GetProperty("ts_recv").GetString());
        Assert.True(last["trades"].TryGetProperty("age_seconds", out _));
    }

    [Fact]
    public async Task Last_of_an_unknown_symbol_names_those_that_there_are()
    {
        var fault = await Assert.ThrowsAsync<UnknownNameException>(() => InProcess.RunAsync("last", "DOGEUSDT", "--vault", _vault));
        Assert.Contains("BTCUSDT, ETHUSDT", fault.Hint, StringComparison.Ordinal);
        Assert.Contains("Did you mean BTCUSDT?",
            (await Assert.ThrowsAsync<UnknownNameException>(() => InProcess.RunAsync("last", "btcusd", "--vault", _vault))).Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("last", "BTCUSDT", "--venue", "okx")]
    [InlineData("gaps", "--venue", "okx")]
    [InlineData("gaps", "--symbol", "DOGEUSDT")]
    [InlineData("export", "--table", "trades", "--out", "x.csv", "--symbol", "DOGEUSDT")]
    [InlineData("export", "--table", "trades", "--out", "x.csv", "--venue", "bitmex")]
    [InlineData("log", "show", "--stream", "dogeusdt@aggTrade")]
    public async Task A_name_that_the_vault_does_not_know_is_an_error_and_never_an_empty_answer(params string[] line)
    {
        var fault = await Assert.ThrowsAsync<UnknownNameException>(() => InProcess.RunAsync([.. line, "--vault", _vault]));
        Assert.Matches("^(Did you mean|There are) .+[.?]$", fault.Hint);
        Assert.False(File.Exists("x.csv"));
    }

    [Fact]
    public async Task A_symbol_in_another_case_is_the_same_symbol()
    {
        using var folder = new TemporaryFolder();
        await InProcess.RunAsync("export", "--table", "trades", "--symbol", "ethusdt", "--out", folder["a.csv"], "--vault", _vault);
        Assert.Equal(130, Rows(folder["a.csv"]).Count);
        Assert.Equal((await InProcess.RunAsync("gaps", "--symbol", "BTCUSDT", "--json", "--vault", _vault)).Output,
            (await InProcess.RunAsync("gaps", "--symbol", "btcusdt", "--json", "--vault", _vault)).Output);
    }

    [Fact]
    public async Task A_path_is_a_glob_over_exactly_the_sealed_files_of_the_day()
    {
        var (status, glob) = await InProcess.RunAsync("path", "trades", "binance", "2026-11-20", "--vault", _vault);
        Assert.Equal(ExitCode.Ok, status);
        Assert.EndsWith("/raw/v1/trades/venue=binance/date=2026-11-20/part-*.parquet\n", glob.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(2 * 60, Rows(glob.TrimEnd()).Count);
        var (_, list) = await InProcess.RunAsync("path", "trades", "binance", "2026-11-21", "--list", "--vault", _vault);
        Assert.Equal(2 * 40, list.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Sum(path => Rows(path).Count));
    }

    [Fact]
    public async Task A_file_that_does_not_count_turns_the_glob_into_a_list()
    {
        using var copy = new TemporaryFolder();
        Vault.Fill(copy.Path);
        var day = Path.Combine(copy.Path, "raw", "v1", "bbo", "venue=binance", "date=2026-11-20");
        File.Copy(Directory.GetFiles(day)[0], Path.Combine(day, "part-0000000000000001-5-9.parquet"));
        var (_, list) = await InProcess.RunAsync("path", "bbo", "binance", "2026-11-20", "--vault", copy.Path);
        Assert.StartsWith("['", list, StringComparison.Ordinal);
        Assert.DoesNotContain("-5-9", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_without_files_says_which_days_there_are()
    {
        var fault = await Assert.ThrowsAsync<TapeException>(() => InProcess.RunAsync("path", "trades", "binance", "2026-11-19", "--vault", _vault));
        Assert.Contains("2026-11-20 to 2026-11-21", fault.Hint, StringComparison.Ordinal);
        Assert.Contains("binance", (await Assert.ThrowsAsync<TapeException>(() => InProcess.RunAsync("path", "trades", "okx", "today", "--vault", _vault)))
            .Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("btcusdt@aggTrade", 130)]
    [InlineData("ethusdt@markPrice@1s", 13)]
    public async Task Show_of_a_stream_gives_its_frames_only_however_the_name_is_written(string stream, int frames)
    {
        var (status, text) = await InProcess.RunAsync("log", "show", "--stream", stream.ToUpperInvariant(), "--limit", "0", "--json", "--vault", _vault);
        Assert.Equal(ExitCode.Ok, status);
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(frames, lines.Length);
        Assert.All(lines, line => Assert.StartsWith($"{{\"stream\":\"{stream}\"", JsonDocument.Parse(line).RootElement.GetProperty("text").GetString(),
            StringComparison.Ordinal));
        Assert.Equal(Math.Min(frames, 2),
            (await InProcess.RunAsync("log", "show", "--stream", stream, "--limit", "2", "--vault", _vault))
            .Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("--to", "2026-01-01")]
    [InlineData("--kind", "tick")]
    public async Task A_stream_that_has_no_frame_among_the_wanted_records_is_no_unknown_one(params string[] limits)
    {
        Assert.Equal((ExitCode.Ok, ""), await InProcess.RunAsync(["log", "show", "--stream", "btcusdt@aggTrade", .. limits, "--vault", _vault]));
        await Assert.ThrowsAsync<UnknownNameException>(() => InProcess.RunAsync(["log", "show", "--stream", "btcusdt@agg", .. limits, "--vault", _vault]));
    }

    [Fact]
    public async Task Disk_lists_every_class_once_with_a_sum_and_the_room_that_is_left()
    {
        var (status, text) = await InProcess.RunAsync("disk", "--json", "--vault", _vault);
        Assert.Equal(ExitCode.Ok, status);
        var use = JsonDocument.Parse(text).RootElement;
        var classes = use.GetProperty("classes").EnumerateArray().ToDictionary(kind => kind.GetProperty("name").GetString()!);
        Assert.Equal(["quality", "raw bbo", "raw funding", "raw lists", "raw mark_price", "raw trades", "tape", "tape lists and indexes"],
            classes.Keys.Order(StringComparer.Ordinal));
        // The tables have a file for each day.
        Assert.Equal(2, classes["raw trades"].GetProperty("files").GetInt32());
        Assert.Equal(use.GetProperty("bytes").GetInt64(), classes.Values.Sum(kind => kind.GetProperty("bytes").GetInt64()));
        Assert.Equal(use.GetProperty("bytes").GetInt64(),
            Directory.EnumerateFiles(_vault, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length));
        Assert.True(use.GetProperty("free_bytes").GetInt64() > 0);
        Assert.Equal(129 / 86_400.0, use.GetProperty("observed_days").GetDouble(), 4);
        var lines = (await InProcess.RunAsync("disk", "--vault", _vault))
            .Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches("^what +files +takes +grows a day$", lines[0]);
        Assert.Single(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, "^raw trades +2 +[0-9.]+ (B|KiB|MiB) +[0-9.]+ (KiB|MiB|GiB)$"));
        Assert.StartsWith("free on the disk: ", lines[^2], StringComparison.Ordinal);
        Assert.Contains("at this growth", lines[^1], StringComparison.Ordinal);
    }

    private static List<string> Rows(string path)
    {
        using var database = DuckDbDatabase.Open(new DuckDbOptions());
        using var connection = database.Connect();
        var read = path.EndsWith(".parquet", StringComparison.Ordinal) ? "read_parquet" : "read_csv";
        using var result = connection.Query($"SELECT concat(trade_id, ' ', symbol, ' ', CAST(price AS DOUBLE)) FROM {read}({Sql.Text(path)})");
        var rows = new List<string>();
        while (result.Next(out var chunk))
            for (var row = 0; row < chunk.Rows; row++) rows.Add(chunk.Text(0, row)!);
        return rows;
    }

    /// <summary>A vault that no test changes.</summary>
    public sealed class Vault : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Vault() => Fill(_folder.Path);

        public string Path => _folder.Path;

        /// <summary>A step a second: 60 of them before midnight and 40 after it are sealed, 30 more are not.</summary>
        public static void Fill(string vault)
        {
            SmallMarket.Record(DiskFiles.Instance, vault, 0, 100, TimeSpan.FromSeconds(1));
            Assert.Equal(ExitCode.Ok, InProcess.RunAsync("seal", "--vault", vault).Result.Status);
            SmallMarket.Record(DiskFiles.Instance, vault, 100, 130, TimeSpan.FromSeconds(1));
        }

        public void Dispose() => _folder.Dispose();
    }
}
