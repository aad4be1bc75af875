using System.Diagnostics.Tracing;

namespace Tape.Api.Metrics;

/// <summary>
/// Passes on what the OTLP exporter says of its faults, such as a collector that does not answer: by itself it only traces them. The same fault
/// is passed on once, until another one comes.
/// </summary>
/// <param name="failed">Takes each; called on the exporter's thread.</param>
internal sealed class ExportFaults(Action<Exception> failed) : EventListener
{
    private string _last = "";

    protected override void OnEventSourceCreated(EventSource source)
    {
        if (source.Name == "OpenTelemetry-Exporter-OpenTelemetryProtocol") EnableEvents(source, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs fault)
    {
        var text = string.Format(CultureInfo.InvariantCulture, fault.Message ?? fault.EventName ?? "", [.. fault.Payload ?? []]).Split('\n')[0].TrimEnd();
        if (Interlocked.Exchange(ref _last, text) != text) failed(new TapeException($"metrics are not exported: {text}"));
    }
}
