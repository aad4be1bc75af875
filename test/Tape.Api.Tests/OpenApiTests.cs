using System.Text.Json;
using Tape.Api.Tests.Support;

namespace Tape.Api.Tests;

public sealed class OpenApiTests : ApiHarness
{
    [Fact]
    public async Task Every_operation_of_the_document_is_answered_as_the_document_says()
    {
        Tape.Start().Connect().Trades(1).Tick().Say("READY");
        Follow();
        var document = await GetAsync("/openapi.json");
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        var operations = Operations(document).ToList();
        Assert.Equal(operations.Count, operations.Select(operation => operation.Body.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.Equal(
            ["/health", "/metrics", "/metrics/prometheus", "/openapi.json", "/status", "/v1/gaps", "/v1/instruments", "/v1/last/{symbol}", "/v1/query",
                "/v1/query", "/v1/streams"],
            operations.Select(operation => operation.Path).Order(StringComparer.Ordinal));
        foreach (var (path, method, body) in operations)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), Address(path, body));
            if (body.TryGetProperty("requestBody", out _)) request.Content = new StringContent("""{"sql":"SELECT 1"}""", System.Text.Encoding.UTF8, "application/json");
            using var answer = await Client.SendAsync(request);
            Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode}");
            Assert.True(body.GetProperty("responses").GetProperty("200").GetProperty("content")
                .TryGetProperty(answer.Content.Headers.ContentType!.MediaType!, out _), $"{method} {path} gave {answer.Content.Headers.ContentType}");
        }
    }

    [Fact]
    public async Task Every_reference_of_the_document_leads_somewhere_and_only_health_is_open()
    {
        var document = await GetAsync("/openapi.json");
        foreach (var reference in References(document))
        {
            var target = document;
            foreach (var step in reference.Split('/').Skip(1)) target = target.GetProperty(step);
            Assert.Equal(JsonValueKind.Object, target.ValueKind);
        }

        Assert.NotEmpty(References(document));
        Assert.Equal("/health", Assert.Single(Operations(document), operation => operation.Body.GetProperty("security").GetArrayLength() == 0).Path);
    }

    private static IEnumerable<(string Path, string Method, JsonElement Body)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Name.ToUpperInvariant(), operation.Value)));

    private static string Address(string path, JsonElement operation)
    {
        var asked = !operation.TryGetProperty("parameters", out var parameters)
            ? [] : parameters.EnumerateArray().Where(parameter => parameter.GetProperty("required").GetBoolean()).ToList();
        foreach (var parameter in asked.Where(parameter => parameter.GetProperty("in").GetString() == "path"))
            path = path.Replace($"{{{parameter.GetProperty("name").GetString()}}}", "BTCUSDT", StringComparison.Ordinal);
        var query = string.Join('&', asked.Where(parameter => parameter.GetProperty("in").GetString() == "query")
            .Select(parameter => $"{parameter.GetProperty("name").GetString()}=SELECT%201"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => field.Name == "$ref" ? [field.Value.GetString()!] : References(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
