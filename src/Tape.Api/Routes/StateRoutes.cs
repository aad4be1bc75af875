using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tape.Api.Live;
using Tape.Api.Text;

namespace Tape.Api.Routes;

/// <summary>How the recording is: for people, for probes, for Prometheus. Answered from memory.</summary>
internal sealed class StateRoutes(ApiContext api)
{
    public IEnumerable<ApiRoute> All() =>
    [
        new("GET", "/health", "health", "Whether it records: 200 when READY or DEGRADED, else 503.", ApiRoute.Json, HealthAsync)
        {
            IsOpen = true,
            Refusals = [503],
        },
        new("GET", "/status", "status", "State, reasons, what to do, streams, and the last 15 minutes minute by minute.", ApiRoute.Json, StatusAsync),
        new("GET", "/metrics", "metrics", "All figures as JSON, or as Prometheus text when Accept asks for it.", [.. ApiRoute.Json, "text/plain"],
            MetricsAsync),
        new("GET", "/metrics/prometheus", "metricsPrometheus", "All figures as Prometheus text.", ["text/plain"], PrometheusAsync),
        new("GET", "/v1/streams", "streams", "What every stream has brought, over all that the vault holds and lately.", ApiRoute.Json, StreamsAsync)
        {
            Parameters = StreamFilter.Parameters,
        },
    ];

    private Task HealthAsync(HttpContext context)
    {
        var sign = RecorderHealth.Judge(api.Follower.Look(), api.Now);
        context.Response.StatusCode = sign.IsRecording ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        // Without a token: no reasons, which may name symbols and paths.
        return JsonAnswer.WriteAsync(context, json => json.WriteString("state", sign.State));
    }

    private Task StatusAsync(HttpContext context)
    {
        var look = api.Follower.Look();
        return JsonAnswer.WriteAsync(context, json => StatusDocument.Write(json, look, api.Now));
    }

    private Task MetricsAsync(HttpContext context) =>
        WantsPrometheus(context.Request.Headers.Accept.ToString()) ? PrometheusAsync(context) : JsonAnswer.WriteAsync(context, json =>
        {
            foreach (var metric in Metrics()) Write(json, metric);
        });

    private Task PrometheusAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(PrometheusText.Of(Metrics())), context.RequestAborted).AsTask();
    }

    /// <summary>What Prometheus and its like send; a browser, which takes anything, gets JSON.</summary>
    private static bool WantsPrometheus(string accept) =>
        accept.Contains("text/plain", StringComparison.OrdinalIgnoreCase)
            || accept.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);

    private IReadOnlyList<Metric> Metrics() => Metric.All(api.Follower.Look(), api.Follower.Totals(), api.Figures, api.Now);

    /// <summary>A figure without labels is a number; one with labels is a list.</summary>
    private static void Write(Utf8JsonWriter json, Metric metric)
    {
        if (metric.Series is [{ Labels.Count: 0 } only])
        {
            json.WriteNumber(metric.Name, only.Value);
            return;
        }

        json.WriteStartArray(metric.Name);
        foreach (var series in metric.Series)
        {
            json.WriteStartObject();
            foreach (var (name, value) in series.Labels) json.WriteString(name, value);
            json.WriteNumber("value", series.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private Task StreamsAsync(HttpContext context)
    {
        var filter = StreamFilter.Of(context.Request);
        var lately = api.Follower.Look().Snapshot.Streams.ToDictionary(stream => stream.Key);
        return JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartArray("streams");
            foreach (var total in api.Follower.Totals().Where(filter.Takes)) StreamText.Write(json, total, lately);
            json.WriteEndArray();
        });
    }
}
