using Tape.Collect.Connections;
using Tape.Venues.Contract;

namespace Tape.Collect.Health;

/// <summary>What storage is doing, as far as health is concerned.</summary>
internal enum StorageCondition
{
    Writing,
    DiskFull,
    Broken,
}

/// <summary>Judges the live picture: one place for what READY, DEGRADED, OFFLINE and ERROR mean.</summary>
internal static class HealthRules
{
    /// <summary>Above this the queue is a reason to worry.</summary>
    public const double QueueHigh = 0.8;

    /// <summary>How long drops and refusals keep the state DEGRADED.</summary>
    public static readonly TimeSpan DropsMatterFor = TimeSpan.FromSeconds(60);

    /// <summary>So many losses of one connection are a high rate of holes.</summary>
    public const int LossesMany = 5;

    /// <summary>How long a loss counts.</summary>
    public static readonly TimeSpan LossesMatterFor = TimeSpan.FromMinutes(15);

    /// <summary>
    /// After waking from sleep a connection is taken for dead when nothing comes on it for this long, or for as long as its liveliest stream may be silent.
    /// </summary>
    public static readonly TimeSpan AfterWaking = TimeSpan.FromSeconds(10);

    /// <summary>The longest time that a connection is left without data.</summary>
    private static readonly TimeSpan WithoutDataMax = TimeSpan.FromHours(1);

    /// <summary>At most so many streams are named in a reason.</summary>
    private const int NamesMax = 5;

    /// <summary>Says how it is and what to do.</summary>
    /// <param name="refusals">Venues that let nobody in.</param>
    /// <param name="now">The clock that never steps, as the view was fed with.</param>
    /// <param name="diskWorry">See <see cref="DiskForecast.Worry"/>.</param>
    /// <param name="dialFailure">Why the last attempt at a connection failed.</param>
    public static StateReport Judge(LiveView view, StorageCondition storage, string storageReason, double queueUtilization,
        IReadOnlyList<AccessRefusal> refusals, UnixNanos now, string? diskWorry = null,
        Func<ConnectionPlan, string?>? dialFailure = null)
    {
        var why = new List<string>();
        var advice = new List<string>();
        var state = RecorderState.Ready;
        void Because(RecorderState at, string reason, string todo)
        {
            if (at > state) state = at;
            why.Add(reason);
            advice.Add(todo);
        }

        if (storage == StorageCondition.DiskFull)
            Because(RecorderState.Error, $"recording is paused: {storageReason}", "Free space on the disk of the vault; recording resumes by itself.");
        if (storage == StorageCondition.Broken)
            Because(RecorderState.Error, $"the tape can't be written: {storageReason}",
                "Check the disk and the rights of the vault's folder; the recorder tries again by itself.");
        if (diskWorry is not null && storage == StorageCondition.Writing)
            Because(RecorderState.Degraded, diskWorry,
                "Free space, or let less tape be kept (tape.keep_size). On a full disk recording pauses, and resumes by itself.");
        AddDown(view, refusals, dialFailure ?? (_ => null), Because);
        if (queueUtilization > QueueHigh)
            Because(RecorderState.Degraded, string.Create(CultureInfo.InvariantCulture, $"the queue is {queueUtilization:P0} full"),
                "Storage is too slow for the stream: fewer symbols, a faster disk, or a larger queue.");
        if (view.LastDropAt is { } dropped && now.Since(view.LastDropSeenAt) <= DropsMatterFor)
            Because(RecorderState.Degraded, $"frames were dropped, last at {dropped}", "Storage was too slow: the drops are noted on the tape.");
        if (view.Refusals.Count > 0 && now.Since(view.LastRefusalAt) <= DropsMatterFor)
            Because(RecorderState.Degraded, $"the venue refused a request: {view.Refusals.Last()}", "Check symbols and channels in the configuration.");
        AddLosses(view, now, Because);
        AddStreams(view, now, Because);
        return new StateReport(state, why, advice);
    }

    /// <summary>
    /// Connections on which nothing came for longer than the venue's limit, though a stream should speak or our pings should be answered, or nothing but
    /// answers to our pings: dead without having been closed. And successors that did not prove themselves.
    /// </summary>
    public static IEnumerable<(long Connection, string Reason)> Dead(LiveView view, UnixNanos now)
    {
        foreach (var life in view.Connections.SelectMany(connection => connection.Lives))
        {
            var idle = life.View.Plan.Limits.IdleTimeout;
            if ((life.Streams.Min(stream => stream.Stream.Plan.SilentAfter) ?? (life.View.Plan.KeepAlive is null ? null : idle)) is not { } silentAfter)
                continue;
            var quiet = now.Since(life.LastFrameAt);
            var sinceWaking = view.WokeAt == life.LastFrameAt && life.OpenedAt < life.LastFrameAt;
            if (quiet > (sinceWaking ? AfterSleep(idle, silentAfter) : idle))
                yield return (life.Connection,
                    string.Create(CultureInfo.InvariantCulture, $"no frame for {quiet.TotalSeconds:0} s{(sinceWaking ? " after waking from sleep" : "")}"));
            else if (IsWithoutData(life, now))
                yield return (life.Connection,
                    string.Create(CultureInfo.InvariantCulture, $"no data for {now.Since(life.LastDataAt).TotalSeconds:0} s, though the venue answers pings"));
        }

        foreach (var failed in HandoverRules.Failed(view, now)) yield return failed;
    }

