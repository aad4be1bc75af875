using System.Text.Json.Nodes;
using Tape.Api.Documents;
using Tape.Api.Live;
using Tape.Derive.Activity;
using Tape.Storage.Seals;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Books;

namespace Tape.Api.Metrics;

/// <summary>One figure with all its series.</summary>
/// <param name="Name">Without the prefix that Prometheus gets.</param>
/// <param name="IsCounter">Whether it only rises, until a restart.</param>
/// <param name="Help">What it counts, with its unit.</param>
/// <param name="Series">A value for each set of labels; none where it is not known.</param>
internal sealed record Metric(string Name, bool IsCounter, string Help, IReadOnlyList<MetricSeries> Series)
{
    /// <summary>All figures of a moment, in a fixed order.</summary>
    public static IReadOnlyList<Metric> All(VaultStatus look, IReadOnlyList<StreamStatistics> totals, ServerMetrics server, UnixNanos now)
    {
        return [.. OfRecorder(look.Snapshot, RecorderHealth.Judge(look, now)), .. OfGaps(look.Gaps), OfBooks(look.Snapshot),
            .. OfStreams(look.Snapshot, totals), .. OfServer(server)];
    }

    /// <summary>All figures as one object: a figure without labels is a number, one with labels a list.</summary>
    public static JsonObject Json(IEnumerable<Metric> metrics) =>
        new(metrics.Select(metric => KeyValuePair.Create<string, JsonNode?>(metric.Name, metric.Series is [{ Labels.Count: 0 } only]
            ? only.Value : new JsonArray([.. metric.Series.Select(series => series.Json())]))));

    private static IEnumerable<Metric> OfRecorder(ActivitySnapshot snapshot, RecorderHealth judged)
    {
        var health = judged.IsRunning ? snapshot.Health : null;
        yield return new("state", false, "1 for the state that holds, 0 for the others.",
            [.. Enum.GetValues<RecorderState>().Select(state =>
                new MetricSeries(state == judged.Report.State ? 1 : 0, ("state", state.ToString().ToUpperInvariant())))]);
        yield return Gauge("last_tick_timestamp_seconds", "Wall clock of the last tick on the tape.", Seconds(snapshot.LastTick?.Value));
        yield return Gauge("uptime_seconds", "Since the recorder started, as of its last note.", Seconds(health?.UptimeNanos));
        yield return new("recorded_frames_total", true, "Frames on the tape in this run, as of the recorder's last note.", One(health?.Frames));
        yield return new("recorded_bytes_total", true, "Their bytes.", One(health?.FrameBytes));
        yield return new("dropped_frames_total", true, "Frames received and not stored in this run, as of the recorder's last note.", One(health?.Dropped));
        yield return Gauge("queue_utilization", "How full the queue before the tape is, 0 to 1.", health?.QueueUtilization);
        yield return Gauge("connections", "Planned sockets.", health?.Connections);
        yield return Gauge("connections_open", "Those that are open.", snapshot.ConnectionsOpen);
        yield return new("streams", false, "Streams by condition.",
            health is null ? [] : [.. Conditions(health.Streams)
            .Select(streams => new MetricSeries(streams.Count, ("condition", streams.Name)))]);
        yield return Gauge("free_bytes", "Free on the volume of the tape.", health?.FreeBytes);
        yield return Gauge("clock_offset_seconds", "Our clock minus the venue's.", Seconds(health?.ClockOffsetNanos));
        yield return Gauge("next_seq", "Number that the next record of the tape gets.", snapshot.NextSeq);
        yield return Gauge("recent_interruptions", "Interruptions of the last 15 minutes.", snapshot.Minutes.Sum(minute => minute.Interruptions));
    }

    private static IEnumerable<Metric> OfGaps(RecentGaps? gaps)
    {
        yield return Gauge("recent_gaps",
            "Gaps that began in the last 15 minutes, without our own stops and those that were filled, as of the last look at the ledger.", gaps?.Count);
        yield return Gauge("streams_in_gap", "Streams of which nothing is received.", gaps?.Open);
    }

    /// <summary>Of each venue with books all states, so that a count that falls to 0 is seen.</summary>
    private static Metric OfBooks(ActivitySnapshot snapshot)
    {
        var venues = snapshot.Streams.Where(stream => stream.Book is not null).GroupBy(stream => stream.Key.Venue, stream => stream.Book!.State);
        return new("books", false, "Order books by whether one kept out of the stream could be trusted.",
            [.. venues.SelectMany(venue => Enum.GetValues<BookState>()
            .Select(state => new MetricSeries(venue.Count(found => found == state), ("venue", venue.Key), ("state", BookDocument.Name(state)))))]);
    }

    private static IEnumerable<Metric> OfStreams(ActivitySnapshot snapshot, IReadOnlyList<StreamStatistics> totals)
    {
        yield return new("stream_frames_total", true, "Frames on the tape, over all that the vault holds.",
            [.. totals.Select(stream => OfStream(stream.Frames, stream.Exchange, stream.Channel, stream.Symbol))]);
        yield return new("stream_dropped_total", true, "Frames declared dropped, over all that the vault holds.",
            [.. totals.Select(stream => OfStream(stream.Dropped, stream.Exchange, stream.Channel, stream.Symbol))]);
        yield return new("stream_last_received_timestamp_seconds", false, "When its last frame came.",
            [.. snapshot.Streams.Where(stream => stream.LastReceived is not null)
            .Select(stream => OfStream(Seconds(stream.LastReceived!.Value.Value)!.Value, stream.Key.Venue, stream.Key.Channel, stream.Key.Symbol))]);
    }

    private static IEnumerable<Metric> OfServer(ServerMetrics server)
    {
        yield return new("build_info", false, "1, with the version of the program.",
            [new MetricSeries(1, ("version", typeof(Metric).Assembly.GetName().Version?.ToString(3) ?? ""))]);
        yield return new("server_requests_total", true, "Requests that came.", One(server.Requests));
        yield return new("server_refused_total", true, "Requests refused before they were looked at.", One(server.Refused));
        yield return new("server_queries_total", true, "Questions that were begun.", One(server.Queries));
        yield return new("server_queries_failed_total", true, "Questions that got no answer.", One(server.QueriesFailed));
        yield return new("server_seals_total", true, "Ranges of the tape that became tables.", One(server.Seals));
        yield return new("server_sealed_rows_total", true, "Their rows.", One(server.SealedRows));
        yield return Gauge("server_sealed_seq", "Number of the record after the last sealed one.", server.SealedSeq);
    }

    private static IReadOnlyList<(string Name, int Count)> Conditions(StreamCounts streams) =>
        [("live", streams.Live), ("waiting", streams.Waiting), ("silent", streams.Silent), ("unproven", streams.Unproven), ("refused", streams.Refused),
            ("down", streams.Down)];

    private static Metric Gauge(string name, string help, double? value) => new(name, false, help, One(value));

    private static IReadOnlyList<MetricSeries> One(double? value) => value is { } known ? [new MetricSeries(known)] : [];

    private static MetricSeries OfStream(double value, string venue, string channel, string symbol) =>
        new(value, ("venue", venue), ("channel", channel), ("symbol", symbol));

    private static double? Seconds(long? nanos) => nanos / (double)UnixNanos.PerSecond;
}

/// <summary>A value and its labels.</summary>
internal sealed record MetricSeries(double Value, params IReadOnlyList<(string Name, string Value)> Labels)
{
    /// <summary>Labels and value as fields.</summary>
    public JsonObject Json() =>
        new(Labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Name, label.Value)).Append(new("value", Value)));
}
