using Tape.Collect.Logging;
using Tape.Venues.Contract;

namespace Tape.Collect.Health;

/// <summary>
/// Heals what can be healed by asking again. A request that is not answered is sent again (<see cref="OpenRequests"/>). A stream that is silent while its
/// siblings go on is unsubscribed and subscribed; if that does not help, its connection is replaced by one that has proven itself; if it is as silent there, it
/// is asked for again after ever longer waits (<see cref="StreamRenewal"/>), as is one that the venue refused. A book of which changes are missing is
/// subscribed again where that brings a snapshot. After a step of the wall clock all connections
/// are replaced. Connections are replaced one at a time. Owned by the storage thread.
/// </summary>
internal sealed class Renewals(RecorderContext context)
{
    /// <summary>A step of the wall clock beyond this makes the times of open connections useless.</summary>
    public static readonly TimeSpan StepOver = TimeSpan.FromSeconds(1);

    /// <summary>How long one replacement may hold up the next.</summary>
    public static readonly TimeSpan ReplacesWithin = HandoverRules.ProvesWithin + TimeSpan.FromSeconds(30);

    private (long Connection, UnixNanos Since)? _replacing;
    private long _olderThan;
    private string _olderBecause = "";

    /// <summary>The wall clock stepped: connections that are open now keep a time that is wrong.</summary>
    public void ClockStepped(TimeSpan by)
    {
        if (by.Duration() <= StepOver) return;
        _olderThan = context.NextConnection;
        _olderBecause = string.Create(CultureInfo.InvariantCulture, $"the wall clock stepped by {by.TotalSeconds:0.0} s");
    }

    /// <summary>Once a second, while storage can be observed.</summary>
    public void Tick(LiveView view, UnixNanos now)
    {
        foreach (var connection in view.Connections)
        {
            foreach (var life in connection.Lives) AskUnanswered(life, now);
            // Beside a successor nothing is asked for: it asks by itself.
            if (connection.Lives.Count == 1) Renew(view, connection.Lives[0], now);
        }
    }

    private void AskUnanswered(LiveConnection life, UnixNanos now)
    {
        foreach (var request in life.Requests.Due(now, life.IsHeard, life.GivenUp))
        {
            context.Log.AskedUnanswered(life.View.Plan, life.Connection, request);
            context.Ask(life.Connection, request);
        }
    }

    private void Renew(LiveView view, LiveConnection life, UnixNanos now)
    {
        if (life.Connection < _olderThan) TryReplace(view, life, _olderBecause, now);
        for (var place = 0; place < life.Streams.Count; place++)
        {
            var renewal = life.Streams[place].Stream.Renewal;
            if (life.Streams[place].IsBroken && renewal.IsDue(now) && context.Queue.Utilization < HealthRules.QueueHigh)
                Ask(life, place, "broken", leavesFirst: true, now);
            switch (life.Streams[place].Health(now))
            {
                case StreamHealth.Live:
                    renewal.IsWell(now);
                    break;
                case StreamHealth.Refused when renewal.Asks == 0:
                    renewal.Asked(now);
                    break;
                case StreamHealth.Refused or StreamHealth.Unacknowledged when renewal.IsDue(now):
                    Ask(life, place, Name(life.Streams[place].Health(now)), leavesFirst: false, now);
                    break;
                case StreamHealth.Silent or StreamHealth.Unproven when renewal.IsDue(now) && life.LastDataAt > life.Streams[place].OverdueFrom():
                    RenewSilent(view, life, place, now);
                    break;
            }
        }
    }

    private void RenewSilent(LiveView view, LiveConnection life, int place, UnixNanos now)
    {
        var stream = life.Streams[place];
        var renewal = stream.Stream.Renewal;
        if (renewal is not { Asks: > 0, WasReplaced: false } || stream.LastFrameAt is null)
        {
            Ask(life, place, Name(stream.Health(now)), leavesFirst: true, now);
        }
        else if (TryReplace(view, life, $"{stream.Stream.Plan.WireName} stayed silent after it was asked for again", now))
        {
            foreach (var other in life.Streams)
                if (other.Health(now) == StreamHealth.Silent && other.Stream.Renewal.Asks > 0) other.Stream.Renewal.Replaced(now);
        }
    }

    private static string Name(StreamHealth health) => health.ToString().ToLowerInvariant();

    private void Ask(LiveConnection life, int place, string because, bool leavesFirst, UnixNanos now)
    {
        if (life.Requests.Concern(place) || !life.View.TryCountAsk(now)) return;
        var stream = life.Streams[place].Stream;
        stream.Renewal.Asked(now);
        context.Log.AskedAgain(life.View.Plan, life.Connection, stream.Plan, because, stream.Renewal.Asks);
        life.Streams[place].Mend();
        if (leavesFirst) context.Ask(life.Connection, life.Leave(place));
        context.Ask(life.Connection, life.Requests.Ask(place, place + 1, OpenRequests.AttemptsMax));
    }

    /// <returns>False when another one is being replaced, or this one is already.</returns>
    private bool TryReplace(LiveView view, LiveConnection life, string because, UnixNanos now)
    {
        if (life.IsToBeReplaced) return false;
        if (_replacing is { } other && view.IsOpen(other.Connection) && now.Since(other.Since) < ReplacesWithin) return false;
        _replacing = (life.Connection, now);
        life.IsToBeReplaced = true;
        context.Replace(life.View.Plan, life.Connection, because);
        return true;
    }
}
