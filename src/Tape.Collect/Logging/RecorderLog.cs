using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tape.Collect.Connections;
using Tape.Collect.Health;
using Tape.Core.Logging;
using Tape.Storage.Tapes.Notes;
using Tape.Venues.Contract;

namespace Tape.Collect.Logging;

/// <summary>
/// The recorder's log: the events that scripts look for, with their fields. Logging never fails the recording, see <see cref="JsonLogger"/>.
/// </summary>
public sealed partial class RecorderLog(ILogSink sink, TimeProvider time)
{
    /// <summary>The line by which a recorder says that its tape is open.</summary>
    public const string StartedEvent = "collector_start";

    /// <summary>The line that says how the state has changed.</summary>
    public const string StateEvent = "state_change";

    /// <summary>The line that carries the whole status.</summary>
    public const string StatusEvent = "heartbeat";

    private static readonly TimeSpan QueueFullEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly JsonLogger _log = new(sink, time);
    private long _queueFullAt;
    private bool _queueFullSeen;

    /// <summary>Lines that the sink could not take.</summary>
    public long LostLines => _log.LostLines;

    /// <summary>For what runs beside the recorder.</summary>
    public ILogger Logger => _log;

    public void Started(RecorderOptions options, long tapeId, string? recovered) => _log.Event(LogLevel.Information, StartedEvent, json =>
    {
        json.WriteString("vault", options.Vault);
        json.WriteString("tape", tapeId.ToString("x16"));
        json.WriteNumber("process", Environment.ProcessId);
        json.WriteStartArray("venues");
        foreach (var venue in options.Venues) json.WriteStringValue(venue.Venue.Name);
        json.WriteEndArray();
        if (recovered is not null) json.WriteString("recovered", recovered);
    });

    /// <summary>Recording goes on without the list of seals; tables wait.</summary>
    public void SealsUnread(TapeException fault) => _log.Event(LogLevel.Error, "seal_log_damaged", json =>
    {
        json.WriteString("reason", fault.Message);
        json.WriteString("advice", $"Recording goes on; tables wait. {fault.Hint}");
    });

    public void Stopped(string reason, RecorderStatus status) => _log.Event(LogLevel.Information, "collector_stop", json =>
    {
        json.WriteString("reason", reason);
        json.WriteNumber("frames", status.Frames);
        json.WriteNumber("dropped", status.Dropped);
        json.WriteNumber("synced_seq", status.SyncedSeq);
    });

    public void Connected(ConnectionPlan plan, long connection) => _log.Event(LogLevel.Information, "ws_connect", json =>
    {
        WritePlan(json, plan, connection);
        json.WriteString("url", plan.Url.ToString());
        json.WriteNumber("streams", plan.Streams.Count);
    });

    public void ConnectFailed(ConnectionPlan plan, string reason, int attempt) => _log.Event(LogLevel.Warning, "ws_connect_failed", json =>
    {
        WritePlan(json, plan, 0);
        json.WriteString("url", plan.Url.ToString());
        json.WriteString("reason", reason);
        json.WriteNumber("attempt", attempt);
    });

    /// <summary>The venue answered with an HTTP status instead of opening a WebSocket.</summary>
    /// <param name="refusal">What that means for all connections of the venue; null when only this one is concerned.</param>
    public void ConnectRefused(ConnectionPlan plan, int attempt, UpgradeRefusedException fault, AccessRefusal? refusal) =>
        _log.Event(LogLevel.Warning, "ws_connect_failed", json =>
    {
        WritePlan(json, plan, 0);
        json.WriteString("url", plan.Url.ToString());
        json.WriteNumber("status", fault.Status);
        json.WriteString("reason", refusal?.ToString() ?? fault.Message);
        json.WriteString("advice", fault.Hint);
        if (fault.RetryAfter is { } wait) json.WriteNumber("retry_after_s", Math.Ceiling(wait.TotalSeconds));
        if (refusal is not null) json.WriteString("no_attempt_before", refusal.Until.ToString());
        json.WriteNumber("attempt", attempt);
    });

    /// <summary>The venue says that it will close a connection soon; another takes its place before.</summary>
    public void EndAnnounced(ConnectionPlan plan, long connection, string words) => _log.Event(LogLevel.Information, "ws_end_announced", json =>
    {
        WritePlan(json, plan, connection);
        json.WriteString("reason", words);
    });

    public void Disconnected(ConnectionPlan plan, long connection, DisconnectedNote note) => _log.Event(WarningUnless(note.IsOurs), "ws_disconnect", json =>
    {
        WritePlan(json, plan, connection);
        json.WriteString("cause", note.Cause);
        json.WriteString("detail", note.Detail);
        json.WriteNumber("frames", note.Frames);
    });

    public void CloseFailed(ConnectionPlan plan, long connection, string reason) => _log.Event(LogLevel.Information, "ws_close_failed", json =>
    {
        WritePlan(json, plan, connection);
        json.WriteString("reason", reason);
    });

