using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Tape.Api.Metrics;
using Tape.TestKit.Time;

namespace Tape.Api.Tests;

/// <summary>What becomes of an export that does not work.</summary>
[Collection(OneAfterAnother)]
public sealed class MetricExportFaultTests
{
    /// <summary>The exporter's faults are those of the process: tests of exports must not run side by side.</summary>
    public const string OneAfterAnother = "metric export";

    [Fact]
    public async Task What_keeps_metrics_from_a_collector_is_reported_once_and_an_address_that_is_none_is_named()
    {
        var faults = new List<string>();
        Assert.Null(Start("abc", faults));
        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT: found 'abc', expected an address", Assert.Single(faults), StringComparison.Ordinal);
        Assert.Null(Start("", faults));
        Assert.Single(faults);
        faults.Clear();
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        using (Start($"http://127.0.0.1:{port}", faults))
        {
            var began = TimeProvider.System.GetTimestamp();
            while (Count(faults) == 0 && TimeProvider.System.GetElapsedTime(began) < Patience.Max) await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        lock (faults)
            Assert.Contains(faults, fault => fault.StartsWith("metrics are not exported: ", StringComparison.Ordinal)
                && fault.Contains($":{port}", StringComparison.Ordinal));
    }

    private static int Count(List<string> faults)
    {
        lock (faults) return faults.Count;
    }

    private static MetricExport? Start(string endpoint, List<string> faults)
    {
        var environment = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
        }).Build();
        return MetricExport.Start(() => [new Metric("state", false, "A state.", [new MetricSeries(1)])], TimeProvider.System, environment, fault =>
        {
            lock (faults) faults.Add(fault.Message);
        });
    }
}
