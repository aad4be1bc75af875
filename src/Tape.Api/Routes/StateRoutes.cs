using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tape.Api.Documents;
using Tape.Api.Live;
using Tape.Api.Metrics;
using Tape.Api.Text;

namespace Tape.Api.Routes;

/// <summary>How the recording is: for people, for probes, for Prometheus. Answered from memory.</summary>
internal sealed class StateRoutes(ApiContext api)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health", Health).AllowAnonymous().Produces<HealthDocument>().Produces<HealthDocument>(StatusCodes.Status503ServiceUnavailable)
            .WithName("health").WithSummary("Whether it records: 200 when READY or DEGRADED, else 503.");
        app.MapGet("/status", () => TypedResults.Ok(StatusDocument.Of(api.Follower.Look(), api.Now)))
            .WithName("status").WithSummary("State, reasons, what to do, streams, and the last 15 minutes minute by minute.");
        app.MapGet("/metrics", (HttpRequest request) => WantsPrometheus(request.Headers.Accept.ToString()) ? Prometheus() : MetricsJson())
            .Produces<JsonElement>(StatusCodes.Status200OK, "application/json", "text/plain")
            .WithName("metrics").WithSummary("All figures as JSON, or as Prometheus text when Accept asks for it.");
        app.MapGet("/metrics/prometheus", Prometheus).Produces<string>(StatusCodes.Status200OK, "text/plain")
            .WithName("metricsPrometheus").WithSummary("All figures as Prometheus text.");
        var streams = app.MapGet("/v1/streams", Streams).Produces<StreamsDocument>().WithName("streams")
            .WithSummary("What every stream has brought, over all that the vault holds and lately.");
        Problem.Describe(streams, 400);
    }

    private JsonHttpResult<HealthDocument> Health()
    {
        var health = RecorderHealth.Judge(api.Follower.Look(), api.Now);
        return TypedResults.Json(new HealthDocument(health.Report.Name),
            statusCode: health.IsRecording ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private IResult MetricsJson() => TypedResults.Ok(Metric.Json(api.Metrics()));

    private IResult Prometheus() => TypedResults.Bytes(Encoding.UTF8.GetBytes(PrometheusText.Of(api.Metrics())), PrometheusText.ContentType);

    /// <summary>What Prometheus and its like send; a browser, which takes anything, gets JSON.</summary>
    private static bool WantsPrometheus(string accept) =>
        accept.Contains("text/plain", StringComparison.OrdinalIgnoreCase)
            || accept.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);

    private IResult Streams([AsParameters] StreamFilter filter, [AsParameters] PageRange range, HttpContext context)
    {
        if (!range.TryRead("streams", out var page))
            return new Problem(400, "no page", $"The page is limit '{range.Limit}', offset '{range.Offset}', expected {PageRange.Expected}.",
                "See /openapi.json.").For(context);
        var pick = filter.Pick(api);
        var lately = api.Follower.Look().Snapshot.Streams.ToDictionary(stream => stream.Key);
        var totals = api.Follower.Totals().Where(total => pick.Takes(new(total.Exchange, total.Channel, total.Symbol))).ToList();
        var end = page.Offset + page.Rows;
        return TypedResults.Ok(new StreamsDocument(
            [.. totals.Skip((int)Math.Min(page.Offset, totals.Count)).Take(page.Rows).Select(total =>
            StreamTotalsDocument.Of(total, lately.GetValueOrDefault(new(total.Exchange, total.Channel, total.Symbol))))], end < totals.Count ? end : null));
    }
}
