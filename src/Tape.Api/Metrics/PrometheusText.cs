namespace Tape.Api.Metrics;

/// <summary>Figures in the text form that Prometheus reads (exposition format 0.0.4).</summary>
/// <remarks>Source: prometheus.io/docs/instrumenting/exposition_formats, checked November 2026: HELP escapes backslash and line feed, label values the double
/// quote too.</remarks>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public const string Prefix = "tape_";

    public static string Of(IReadOnlyList<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics.Where(metric => metric.Series.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture,
                $"# HELP {Prefix}{metric.Name} {Escape(metric.Help)}\n# TYPE {Prefix}{metric.Name} {(metric.IsCounter ? "counter" : "gauge")}\n");
            foreach (var series in metric.Series) text.Append(CultureInfo.InvariantCulture, $"{Prefix}{metric.Name}{Labels(series)} {series.Value:R}\n");
        }

        return text.ToString();
    }

    private static string Labels(MetricSeries series) =>
        series.Labels.Count == 0 ? ""
            : $"{{{string.Join(',', series.Labels.Select(label =>
            $"{label.Name}=\"{Escape(label.Value).Replace("\"", "\\\"", StringComparison.Ordinal)}\""))}}}";

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
