using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Tape.Api.Text;

/// <summary>An error as a client gets it: problem details of RFC 9457, with what to do.</summary>
internal sealed class Problem : ProblemDetails
{
    private const string ContentType = "application/problem+json";

    /// <param name="status">The HTTP status.</param>
    /// <param name="title">The kind of problem in a few words; the same for all of a kind.</param>
    /// <param name="detail">Found and expected.</param>
    /// <param name="advice">What to do.</param>
    public Problem(int status, string title, string detail, string? advice) => (Status, Title, Detail, Advice) = (status, title, detail, advice);

    /// <summary>What to do; null where nothing helps. Stands before the instance.</summary>
    [JsonPropertyOrder(-1)]
    public string? Advice { get; }

    /// <summary>A name that nothing has.</summary>
    public static Problem Unknown(int status, UnknownNameException fault) => new(status, "unknown name", fault.Message, fault.Hint);

    /// <summary>It as the answer to a request.</summary>
    public ProblemHttpResult For(HttpContext context)
    {
        Instance = context.Request.Path;
        var result = TypedResults.Problem(this);
        Type = null; // The framework adds a link to the text about the status; our titles say more.
        return result;
    }

    /// <summary>Answers with it.</summary>
    public Task WriteAsync(HttpContext context) => For(context).ExecuteAsync(context);

    /// <summary>Tells the OpenAPI document with which statuses endpoints answer with a problem.</summary>
    public static void Describe(IEndpointConventionBuilder endpoints, params IEnumerable<int> statuses) =>
        endpoints.WithMetadata([.. statuses.Select(status => new ProducesResponseTypeMetadata(status, typeof(Problem), [ContentType]))]);
}