    /// <summary>
    /// Whether a stream should have spoken for long, and only answers to our pings came: those are no data. A socket that takes the place of such a one and
    /// is as silent gets twice the time, up to an hour: the venue may have nothing to say.
    /// </summary>
    private static bool IsWithoutData(LiveConnection life, UnixNanos now)
    {
        if (life.View.Plan.KeepAlive is null) return false;
        var pace = life.Streams.Where(stream => stream.Refusal is null).Min(stream => stream.Stream.Plan.SilentAfter);
        if (pace is not { } silentAfter) return false;
        var idle = life.View.Plan.Limits.IdleTimeout;
        var wait = (silentAfter > idle ? silentAfter : idle) * Math.Pow(2, Math.Min(life.View.LivesWithoutData, 20));
        return now.Since(life.LastDataAt) > (wait < WithoutDataMax ? wait : WithoutDataMax);
    }

    /// <summary>Sockets that are not open. Where a venue has said why, its words stand for those of its connections.</summary>
    private static void AddDown(LiveView view, IReadOnlyList<AccessRefusal> refusals, Func<ConnectionPlan, string?> dialFailure,
        Action<RecorderState, string, string> because)
    {
        var down = view.Connections.Where(connection => connection.Connection == 0).ToList();
        if (down.Count == 0) return;
        var isOffline = down.Count == view.Connections.Count;
        var state = isOffline ? RecorderState.Offline : RecorderState.Degraded;
        foreach (var refusal in refusals.Where(refusal => down.RemoveAll(connection => connection.Plan.Venue == refusal.Venue) > 0))
            because(state, refusal.ToString(), refusal.Advice);
        if (down.Count == 0) return;
        if (isOffline) because(state, $"no socket is connected{Cause(down, dialFailure)}", "Check the network and the endpoint; attempts go on by themselves.");
        else because(state, $"{down.Count} of {view.Connections.Count} sockets are not connected{Cause(down, dialFailure)}", "Attempts go on by themselves.");
    }

    /// <summary>Each loss is a hole in all streams of its connection: one now and then is how networks are, many are not.</summary>
    private static void AddLosses(LiveView view, UnixNanos now, Action<RecorderState, string, string> because)
    {
        foreach (var connection in view.Connections)
        {
            var losses = connection.LossesSince(now.Add(-LossesMatterFor));
            if (losses < LossesMany) continue;
            because(RecorderState.Degraded,
                string.Create(CultureInfo.InvariantCulture,
                $"{connection.Plan.Venue} {connection.Plan.Route}/{connection.Plan.Shard} was lost {losses} times in {LossesMatterFor.TotalMinutes:0} minutes "
                + $"(last end: {connection.LastEnd})"), "Check the network and the venue's status page; 'tape gaps' lists what is missing.");
        }
    }

    private static TimeSpan AfterSleep(TimeSpan idle, TimeSpan silentAfter)
    {
        var limit = silentAfter > AfterWaking ? silentAfter : AfterWaking;
        return limit < idle ? limit : idle;
    }

    private static void AddStreams(LiveView view, UnixNanos now, Action<RecorderState, string, string> because)
    {
        var streams = view.Connections.SelectMany(connection => connection.Streams).ToList();
        Add(StreamHealth.Silent, "silent for longer than normal",
            "The venue may have stopped the stream or the symbol; look at the venue's status page. It is asked for again by itself.");
        Add(StreamHealth.Unproven, "acknowledged but never delivered",
            "Check the symbol's spelling and that the venue still serves the channel on this route. It is asked for again by itself.");
        Add(StreamHealth.Unacknowledged, "not acknowledged by the venue",
            "Look at the venue's status page, and whether a proxy holds back what is sent. It is asked for again by itself.");
        Add(StreamHealth.Refused, "refused by the venue",
            "Check symbols and channels in the configuration. It is asked for again by itself, after a minute at first and each hour in the end.");
        void Add(StreamHealth health, string what, string todo)
        {
            var names = streams.Where(stream => stream.Health(now) == health)
                .Select(stream => health == StreamHealth.Refused ? $"{stream.Plan.WireName}: {stream.Refusal}" : stream.Plan.WireName).ToList();
            if (names.Count == 0) return;
            var more = names.Count > NamesMax ? $" and {names.Count - NamesMax} more" : "";
            because(RecorderState.Degraded, $"{names.Count} of {streams.Count} streams are {what}: {string.Join(", ", names.Take(NamesMax))}{more}", todo);
        }
    }

    /// <summary>Why the first of them can't be opened, or how one last ended.</summary>
    private static string Cause(List<ConnectionView> down, Func<ConnectionPlan, string?> dialFailure)
    {
        if (down.Find(connection => dialFailure(connection.Plan) is not null)?.Plan is { } plan)
            return $" ({plan.Venue} {plan.Route}/{plan.Shard}: {dialFailure(plan)})";
        return down.Select(connection => connection.LastEnd).FirstOrDefault(end => end.Length > 0) is { } end ? $" (last end: {end})" : "";
    }
}
