using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tape.Api.Text;
using Tape.Query.Output;

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

    public void Map(IEndpointRouteBuilder app)
    {
        var get = app.MapGet("/v1/query", ([AsParameters] Question question, HttpContext context) => AnswerAsync(question, context))
            .WithName("query").WithSummary("Answers one SELECT, whole or not at all.");
        var post = app.MapPost("/v1/query", (Question question, HttpContext context) => AnswerAsync(question, context))
            .WithName("queryByBody").WithSummary("The same for questions that are too long for an address; it changes nothing either.");
        Problem.Describe(post, 413, 415);
        foreach (var endpoint in new[] { get, post }) endpoint.Produces<JsonElement>(200, "application/json", "application/x-ndjson", "text/csv");
    }

    /// <summary>Works out a page of a list of the program's own and sends it.</summary>
    /// <param name="member">The list's name in the answer.</param>
    public Task<IResult> AnswerPageAsync(string member, Question question, PageRange range, HttpContext context)
    {
        if (!range.TryRead(member, out var page))
            return Task.FromResult(Bad(context, $"The page is limit '{range.Limit}', offset '{range.Offset}', expected {PageRange.Expected}."));
        // Lines and CSV are plain rows: who reads them asks until a page is short.
        var isObject = question.Format is null or "" or "json";
        return AnswerAsync(question with { Sql = $"{question.Sql} LIMIT {page.Rows + (isObject ? 1 : 0)} OFFSET {page.Offset}" }, context,
            isObject ? page : null);
    }

    /// <summary>Works a question out and sends the answer.</summary>
    public Task<IResult> AnswerAsync(Question question, HttpContext context) => AnswerAsync(question, context, null);

    private async Task<IResult> AnswerAsync(Question question, HttpContext context, AnswerPage? page)
    {
        if (string.IsNullOrEmpty(question.Sql)) return Bad(context, "The question has no 'sql', expected one SELECT.");
        var format = string.IsNullOrEmpty(question.Format) ? "json" : question.Format;
        if (!ContentTypes.TryGetValue(format, out var type))
            return Bad(context, $"The format is '{format}', expected one of {string.Join(", ", ContentTypes.Keys)}.");
        if (!TryTime(question.From, out var from) || !TryTime(question.To, out var to))
            return Bad(context, $"The range is '{question.From}' to '{question.To}', expected of each: {TimeText.Expected}.");
        api.Figures.CountQuery();
        try
        {
            using var answer = await api.Queries.RunAsync(new ApiQuestion(question.Sql, format, from, to, api.Options.Query, page), context.RequestAborted);
            context.Response.ContentType = type;
            context.Response.ContentLength = answer.Bytes;
            context.Response.Headers.CacheControl = "no-store";
            await using var rows = answer.Open();
            await rows.CopyToAsync(context.Response.Body, context.RequestAborted);
            return TypedResults.Empty;
        }
        catch (QueryFailedException fault)
        {
            api.Figures.CountFailedQuery();
            return (fault.IsCallersFault ? new Problem(400, "no answer to this question", fault.Message, fault.Hint)
                : new Problem(500, "the question's process failed", fault.Message, fault.Hint)).For(context);
        }
    }

    private bool TryTime(string? text, out long? nanos)
    {
        nanos = null;
        if (string.IsNullOrEmpty(text)) return true;
        if (!TimeText.TryRead(text, api.Now, out var time)) return false;
        nanos = time.Value;
        return true;
    }

    private static IResult Bad(HttpContext context, string detail) => new Problem(400, "no question", detail, "See /openapi.json.").For(context);
}
