namespace Tape.Api.Live;

/// <summary>The recorder's state as the vault tells it, with its reasons.</summary>
/// <param name="State">READY, DEGRADED, OFFLINE or ERROR.</param>
/// <param name="Since">Since when; null where that is not known.</param>
/// <param name="Why">The reasons; empty when READY.</param>
/// <param name="Advice">What to do.</param>
/// <param name="IsRunning">Whether a recorder seems to run.</param>
public sealed record RecorderHealth(string State, UnixNanos? Since, IReadOnlyList<string> Why, IReadOnlyList<string> Advice, bool IsRunning)
{
    /// <summary>A recorder writes a tick each second. One that has not for this long is taken for gone, unless it said that storage takes nothing.</summary>
    public static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(15);

    /// <summary>The state that nothing but a full disk or a failing one brings about.</summary>
    private const string Error = "ERROR";
    private const string Offline = "OFFLINE";
    private const int NamesMax = 5;

    /// <summary>Whether it records: what <c>/health</c> answers by.</summary>
    public bool IsRecording => IsRunning && State is "READY" or "DEGRADED";

    /// <summary>Judges a look.</summary>
    /// <param name="now">The clock of this process.</param>
    public static RecorderHealth Judge(VaultStatus look, UnixNanos now)
    {
        var snapshot = look.Snapshot;
        if (look.Fault is not null)
            return new(Error, null, [$"the vault can't be read: {look.Fault}"],
                ["Check the disk and the rights of the vault's folder; reading is tried again by itself."], false);
        if (snapshot.NextSeq == 0) return new(Offline, null, ["nothing was ever recorded here"], ["Start recording with 'tape up' or 'tape collect'."], false);
        if (snapshot.Stopped is { } stopped)
            return new(Offline, snapshot.StoppedAt, [$"the recorder has stopped: {stopped.Reason}"], ["Start it again with 'tape up' or 'tape collect'."],
                false);
        if (snapshot.Paused is { } paused)
            return new(Error, snapshot.PausedAt, [$"recording is paused: {paused.Reason}"],
                ["Free space on the disk of the vault; recording resumes by itself."], true);
        if (snapshot.LastTick is not { } tick || now.Since(tick) > QuietMax)
            return new(Offline, snapshot.LastTick, [$"no sign of life from the recorder since {snapshot.LastTick?.ToString() ?? "its start"}"],
                ["Look whether its process runs and what logs/recorder.jsonl says last; starting it again is safe."], false);
        return snapshot.Health is { } health
            ? WithGaps(new(health.State, new UnixNanos(health.Since), health.Why, health.Advice, true), look.Gaps)
            : new(Offline, snapshot.StartedAt, ["starting"], [], true);
    }

    /// <summary>
    /// The recorder does not read the ledger: a high rate of holes, such as ids that the venue leaves out, is added to what it says of itself.
    /// </summary>
    private static RecorderHealth WithGaps(RecorderHealth sign, RecentGaps? gaps)
    {
        if (gaps is not { Worst: { Count: > 0 } worst } || sign.State is not ("READY" or "DEGRADED")) return sign;
        var names = string.Join(", ", worst.Take(NamesMax).Select(stream => $"{stream.Stream} ({stream.Holes})"));
        return sign with
        {
            State = "DEGRADED",
            Since = sign.State == "DEGRADED" ? sign.Since : null,
            Why = [.. sign.Why, $"{worst.Count} streams had {RecentGaps.ManyOfOne} holes or more in the last 15 minutes: "
                + $"{names}{(worst.Count > NamesMax ? " and more" : "")}"],
            Advice = [.. sign.Advice, "'tape gaps' tells from when to when and why."],
        };
    }
}
