using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tape.Api.Text;
using Tape.Core.Values;

namespace Tape.Api.Routes;

/// <summary>SQL over the vault, worked out by a process of its own. An answer is sent once it is whole: status 200 means all rows.</summary>
internal sealed class QueryRoutes(ApiContext api)
{
    private static readonly Dictionary<string, string> ContentTypes = new()
    {
        ["json"] = "application/json",
        ["ndjson"] = "application/x-ndjson",
        ["csv"] = "text/csv; charset=utf-8",
    };

    /// <summary>The range of time that an answer is about.</summary>
    public static readonly IReadOnlyList<ApiParameter> Range =
        [new("from", "Only what was received at this time or later: ISO 8601, UTC unless it says otherwise."),
            new("to", "Only what was received before this time.")];

    private static readonly IReadOnlyList<ApiParameter> Parameters =
    [
        new("sql", "One SELECT in DuckDB's SQL over the views of 'tape query'.") { IsRequired = true },
        new("format", "How rows are written; json when absent.") { Values = [.. ContentTypes.Keys] },
        .. Range,
    ];

    public IEnumerable<ApiRoute> All()
    {
        IReadOnlyList<string> produces = [.. ContentTypes.Values.Select(type => type.Split(';')[0])];
        yield return new("GET", "/v1/query", "query", "Answers one SELECT, whole or not at all.", produces, FromAddressAsync)
        {
            Parameters = Parameters,
            Refusals = [400, 429, 500],
        };
        yield return new("POST", "/v1/query", "queryByBody", "The same for questions that are too long for an address; it changes nothing either.", produces,
            FromBodyAsync)
        { Parameters = Parameters, HasBody = true, Refusals = [400, 413, 415, 429, 500] };
    }

    /// <summary>Answers a question of the program's own, in JSON, over the range that the address names.</summary>
    /// <exception cref="Tables.DuckDb.DuckDbException">See <see cref="Tables.DuckDb.Sql.Text"/>.</exception>
    public Task AnswerAsync(HttpContext context, string sql) =>
        AskAsync(context, name => name == "sql" ? sql : name == "format" ? "json" : StreamFilter.Value(context.Request, name));

    /// <summary>Works a question out and sends the answer.</summary>
    private Task AnswerAsync(HttpContext context, ApiQuestion question) => api.Gate.WithinAsync(context, async () =>
    {
        api.Figures.CountQuery();
        try
        {
            using var answer = await api.Queries.RunAsync(question, context.RequestAborted);
            context.Response.ContentType = ContentTypes[question.Format];
            context.Response.ContentLength = answer.Bytes;
            context.Response.Headers.CacheControl = "no-store";
            await using var rows = answer.Open();
            await rows.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (QueryFailedException fault)
        {
            api.Figures.CountFailedQuery();
            await (fault.IsCallersFault ? new Problem(400, "no answer to this question", fault.Message, fault.Hint)
                : new Problem(500, "the question's process failed", fault.Message, fault.Hint)).WriteAsync(context);
        }
    });

    private Task FromAddressAsync(HttpContext context) => AskAsync(context, name => StreamFilter.Value(context.Request, name));

    private async Task FromBodyAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            await new Problem(415, "another kind of body", $"The body is '{context.Request.ContentType}', expected application/json.", """Send an object such as {"sql": "SELECT 1", "format": "csv"}.""").WriteAsync(context);
            return;
        }

        JsonDocument body;
        try
        {
            body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        }
        catch (JsonException fault)
        {
            await Bad(context, $"The body is no JSON: {fault.Message}");
            return;
        }

        using (body)
        {
            var root = body.RootElement;
            if (root.ValueKind != JsonValueKind.Object) await Bad(context, $"The body is JSON of kind {root.ValueKind}, expected an object.");
            else if (Unknown(root) is { } wrong) await Bad(context, wrong);
            else await AskAsync(context, name => root.TryGetProperty(name, out var value) ? value.GetString() : null);
        }
    }

    private static string? Unknown(JsonElement root)
    {
        foreach (var field in root.EnumerateObject())
        {
            if (!Parameters.Any(parameter => parameter.Name == field.Name))
                return $"The body has a field '{field.Name}', expected only {string.Join(", ", Parameters.Select(parameter => parameter.Name))}.";
            if (field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                return $"The field '{field.Name}' is of kind {field.Value.ValueKind}, expected a text.";
        }

        return null;
    }

    private Task AskAsync(HttpContext context, Func<string, string?> value)
    {
        if (value("sql") is not { Length: > 0 } sql) return Bad(context, "The question has no 'sql', expected one SELECT.");
        var format = value("format") ?? "json";
        if (!ContentTypes.ContainsKey(format)) return Bad(context, $"The format is '{format}', expected one of {string.Join(", ", ContentTypes.Keys)}.");
        if (!TryTime(value("from"), out var from) || !TryTime(value("to"), out var to))
            return Bad(context, $"The range is '{value("from")}' to '{value("to")}', expected times such as 2026-11-21T07:00:00Z.");
        return AnswerAsync(context, new ApiQuestion(sql, format, from, to, api.Options.Query));
    }

    private static bool TryTime(string? text, out long? nanos)
    {
        nanos = null;
        if (text is null) return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) || time.Year is <= 1677 or >= 2262)
            return false;
        nanos = UnixNanos.From(time).Value;
        return true;
    }

    private static Task Bad(HttpContext context, string detail) => new Problem(400, "no question", detail, "See /openapi.json.").WriteAsync(context);
}
