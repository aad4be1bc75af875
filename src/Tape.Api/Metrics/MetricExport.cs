using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Tape.Api.Metrics;

/// <summary>
/// The figures of <c>/metrics</c> as instruments of a meter, exported by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. The other variables of
/// OpenTelemetry (protocol, headers, interval) hold as its exporter documents them.
/// </summary>
internal sealed class MetricExport : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Tapevault";

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Series of one figure that are exported; the exporter sums what goes beyond.</summary>
    private const int SeriesMax = 10_000;

    /// <summary>All instruments are read one after another at a collection: they share a look that is not older than this.</summary>
    private static readonly TimeSpan SameLook = TimeSpan.FromSeconds(1);

    private readonly Meter _meter = new(MeterName);
    private readonly MeterProvider _provider;
    private readonly ExportFaults _faults;
    private readonly Func<IReadOnlyList<Metric>> _read;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private IReadOnlyList<Metric> _metrics;
    private long _readAt;

    private MetricExport(Func<IReadOnlyList<Metric>> read, TimeProvider time, IConfiguration environment, Action<Exception> failed)
    {
        _faults = new ExportFaults(failed);
        (_read, _time, _metrics, _readAt) = (read, time, read(), time.GetTimestamp());
        for (var number = 0; number < _metrics.Count; number++) Add(_metrics[number], number);
        _provider = Sdk.CreateMeterProviderBuilder().ConfigureServices(services => services.AddSingleton(environment)).AddMeter(MeterName)
            .AddView(instrument => instrument.Name.StartsWith(PrometheusText.Prefix + "stream_", StringComparison.Ordinal)
                ? new MetricStreamConfiguration { CardinalityLimit = SeriesMax } : null)
            .AddOtlpExporter().Build();
    }

    /// <summary>Starts the export; null where the environment names no collector, or none that can be reached.</summary>
    /// <param name="read">All figures of the moment, always the same ones in the same order.</param>
    /// <param name="environment">The environment variables.</param>
    /// <param name="failed">Takes what keeps figures from being exported; the server goes on without.</param>
    public static MetricExport? Start(Func<IReadOnlyList<Metric>> read, TimeProvider time, IConfiguration? environment, Action<Exception> failed)
    {
        if (environment?[Endpoint] is not { Length: > 0 } endpoint) return null;
        if (Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return new MetricExport(read, time, environment, failed);
        failed(new TapeException($"{Endpoint}: found '{endpoint}', expected an address such as http://127.0.0.1:4317; no metrics are exported"));
        return null;
    }

    /// <summary>Sends what is due, and ends.</summary>
    public void Dispose()
    {
        _provider.Dispose();
        _faults.Dispose();
        _meter.Dispose();
    }

    private void Add(Metric metric, int number)
    {
        var name = PrometheusText.Prefix + metric.Name;
        if (metric.IsCounter) _meter.CreateObservableCounter(name, () => Measure(number), description: metric.Help);
        else _meter.CreateObservableGauge(name, () => Measure(number), description: metric.Help);
    }

    private IEnumerable<Measurement<double>> Measure(int number)
    {
        lock (_gate)
        {
            if (_time.GetElapsedTime(_readAt) > SameLook) (_metrics, _readAt) = (_read(), _time.GetTimestamp());
            return _metrics[number].Series.Select(series =>
                new Measurement<double>(series.Value, series.Labels.Select(label => KeyValuePair.Create<string, object?>(label.Name, label.Value))));
        }
    }
}
