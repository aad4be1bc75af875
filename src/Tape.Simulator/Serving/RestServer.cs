using Microsoft.AspNetCore.Http;
using Tape.Simulator.Faults;

namespace Tape.Simulator.Serving;

/// <summary>The REST side of a venue: what fault scripts ask for happens here, what the venue answers is for it to say.</summary>
internal abstract class RestServer(SimulatorHub hub, TimeProvider time)
{
    protected SimulatorHub Hub => hub;

    /// <summary>Answers one request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        var now = time.GetUtcNow() + hub.ClockSkew;
        var (status, body) = hub.RestFault(FaultKind.Rest, path) is { } rule ? Refused(context, rule) : Answer(context, now);
        if (hub.RestFault(FaultKind.RestGarbage, path) is not null) body = body[..(body.Length / 2)];
        if (hub.RestFault(FaultKind.RestSlow, path) is { } slow && slow.By > TimeSpan.Zero) await Task.Delay(slow.By, time, context.RequestAborted);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json;charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), context.RequestAborted);
    }

    /// <summary>The venue's answer to a request.</summary>
    /// <param name="context">The request; headers of the answer may be set.</param>
    /// <param name="now">The venue's clock.</param>
    protected abstract (int Status, string Body) Answer(HttpContext context, DateTimeOffset now);

    /// <summary>What the venue's error bodies look like.</summary>
    protected abstract string RefusalBody(int status);

    private (int Status, string Body) Refused(HttpContext context, FaultRule rule)
    {
        if (rule.Status is 429 or 418 or 503) context.Response.Headers.RetryAfter = rule.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return (rule.Status, RefusalBody(rule.Status));
    }
}
