using Tape.Derive.Activity;
using Tape.Venues.Books;

namespace Tape.Api.Live;

/// <summary>The recorder's state by what stands in the vault.</summary>
/// <param name="Report">State, reasons, and what to do.</param>
/// <param name="Since">Since when; null where that is not known.</param>
/// <param name="IsRunning">Whether a recorder seems to run.</param>
public sealed record RecorderHealth(StateReport Report, UnixNanos? Since, bool IsRunning)
{
    /// <summary>A recorder writes a tick each second. One that has not for this long is taken for gone, unless it said that storage takes nothing.</summary>
    public static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(15);

    /// <summary>A broken book that is put right within this time is no reason to wake anybody.</summary>
    public static readonly TimeSpan BrokenMax = TimeSpan.FromMinutes(1);

    private const int NamesMax = 5;

    /// <summary>Whether it records: what <c>/health</c> answers by.</summary>
    public bool IsRecording => IsRunning && Report.State is RecorderState.Ready or RecorderState.Degraded;

    /// <summary>Judges a look.</summary>
    /// <param name="now">The clock of this process.</param>
    public static RecorderHealth Judge(VaultStatus look, UnixNanos now)
    {
        var snapshot = look.Snapshot;
        if (look.Fault is not null)
            return Down(RecorderState.Error, null, $"the vault can't be read: {look.Fault}",
                "Check the disk and the rights of the vault's folder; reading is tried again by itself.");
        if (look.IsBehind && !(snapshot.LastTick is { } read && now.Since(read) <= QuietMax)) return Behind(snapshot.LastTick, now);
        if (snapshot.NextSeq == 0)
            return Down(RecorderState.Offline, null, "nothing was ever recorded here", "Start recording with 'tape up' or 'tape collect'.");
        if (snapshot.Stopped is { } stopped)
            return Down(RecorderState.Offline, snapshot.StoppedAt, $"the recorder has stopped: {stopped.Reason}",
                "Start it again with 'tape up' or 'tape collect'.");
        if (snapshot.Paused is { } paused)
            return Down(RecorderState.Error, snapshot.PausedAt, $"recording is paused: {paused.Reason}",
                "Free space on the disk of the vault; recording resumes by itself.", isRunning: true);
        if (snapshot.LastTick is not { } tick || now.Since(tick) > QuietMax)
            return Down(RecorderState.Offline, snapshot.LastTick, $"no sign of life from the recorder since {snapshot.LastTick?.ToString() ?? "its start"}",
                "Look whether its process runs and what logs/recorder.jsonl says last; starting it again is safe.");
        return snapshot.Health is { } health
            ? WithBooks(WithGaps(new(new(StateOf(health.State), health.Why, health.Advice), new UnixNanos(health.Since), true), look.Gaps), snapshot)
            : new(new(RecorderState.Offline, ["starting"], []), snapshot.StartedAt, true);
    }

    /// <summary>The tape's end is not read yet: what it says of the recorder is not known, and nothing old is shown for it.</summary>
    private static RecorderHealth Behind(UnixNanos? lastTick, UnixNanos now) => Down(RecorderState.Starting, null,
        lastTick is { } tick
            ? string.Create(CultureInfo.InvariantCulture, $"the tape is read up to {tick}, {now.Since(tick).TotalSeconds:0} s before now")
            : "the tape is being opened",
        "Wait: the state is known once the end of the tape is read.");

    private static RecorderHealth Down(RecorderState state, UnixNanos? since, string why, string advice, bool isRunning = false) =>
        new(new(state, [why], [advice]), since, isRunning);

    /// <summary>A recorder of a later version may have a state that this one does not know: something is wrong then, and its reasons say what.</summary>
    private static RecorderState StateOf(string name) => Enum.TryParse<RecorderState>(name, ignoreCase: true, out var state) ? state : RecorderState.Degraded;

    /// <summary>
    /// The recorder does not read the ledger: a high rate of gaps, such as ids that the venue leaves out, is added to what it says of itself.
    /// </summary>
    private static RecorderHealth WithGaps(RecorderHealth health, RecentGaps? gaps)
    {
        if (gaps is not { Worst: { Count: > 0 } worst } || !health.IsRecording) return health;
        return health.Degraded($"{worst.Count} streams had {RecentGaps.ManyOfOne} gaps or more in the last 15 minutes: "
            + Names(worst.Select(stream => $"{stream.Stream} ({stream.Count})"), worst.Count), "'tape gaps' lists from when to when, and why.");
    }

    /// <summary>The recorder does not follow books either.</summary>
    private static RecorderHealth WithBooks(RecorderHealth health, ActivitySnapshot snapshot)
    {
        if (!health.IsRecording || snapshot.LastTick is not { } now) return health;
        List<StreamKey> broken = [.. snapshot.Streams.Where(stream => stream.Book is { State: BookState.Broken } book
            && (book.Since is not { } since || now.Since(since) > BrokenMax)).Select(stream => stream.Key)];
        if (broken.Count == 0) return health;
        return health.Degraded($"{broken.Count} of {snapshot.Streams.Count(stream => stream.Book is not null)} books are broken: "
            + Names(broken.Select(stream => stream.ToString()), broken.Count),
            "A change did not follow the one before: the next snapshot puts it right; /status has the ids.");
    }

    private RecorderHealth Degraded(string why, string advice) => this with
    {
        Since = Report.State == RecorderState.Degraded ? Since : null,
        Report = new(RecorderState.Degraded, [.. Report.Why, why], [.. Report.Advice, advice]),
    };

    private static string Names(IEnumerable<string> names, int count) => $"{string.Join(", ", names.Take(NamesMax))}{(count > NamesMax ? " and more" : "")}";
}
