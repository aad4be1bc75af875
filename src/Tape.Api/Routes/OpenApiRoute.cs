using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tape.Api.Text;

namespace Tape.Api.Routes;

/// <summary>The OpenAPI 3.1 document, made of the very routes that the server maps.</summary>
internal sealed class OpenApiRoute(IReadOnlyList<ApiRoute> others)
{
    /// <summary>Statuses that any route but the open ones may give.</summary>
    private static readonly int[] AnyRoute = [401, 403, 421];

    /// <summary>All routes, with the one of the document itself.</summary>
    public IReadOnlyList<ApiRoute> All =>
        [.. others, new ApiRoute("GET", "/openapi.json", "openapi", "This document.", ApiRoute.Json, context => JsonAnswer.WriteAsync(context, Write))];

    private void Write(Utf8JsonWriter json)
    {
        json.WriteString("openapi", "3.1.0");
        json.WriteStartObject("info");
        json.WriteString("title", "Tapevault");
        json.WriteString("version", typeof(OpenApiRoute).Assembly.GetName().Version?.ToString(3));
        json.WriteString("description", "Read-only: what a vault holds and how its recording is. Times are UTC.");
        json.WriteEndObject();
        json.WriteStartObject("paths");
        foreach (var path in All.GroupBy(route => route.Path))
        {
            json.WriteStartObject(path.Key);
            foreach (var route in path) WriteOperation(json, route);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteComponents(json);
    }

    private static void WriteOperation(Utf8JsonWriter json, ApiRoute route)
    {
        json.WriteStartObject(route.Method.ToLowerInvariant());
        json.WriteString("operationId", route.Id);
        json.WriteString("summary", route.Summary);
        json.WriteStartArray("security");
        if (!route.IsOpen)
        {
            json.WriteStartObject();
            json.WriteStartArray("token");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (route.HasBody) WriteBody(json, route);
        else WriteParameters(json, route);
        WriteResponses(json, route);
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, ApiRoute route)
    {
        json.WriteStartArray("parameters");
        foreach (var parameter in route.Parameters)
        {
            json.WriteStartObject();
            json.WriteString("name", parameter.Name);
            json.WriteString("in", parameter.IsInPath ? "path" : "query");
            json.WriteBoolean("required", parameter.IsRequired);
            json.WriteString("description", parameter.Description);
            json.WriteStartObject("schema");
            WriteText(json, parameter);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteBody(Utf8JsonWriter json, ApiRoute route)
    {
        json.WriteStartObject("requestBody");
        json.WriteBoolean("required", true);
        json.WriteStartObject("content");
        json.WriteStartObject("application/json");
        json.WriteStartObject("schema");
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartArray("required");
        foreach (var parameter in route.Parameters.Where(parameter => parameter.IsRequired)) json.WriteStringValue(parameter.Name);
        json.WriteEndArray();
        json.WriteStartObject("properties");
        foreach (var parameter in route.Parameters)
        {
            json.WriteStartObject(parameter.Name);
            WriteText(json, parameter);
            json.WriteString("description", parameter.Description);
            json.WriteEndObject();
        }

        for (var open = 0; open < 5; open++) json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ApiParameter parameter)
    {
        json.WriteString("type", "string");
        if (parameter.Values.Count == 0) return;
        json.WriteStartArray("enum");
        foreach (var value in parameter.Values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteResponses(Utf8JsonWriter json, ApiRoute route)
    {
        json.WriteStartObject("responses");
        json.WriteStartObject("200");
        json.WriteString("description", "The answer.");
        json.WriteStartObject("content");
        foreach (var type in route.Produces)
        {
            json.WriteStartObject(type);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        foreach (var status in route.Refusals.Concat(route.IsOpen ? [403, 421] : AnyRoute).Order()) WriteRefusal(json, status, route.IsOpen && status == 503);
        json.WriteEndObject();
    }

    /// <param name="isAnswer">It is no problem but an answer of the route's own kind.</param>
    private static void WriteRefusal(Utf8JsonWriter json, int status, bool isAnswer)
    {
        json.WriteStartObject(status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (isAnswer) json.WriteString("description", "It does not record.");
        else json.WriteString("$ref", "#/components/responses/problem");
        json.WriteEndObject();
    }

    private static void WriteComponents(Utf8JsonWriter json)
    {
        json.WriteStartObject("components");
        json.WriteStartObject("securitySchemes");
        json.WriteStartObject("token");
        json.WriteString("type", "http");
        json.WriteString("scheme", "bearer");
        json.WriteString("description", "The token in the file api/token of the vault.");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("responses");
        json.WriteStartObject("problem");
        json.WriteString("description", "What was found, what was expected, what to do (RFC 9457).");
        json.WriteStartObject("content");
        json.WriteStartObject(Problem.ContentType);
        json.WriteStartObject("schema");
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var (name, type) in new[] { ("title", "string"), ("status", "integer"), ("detail", "string"), ("advice", "string"), ("instance", "string") })
        {
            json.WriteStartObject(name);
            json.WriteString("type", type);
            json.WriteEndObject();
        }

        for (var open = 0; open < 7; open++) json.WriteEndObject();
    }
}
