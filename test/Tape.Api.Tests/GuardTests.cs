using System.Net.Http.Headers;
using System.Text;
using Tape.Api.Tests.Support;

namespace Tape.Api.Tests;

public sealed class GuardTests : ApiHarness
{
    public static readonly TheoryData<string> Closed =
        ["/status", "/metrics", "/metrics/prometheus", "/v1/streams", "/v1/instruments", "/v1/gaps", "/v1/last/BTCUSDT", "/v1/query?sql=SELECT%201",
        "/nowhere"];

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task Without_the_token_nothing_is_told_but_health(string path)
    {
        foreach (var shown in new[] { null, "Bearer", "Bearer 0123", "Basic dTpw", $"Bearer {new string('0', 64)}" })
        {
            using var request = Get(path);
            Client.DefaultRequestHeaders.Authorization = null;
            if (shown is not null) request.Headers.TryAddWithoutValidation("Authorization", shown);
            using var answer = await Client.SendAsync(request);
            Assert.Equal("token missing or wrong", (await ReadAsync(answer, 401)).GetProperty("title").GetString());
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        }

        Assert.Null(Queries.Asked);
        Assert.Equal(5, Figures.Refused);
    }

    [Fact]
    public async Task Health_needs_no_token_and_tells_no_reasons()
    {
        Tape.Start().Connect().Tick().Say("DEGRADED", "a stream with a secret name is silent");
        Follow();
        Client.DefaultRequestHeaders.Authorization = null;
        Assert.Equal("""{"state":"DEGRADED"}""", (await GetAsync("/health")).GetRawText());
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8640")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.")]
    public async Task Another_host_name_is_refused_also_for_health(string host)
    {
        foreach (var path in new[] { "/status", "/health" })
        {
            using var answer = await Client.SendAsync(Get(path, ("Host", host)));
            Assert.Equal("unknown host", (await ReadAsync(answer, 421)).GetProperty("title").GetString());
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost:8640")]
    [InlineData("LOCALHOST")]
    [InlineData("[::1]:8640")]
    [InlineData("vault.example:443")]
    public async Task Names_of_this_machine_and_configured_ones_are_taken(string host)
    {
        using var answer = await Client.SendAsync(Get("/status", ("Host", host)));
        await ReadAsync(answer, 200);
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData("null", 403)]
    [InlineData("http://localhost:9999", 403)]
    [InlineData("http://localhost:5173", 200)]
    public async Task Pages_of_other_origins_are_refused(string origin, int status)
    {
        using var answer = await Client.SendAsync(Get("/status", ("Origin", origin)));
        await ReadAsync(answer, status);
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_may_ask_and_read_after_the_browser_has_asked_whether_it_may()
    {
        using var preflight = Get("/status", ("Origin", "http://localhost:5173"), ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "authorization"));
        preflight.Method = HttpMethod.Options;
        var token = Client.DefaultRequestHeaders.Authorization;
        Client.DefaultRequestHeaders.Authorization = null;
        using var may = await Client.SendAsync(preflight);
        Assert.Equal(204, (int)may.StatusCode);
        Assert.Equal("http://localhost:5173", may.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("Authorization", may.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        Assert.Empty(await may.Content.ReadAsByteArrayAsync());

        Client.DefaultRequestHeaders.Authorization = token;
        using var asked = await Client.SendAsync(Get("/status", ("Origin", "http://localhost:5173")));
        Assert.Equal("http://localhost:5173", asked.Headers.GetValues("Access-Control-Allow-Origin").Single());
        using var foreign = Get("/status", ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "GET"));
        foreign.Method = HttpMethod.Options;
        using var refused = await Client.SendAsync(foreign);
        await ReadAsync(refused, 403);
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("POST", "/status")]
    [InlineData("DELETE", "/v1/query")]
    [InlineData("PUT", "/v1/streams")]
    public async Task Nothing_can_be_changed(string method, string path)
    {
        using var answer = await Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal("not this way", (await ReadAsync(answer, 405)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task An_unknown_path_is_a_problem_that_says_where_to_look()
    {
        var problem = await GetAsync("/v1/nowhere", 404);
        Assert.Equal(["title", "status", "detail", "advice", "instance"], problem.EnumerateObject().Select(field => field.Name));
        Assert.Equal("/v1/nowhere", problem.GetProperty("instance").GetString());
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        using var body = new ByteArrayContent(Encoding.ASCII.GetBytes($$"""{"sql":"{{new string(' ', ApiOptions.BodyBytesMax)}}"}"""));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await Client.PostAsync("/v1/query", body);
        await ReadAsync(answer, 413);
        Assert.Null(Queries.Asked);
    }
}
