using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tape.Collect.Logging;
using Tape.Sources.Instruments;
using Tape.Sources.Rest;

namespace Tape.Host.Workers;

/// <summary>What the REST side of a recording says in the recorder's log.</summary>
public sealed class SourcesLog(ILogger log, string venue)
{
    /// <summary>Names in one line of the log; the rest is counted.</summary>
    private const int NamesMax = 50;

    private bool _listFailing;
    private bool _clockFailing;

    /// <summary>A list came from the venue.</summary>
    public void Listed(InstrumentListing listing)
    {
        _listFailing = false;
        Write(LogLevel.Information, "instruments", json =>
        {
            json.WriteNumber("count", listing.Instruments.Count);
            json.WriteNumber("trading", listing.Trading);
            json.WriteNumber("answer_seq", listing.Seq);
            if (listing.Rejected.Count > 0) Names(json, "left_out", listing.Rejected);
        });
    }

    /// <summary>The venue can't be asked; the last list of the answers log is used.</summary>
    public void FromLog(InstrumentListing listing, string reason, string? hint) => Write(LogLevel.Warning, "instruments_from_log", json =>
    {
        json.WriteString("reason", reason);
        json.WriteString("advice",
                $"The list that was received at {listing.At} is used, from the answers log: what was listed or taken off since then is not seen. {hint}"
                    .TrimEnd());
    });

    /// <param name="missed">Of what was added, what the configured patterns pick.</param>
    public void Changed(InstrumentChanges changes, IReadOnlyList<string> missed) =>
        Write(missed.Count > 0 ? LogLevel.Warning : LogLevel.Information, "instruments_changed", json =>
    {
        Names(json, "added", changes.Added);
        Names(json, "removed", changes.Removed);
        Names(json, "changed", changes.Changed);
        if (missed.Count == 0) return;
        Names(json, "not_recorded", missed);
        json.WriteString("advice", "The configuration asks for these new symbols too; they are recorded from the next start on. Restart 'tape collect'.");
    });

    /// <summary>What of the configured symbols is not right.</summary>
    public void Unknown(IReadOnlyList<string> faults) => Write(LogLevel.Warning, "symbols_unknown", json =>
    {
        Names(json, "why", faults);
        json.WriteString("advice", "The venue accepts such a subscription and then sends nothing. Correct the symbols in the configuration.");
    });

    /// <summary>It is not known where to ask.</summary>
    public void NotAsked(Uri endpoint) => Write(LogLevel.Warning, "rest_unknown", json =>
    {
        json.WriteString("reason", $"the endpoint {endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)} is not the venue's own, and "
            + $"no rest_endpoint is given beside it");
        json.WriteString("advice", $"Recording goes on without the list of instruments and without measuring the clock. Set venues.{venue}.rest_endpoint.");
    });

    /// <summary>There is no list now; recording does not need it. Told once until it comes again.</summary>
    public void ListFailed(string reason, string? hint) => Once(ref _listFailing, "instruments_unavailable", reason, hint);

    /// <summary>The clock could not be measured. Told once until it can.</summary>
    public void ClockFailed(RestFailure failure) => Once(ref _clockFailing, "clock_unmeasured", failure.Message, failure.Hint);

    public void ClockMeasured() => _clockFailing = false;

    private void Once(ref bool failing, string name, string reason, string? hint)
    {
        if (failing) return;
        failing = true;
        Write(LogLevel.Warning, name, json =>
        {
            json.WriteString("reason", reason);
            json.WriteString("advice", $"Recording goes on; it is tried again by itself. {hint}".TrimEnd());
        });
    }

    private void Write(LogLevel level, string name, Action<Utf8JsonWriter> fields) => log.Event(level, name, json =>
    {
        json.WriteString("venue", venue);
        fields(json);
    });

    private static void Names(Utf8JsonWriter json, string name, IReadOnlyList<string> names)
    {
        json.WriteStartArray(name);
        foreach (var text in names.Take(NamesMax)) json.WriteStringValue(text);
        if (names.Count > NamesMax) json.WriteStringValue($"and {names.Count - NamesMax} more");
        json.WriteEndArray();
    }
}
