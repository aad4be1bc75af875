using System.Net.Http.Headers;
using System.Text;
using Tape.Api.Tests.Support;
using Tape.Core.Values;
using Tape.Query.Output;

namespace Tape.Api.Tests;

public sealed class QueryRouteTests : ApiHarness
{
    [Theory]
    [InlineData("json", "application/json")]
    [InlineData("ndjson", "application/x-ndjson")]
    [InlineData("csv", "text/csv")]
    public async Task A_question_goes_to_its_process_with_its_limits_and_the_answer_comes_whole(string format, string type)
    {
        Queries.Answer = (_, _) => Task.FromResult("the answer\n");
        using var answer = await Client.GetAsync($"/v1/query?sql=SELECT%20'%C3%A9%26'&format={format}&from=2026-11-21&to=2026-11-21T01:00:00Z");
        Assert.Equal("the answer\n", await answer.Content.ReadAsStringAsync());
        Assert.Equal((type, 11), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentLength));
        Assert.Equal(new ApiQuestion("SELECT 'é&'", format, 1_795_219_200_000_000_000, 1_795_222_800_000_000_000, Options.Query), Queries.Asked);
        Assert.Equal(0, Queries.Open);
    }

    [Fact]
    public async Task A_long_question_goes_in_the_body()
    {
        using var answer = await PostAsync("""{"sql": "SELECT 1", "format": "csv"}""");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(new ApiQuestion("SELECT 1", "csv", null, null, Options.Query), Queries.Asked);
    }

    [Theory]
    [InlineData("""{"sql": 1}""")]
    [InlineData("""{"query": "SELECT 1"}""")]
    [InlineData("""["SELECT 1"]""")]
    [InlineData("""{"sql": "SELECT 1" """)]
    [InlineData("{}")]
    [InlineData("""{"sql": "SELECT 1", "format": "parquet"}""")]
    [InlineData("""{"sql": "SELECT 1", "from": "noon"}""")]
    public async Task A_body_that_is_no_question_is_refused(string body)
    {
        using var answer = await PostAsync(body);
        Assert.Equal("no question", (await ReadAsync(answer, 400)).GetProperty("title").GetString());
        Assert.Null(Queries.Asked);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'"', (byte)'s', (byte)'q', (byte)'l', (byte)'"', (byte)':', (byte)'"', 0xFF, (byte)'"', (byte)'}' })]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'{', (byte)'}' })]
    [InlineData(new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' })]
    public async Task A_body_that_is_no_UTF_8_is_refused(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var answer = await Client.PostAsync("/v1/query", content);
        await ReadAsync(answer, 400);
        Assert.Null(Queries.Asked);
    }

    [Fact]
    public async Task A_body_that_a_page_could_send_without_asking_the_browser_is_refused()
    {
        using var answer = await Client.PostAsync("/v1/query", new StringContent("""{"sql": "SELECT 1"}"""));
        await ReadAsync(answer, 415);
    }

    [Theory]
    [InlineData(true, 400)]
    [InlineData(false, 500)]
    public async Task A_question_without_an_answer_is_a_problem_with_what_to_do(bool isCallersFault, int status)
    {
        Queries.Answer = (_, _) => throw new QueryFailedException("found another statement, expected a SELECT", "Ask something else.", isCallersFault);
        var problem = await GetAsync("/v1/query?sql=DROP", status);
        Assert.Equal(("found another statement, expected a SELECT", "Ask something else."),
            (problem.GetProperty("detail").GetString(), problem.GetProperty("advice").GetString()));
        Assert.Equal((1, 1), (Figures.Queries, Figures.QueriesFailed));
        Queries.Answer = (_, _) => Task.FromResult("[]");
        await GetAsync("/v1/query?sql=SELECT%201");
    }

    [Fact]
    public async Task Beyond_the_limit_questions_are_told_to_come_again()
    {
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource<string>());
        Queries.Answer = (_, _) =>
        {
            begun.SetResult();
            return release.Task;
        };
        var first = Client.GetAsync("/v1/query?sql=SELECT%201");
        await begun.Task;
        using (var second = await Client.GetAsync("/v1/query?sql=SELECT%202"))
        {
            Assert.Equal("too many questions", (await ReadAsync(second, 429)).GetProperty("title").GetString());
            Assert.Equal("1", second.Headers.RetryAfter?.ToString());
        }

        await GetAsync("/status");
        release.SetResult("[1]");
        using var answer = await first;
        Assert.Equal("[1]", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_question_ends_when_its_client_leaves()
    {
        var (begun, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        Queries.Answer = async (_, cancel) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended.SetResult();
            cancel.ThrowIfCancellationRequested();
            return "";
        };
        using var leaving = new CancellationTokenSource();
        var asking = Client.GetAsync("/v1/query?sql=SELECT%201", leaving.Token);
        await begun.Task;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Instruments_are_asked_for_in_SQL_that_quotes_what_the_address_says()
    {
        await GetAsync("/v1/instruments?symbol=A'%3BDROP&venue=binance");
        Assert.Equal("SELECT * FROM instruments WHERE valid_to IS NULL AND exchange = 'binance' AND symbol = 'A'';DROP' ORDER BY exchange, symbol, valid_from "
            + "LIMIT 1001 OFFSET 0", Queries.Asked!.Sql);
        await GetAsync("/v1/instruments?history=true");
        Assert.Equal("SELECT * FROM instruments ORDER BY exchange, symbol, valid_from LIMIT 1001 OFFSET 0", Queries.Asked!.Sql);
    }

    [Fact]
    public async Task Holes_are_asked_for_by_stream_cause_and_time()
    {
        await GetAsync("/v1/gaps");
        Assert.Equal("SELECT * FROM gaps ORDER BY from_time, exchange, channel, symbol, id_from, seq_before LIMIT 1001 OFFSET 0", Queries.Asked!.Sql);
        await GetAsync("/v1/gaps?symbol=BTCUSDT&cause=crash_window&from=2026-11-21");
        Assert.Equal("SELECT * FROM gaps WHERE symbol = 'BTCUSDT' AND cause = 'crash_window' ORDER BY from_time, exchange, channel, symbol, "
            + "id_from, seq_before LIMIT 1001 OFFSET 0",
            Queries.Asked!.Sql);
        Assert.Equal(1_795_219_200_000_000_000, Queries.Asked.FromNanos);
        await GetAsync("/v1/gaps?from=19:20", 400);
        await GetAsync("/v1/gaps?from=yesterday&to=-1h");
        var hour = new UnixNanos(UnixNanos.From(Time.GetUtcNow()).Value - (3600 * UnixNanos.PerSecond));
        Assert.Equal(hour.Value, Queries.Asked.ToNanosExcl);
        await GetAsync("/v1/gaps?symbol=%00", 400);
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        await GetAsync("/v1/gaps?limit=50&offset=100");
        Assert.EndsWith(" LIMIT 51 OFFSET 100", Queries.Asked!.Sql, StringComparison.Ordinal);
        Assert.Equal(new AnswerPage("gaps", 50, 100), Queries.Asked.Page);
        foreach (var page in new[] { "limit=0", "limit=10001", "limit=x", "offset=-1", "limit=99999999999999999999" })
            Assert.Contains("a limit from 1 to 10000", (await GetAsync($"/v1/gaps?{page}", 400)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Tape.Start().Connect().Trades(2).Frame(1, """
            {"stream":"ethusdt@aggTrade","data":{"e":"aggTrade","E":1,"a":1,"s":"ETHUSDT","p":"1","q":"1","f":1,"l":1,"T":1,"m":false}}
            """u8.ToArray());
        Follow();
        var all = await GetAsync("/v1/streams");
        Assert.True(all.GetProperty("streams").GetArrayLength() > 1);
        var first = await GetAsync("/v1/streams?limit=1");
        Assert.Equal(1, first.GetProperty("next_offset").GetInt64());
        var rest = await GetAsync("/v1/streams?offset=1");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, rest.GetProperty("next_offset").ValueKind);
        Assert.Equal(all.GetProperty("streams").EnumerateArray().Select(stream => stream.GetRawText()),
            first.GetProperty("streams").EnumerateArray().Concat(rest.GetProperty("streams").EnumerateArray()).Select(stream => stream.GetRawText()));
        Assert.Equal(0, (await GetAsync("/v1/streams?offset=99999999999")).GetProperty("streams").GetArrayLength());
        await GetAsync("/v1/streams?limit=many", 400);
    }

    [Fact]
    public async Task The_newest_values_of_a_symbol_come_with_their_age()
    {
        Tape.Start().Connect().Trades(2).Later(3);
        var last = await GetAsync("/v1/last/BTCUSDT");
        Assert.Equal(3, last.GetProperty("last")[0].GetProperty("age_seconds").GetDouble());
        Assert.Equal(1, last.GetProperty("last")[0].GetProperty("price").GetDouble());
        Assert.Contains("BTCUSDT", (await GetAsync("/v1/last/NONE", 404)).GetProperty("advice").GetString(), StringComparison.Ordinal);
        Assert.Equal("binance", (await GetAsync("/v1/last/btcusdt?venue=binance")).GetProperty("last")[0].GetProperty("exchange").GetString());
        Assert.Contains("binance", (await GetAsync("/v1/last/BTCUSDT?venue=okx", 404)).GetProperty("advice").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/gaps?symbol=BTCUSD", "'BTCUSD' is not a symbol of binance in this vault.", "Did you mean BTCUSDT?")]
    [InlineData("/v1/gaps?venue=binanze", "'binanze' is not a venue of this vault.", "Did you mean binance?")]
    [InlineData("/v1/gaps?channel=aggtrades", "'aggtrades' is not a channel of this vault.", "Did you mean aggTrade?")]
    [InlineData("/v1/gaps?cause=crash_windows", "'crash_windows' is not a cause of /v1/gaps.", "Did you mean crash_window?")]
    [InlineData("/v1/gaps?simbol=BTCUSDT", "'simbol' is not a parameter of /v1/gaps.", "Did you mean symbol?")]
    [InlineData("/v1/streams?venue=okx", "'okx' is not a venue of this vault.", "There are binance.")]
    [InlineData("/v1/streams?Symbols=BTCUSDT", "'Symbols' is not a parameter of /v1/streams.", "Did you mean symbol?")]
    [InlineData("/v1/instruments?history=yes", "'yes' is not a value of 'history' of /v1/instruments.", "There are false, true.")]
    [InlineData("/v1/query?sql=SELECT%201&fromat=csv", "'fromat' is not a parameter of /v1/query.", "Did you mean format or from?")]
    [InlineData("/status?verbose=1", "'verbose' is not a parameter of /status.", "There is none yet.")]
    public async Task A_name_that_is_not_there_is_an_error_with_the_near_ones(string path, string detail, string advice)
    {
        Tape.Start().Connect().Trades(2);
        Follow();
        var problem = await GetAsync(path.Replace("symbol=BTCUSD", "venue=binance&symbol=BTCUSD", StringComparison.Ordinal), 400);
        Assert.Equal((detail, advice), (problem.GetProperty("detail").GetString(), problem.GetProperty("advice").GetString()));
        Assert.Null(Queries.Asked);
    }

    [Fact]
    public async Task Names_are_found_in_any_case_and_only_known_ones_get_into_SQL()
    {
        Tape.Start().Connect().Trades(2);
        Follow();
        await GetAsync("/v1/gaps?symbol=btcusdt&venue=Binance&cause=CRASH_Window");
        Assert.Equal("SELECT * FROM gaps WHERE exchange = 'binance' AND symbol = 'BTCUSDT' AND cause = 'crash_window' "
            + "ORDER BY from_time, exchange, channel, symbol, id_from, seq_before LIMIT 1001 OFFSET 0", Queries.Asked!.Sql);
        Assert.Single((await GetAsync("/v1/streams?symbol=btcusdt")).GetProperty("streams").EnumerateArray());
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await Client.PostAsync("/v1/query", content);
    }
}
