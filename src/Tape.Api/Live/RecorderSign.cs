using Tape.Core.Values;
using Tape.Derive.Live;

namespace Tape.Api.Live;

/// <summary>The recorder's state as the vault tells it, with its reasons.</summary>
/// <param name="State">READY, DEGRADED, OFFLINE or ERROR.</param>
/// <param name="Since">Since when; null where that is not known.</param>
/// <param name="Why">The reasons; empty when READY.</param>
/// <param name="Advice">What to do.</param>
/// <param name="IsRunning">Whether a recorder seems to run.</param>
public sealed record RecorderSign(string State, UnixNanos? Since, IReadOnlyList<string> Why, IReadOnlyList<string> Advice, bool IsRunning)
{
    /// <summary>A recorder writes a tick each second. One that has not for this long is taken for gone, unless it said that storage takes nothing.</summary>
    public static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(15);

    /// <summary>The state that nothing but a full disk or a failing one brings about.</summary>
    private const string Error = "ERROR";
    private const string Offline = "OFFLINE";

    /// <summary>Whether it records: what <c>/health</c> answers by.</summary>
    public bool IsRecording => IsRunning && State is "READY" or "DEGRADED";

    /// <summary>Judges a picture.</summary>
    /// <param name="now">The clock of this process.</param>
    /// <param name="fault">Why the vault can't be read; null when it can.</param>
    public static RecorderSign Judge(ActivityPicture picture, string? fault, UnixNanos now)
    {
        if (fault is not null) return new(Error, null, [$"the vault can't be read: {fault}"], ["Check the disk and the rights of the vault's folder; reading is tried again by itself."], false);
        if (picture.NextSeq == 0) return new(Offline, null, ["nothing was ever recorded here"], ["Start recording with 'tape up' or 'tape collect'."], false);
        if (picture.Stopped is { } stopped) return new(Offline, picture.StoppedAt, [$"the recorder has stopped: {stopped.Reason}"], ["Start it again with 'tape up' or 'tape collect'."], false);
        if (picture.Paused is { } paused) return new(Error, picture.PausedAt, [$"recording is paused: {paused.Reason}"], ["Free space on the disk of the vault; recording resumes by itself."], true);
        if (picture.LastTick is not { } tick || now.Since(tick) > QuietMax)
            return new(Offline, picture.LastTick, [$"no sign of life from the recorder since {picture.LastTick?.ToString() ?? "its start"}"], ["Look whether its process runs and what logs/recorder.jsonl says last; starting it again is safe."], false);
        return picture.Health is { } health
            ? new(health.State, new UnixNanos(health.Since), health.Why, health.Advice, true)
            : new(Offline, picture.StartedAt, ["starting"], [], true);
    }
}
