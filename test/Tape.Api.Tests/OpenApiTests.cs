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
        Assert.Equal("3.1.1", document.GetProperty("openapi").GetString());
        var operations = Operations(document).ToList();
        Assert.Equal(operations.Count, operations.Select(operation => operation.Body.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.Equal(
            ["/health", "/metrics", "/metrics/prometheus", "/openapi.json", "/status", "/v1/candles", "/v1/gaps", "/v1/instruments", "/v1/last/{symbol}",
                "/v1/query", "/v1/query", "/v1/streams"],
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
    public async Task Every_reference_of_the_document_leads_somewhere_and_only_health_and_the_document_are_open()
    {
        var document = await GetAsync("/openapi.json");
        foreach (var reference in References(document))
        {
            var target = document;
            foreach (var step in reference.Split('/').Skip(1)) target = target.GetProperty(step);
            Assert.Equal(JsonValueKind.Object, target.ValueKind);
        }

        Assert.NotEmpty(References(document));
        Assert.Equal(["/health", "/openapi.json"],
            Operations(document).Where(operation => operation.Body.GetProperty("security").GetArrayLength() == 0).Select(operation => operation.Path));
        Client.DefaultRequestHeaders.Authorization = null;
        await GetAsync("/openapi.json");
        await GetAsync("/status", 401);
    }

    [Fact]
    public async Task Every_field_of_an_answer_is_described_and_every_field_that_must_be_there_is()
    {
        Tape.Start().Connect().Trades(1).Tick().Say("DEGRADED", "1 of 4 streams are silent");
        Follow();
        var schemas = (await GetAsync("/openapi.json")).GetProperty("components").GetProperty("schemas");
        AssertFits(schemas, "StatusDocument", await GetAsync("/status"));
        AssertFits(schemas, "StreamsDocument", await GetAsync("/v1/streams"));
        AssertFits(schemas, "HealthDocument", await GetAsync("/health"));
        AssertFits(schemas, "Problem", await GetAsync("/nowhere", 404));
        Assert.Equal(["exchange", "channel", "symbol", "open", "recent_frames", "recent_dropped", "last_recv"],
            Required(schemas.GetProperty("StreamDocument")));
        Assert.Equal("integer", schemas.GetProperty("RecorderDocument").GetProperty("properties").GetProperty("frames").GetProperty("type").GetString());
    }

    /// <summary>Follows references from a schema as far as the document has objects.</summary>
    private static void AssertFits(JsonElement schemas, string name, JsonElement document)
    {
        var schema = schemas.GetProperty(name);
        Assert.Subset(schema.GetProperty("properties").EnumerateObject().Select(field => field.Name).ToHashSet(),
            document.EnumerateObject().Select(field => field.Name).ToHashSet());
        Assert.All(Required(schema), field => Assert.True(document.TryGetProperty(field, out _), $"{name}.{field}"));
        foreach (var field in document.EnumerateObject())
        {
            if (References(schema.GetProperty("properties").GetProperty(field.Name)).FirstOrDefault() is not { } reference) continue;
            IEnumerable<JsonElement> found = field.Value.ValueKind == JsonValueKind.Array ? field.Value.EnumerateArray() : [field.Value];
            foreach (var item in found) AssertFits(schemas, reference.Split('/')[^1], item);
        }
    }

    private static IEnumerable<string> Required(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(name => name.GetString()!) : [];

    private static IEnumerable<(string Path, string Method, JsonElement Body)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Name.ToUpperInvariant(), operation.Value)));

    private static string Address(string path, JsonElement operation)
    {
        var asked = !operation.TryGetProperty("parameters", out var parameters)
            ? [] : parameters.EnumerateArray().Where(parameter => parameter.TryGetProperty("required", out var required) && required.GetBoolean()).ToList();
        foreach (var parameter in asked.Where(parameter => parameter.GetProperty("in").GetString() == "path"))
            path = path.Replace($"{{{parameter.GetProperty("name").GetString()}}}", "BTCUSDT", StringComparison.Ordinal);
        var query = string.Join('&', asked.Where(parameter => parameter.GetProperty("in").GetString() == "query")
            .Select(parameter => $"{parameter.GetProperty("name").GetString()}={Value(parameter.GetProperty("name").GetString()!)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static string Value(string parameter) => parameter switch { "venue" => "binance", "symbol" => "BTCUSDT", _ => "SELECT%201" };

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => field.Name == "$ref" ? [field.Value.GetString()!] : References(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
