using Microsoft.AspNetCore.Http;

namespace Tape.Api.Text;

/// <summary>An error as a client gets it: problem details of RFC 9457, with what to do.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The kind of problem in a few words; the same for all of a kind.</param>
/// <param name="Detail">Found and expected.</param>
/// <param name="Advice">What to do.</param>
internal sealed record Problem(int Status, string Title, string Detail, string? Advice)
{
    /// <summary>The content type.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>Seconds after which asking again makes sense; null where time does not help.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Answers with it.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        if (Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (RetryAfterSeconds is { } wait) response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteString("title", Title);
            json.WriteNumber("status", Status);
            json.WriteString("detail", Detail);
            if (Advice is not null) json.WriteString("advice", Advice);
            json.WriteString("instance", context.Request.Path.Value);
        }, ContentType);
    }
}