    /// <summary>Frames are being dropped, so many since the start; at most one line a second.</summary>
    public void QueueFull(ConnectionPlan plan, long connection, long dropped)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (_queueFullSeen && time.GetElapsedTime(_queueFullAt, now) < QueueFullEvery) return;
            (_queueFullSeen, _queueFullAt) = (true, now);
        }

        _log.Event(LogLevel.Warning, "queue_full_drop", json =>
        {
            WritePlan(json, plan, connection);
            json.WriteNumber("dropped", dropped);
        });
    }

    public void StateChanged(StateReport from, StateReport to) => _log.StateChanged(StateEvent, from, to);

    public void Refused(ConnectionPlan plan, long connection, RefusedNote note) => _log.Event(LogLevel.Warning, "ws_refused", json =>
    {
        WritePlan(json, plan, connection);
        if (note.Id is { } id) json.WriteNumber("request", id);
        if (note.Stream is not null) json.WriteString("stream", note.Stream);
        json.WriteNumber("code", note.Code);
        json.WriteString("message", note.Message);
        json.WriteString("advice", plan.Refusals.Advice);
    });

    /// <summary>The venue has not answered a request: it is sent again.</summary>
    public void AskedUnanswered(ConnectionPlan plan, long connection, SubscribeRequest request) => _log.Event(LogLevel.Warning, "ws_unanswered", json =>
    {
        WritePlan(json, plan, connection);
        json.WriteNumber("request", request.Id);
        json.WriteNumber("streams", request.StreamToExcl - request.StreamFrom);
    });

    /// <summary>A stream that is not received is asked for again.</summary>
    /// <param name="because">Why: silent, unproven, unacknowledged, refused, or broken (a book of which changes were dropped).</param>
    /// <param name="times">How often, this time included.</param>
    public void AskedAgain(ConnectionPlan plan, long connection, StreamPlan stream, string because, int times) =>
        _log.Event(LogLevel.Warning, "stream_asked_again", json =>
    {
        WritePlan(json, plan, connection);
        json.WriteString("stream", stream.WireName);
        json.WriteString("reason", because);
        json.WriteNumber("times", times);
    });

    /// <summary>Another connection takes the place of one, for another reason than its age.</summary>
    public void Replaces(ConnectionPlan plan, long connection, string because) => _log.Event(LogLevel.Warning, "ws_replace", json =>
    {
        WritePlan(json, plan, connection);
        json.WriteString("reason", because);
    });

    [LoggerMessage(EventName = "storage_failure", Level = LogLevel.Error, Message = "{reason}")]
    public partial void StorageTrouble(string reason);

    [LoggerMessage(EventName = "storage_back", Level = LogLevel.Information, Message = "{how}")]
    public partial void StorageBack(string how);

    public void ClockStep(ClockStepNote note) => _log.Event(LogLevel.Warning, "clock_step", json =>
    {
        json.WriteNumber("step_ms", note.StepNanos / UnixNanos.PerMillisecond);
        if (note.StillNanos is { } still) json.WriteNumber("still_ms", still / UnixNanos.PerMillisecond);
    });

    /// <summary>Our clock was compared with a venue's; a warning with advice where they are far apart.</summary>
    public void ClockOffset(ClockOffset offset) => _log.Event(WarningUnless(!offset.IsFar), "clock_offset", json =>
    {
        json.WriteString("venue", offset.Venue);
        json.WriteNumber("offset_ms", HeartbeatClock.Milliseconds(offset.Nanos));
        json.WriteNumber("uncertainty_ms", HeartbeatClock.Milliseconds(offset.UncertaintyNanos));
        if (!offset.IsFar) return;
        json.WriteString("reason", $"this machine's clock is {(offset.Nanos > 0 ? "ahead of" : "behind")} the venue's by more than "
            + $"{Core.Time.ClockOffset.WarnFrom.TotalMilliseconds:0} ms");
        json.WriteString("advice", "Let the system set its clock from the network (systemd-timesyncd or chrony; on Windows 'w32tm /resync'). Times of receipt "
            + "on the tape are by this machine's clock; each tick carries the offset.");
    });

    public void Heartbeat(RecorderStatus status) =>
        _log.Event(LogLevel.Information, StatusEvent, HeartbeatLine.Of(status, LostLines), HeartbeatContext.Default.HeartbeatLine);

    private static LogLevel WarningUnless(bool isFine) => isFine ? LogLevel.Information : LogLevel.Warning;

    private static void WritePlan(Utf8JsonWriter json, ConnectionPlan plan, long connection)
    {
        json.WriteString("venue", plan.Venue);
        json.WriteString("route", plan.Route);
        json.WriteNumber("shard", plan.Shard);
        if (connection != 0) json.WriteNumber("conn", connection);
    }

    internal static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items) json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
