using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Tape.Api.Text;

namespace Tape.Api.Routes;

/// <summary>Lets so many questions be worked on at a time and tells the others to come again: nothing queues up.</summary>
internal static class QueryLimit
{
    public const string Policy = "questions";

    public static void Add(RateLimiterOptions options, int most)
    {
        options.AddConcurrencyLimiter(Policy, limit => (limit.PermitLimit, limit.QueueLimit) = (most, 0));
        options.OnRejected = async (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = "1";
            await new Problem(StatusCodes.Status429TooManyRequests, "too many questions", $"{most} questions are being answered, which is the limit.",
                "Ask again in a moment, or raise api.queries in tape.yaml.").WriteAsync(rejected.HttpContext);
        };
    }
}
