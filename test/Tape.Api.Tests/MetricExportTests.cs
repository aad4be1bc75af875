using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Tape.Api.Tests.Support;

namespace Tape.Api.Tests;

/// <summary>The figures by OTLP over HTTP, to a collector that the test plays.</summary>
[Collection(MetricExportFaultTests.OneAfterAnother)]
public sealed class MetricExportTests : ApiHarness
{
    private readonly TaskCompletionSource<(string Path, string? Type, byte[] Body)> _export = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _collector;

    public MetricExportTests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _collector = builder.Build();
        _collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            // An export before the server has looked at the vault for the first time has no figures yet.
            if (body.GetBuffer().AsSpan(0, (int)body.Length).IndexOf("tape_state"u8) >= 0)
                _export.TrySetResult((context.Request.Path, context.Request.ContentType, body.ToArray()));
        });
        _collector.StartAsync().GetAwaiter().GetResult();
    }

    private protected override ApiOptions Options => base.Options with
    {
        Environment = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        }).Build(),
    };

    public override void Dispose()
    {
        base.Dispose();
        _collector.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [Fact]
    public async Task A_collector_gets_the_figures_of_the_Prometheus_text_as_protobuf()
    {
        var (path, type, body) = await _export.Task.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(("/v1/metrics", "application/x-protobuf"), (path, type));
        var text = Encoding.UTF8.GetString(body);
        Assert.Contains("tape_state", text, StringComparison.Ordinal);
        Assert.Contains("1 for the state that holds, 0 for the others.", text, StringComparison.Ordinal);
        Assert.Contains("OFFLINE", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_instruments_of_the_meter_are_the_figures_of_the_Prometheus_text()
    {
        var names = new List<string>();
        using (var listener = new MeterListener())
        {
            listener.InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "Tapevault")
                    lock (names) names.Add($"{instrument.Name} {(instrument.GetType().Name.Contains("Counter") ? "counter" : "gauge")}");
            };
            listener.Start();
        }

        Tape.Start().Connect().Trades(1).Tick().Say("READY");
        Follow();
        var text = await Client.GetStringAsync("/metrics/prometheus");
        var typed = text.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line["# TYPE ".Length..]).ToList();
        Assert.NotEmpty(typed);
        Assert.Subset(names.ToHashSet(), typed.ToHashSet());
    }
}
