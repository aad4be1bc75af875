using System.IO.Compression;
using System.Text.Json;
using Tape.Api.Tests.Support;

namespace Tape.Api.Tests;

/// <summary>What HTTP clients take for granted beside GET.</summary>
public sealed class MethodTests : ApiHarness
{
    [Theory]
    [InlineData("/status")]
    [InlineData("/v1/streams")]
    [InlineData("/metrics/prometheus")]
    [InlineData("/v1/query?sql=SELECT%201")]
    public async Task HEAD_answers_as_GET_without_a_body(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await Client.SendAsync(request);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.NotNull(answer.Content.Headers.ContentType);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task HEAD_of_what_is_not_there_says_so()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/nowhere");
        using var answer = await Client.SendAsync(request);
        Assert.Equal(404, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("/status", "GET, HEAD, OPTIONS")]
    [InlineData("/v1/query", "GET, POST, HEAD, OPTIONS")]
    public async Task OPTIONS_names_the_methods(string path, string methods)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        using var answer = await Client.SendAsync(request);
        Assert.Equal((204, methods), ((int)answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
    }

    [Fact]
    public async Task An_answer_is_packed_for_clients_that_ask_for_gzip()
    {
        using var answer = await Client.SendAsync(Get("/openapi.json", ("Accept-Encoding", "gzip")));
        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        await using var packed = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var document = await JsonDocument.ParseAsync(packed);
        Assert.True(document.RootElement.TryGetProperty("paths", out _));
    }
}
