using Tape.Core.Work;
using Tape.Sources.Rest;

namespace Tape.Sources.Clock;

/// <summary>
/// Measures every <see cref="Every"/>, sooner after a failure, and at once when the wall clock has stepped. A measurement during which it stepped is thrown
/// away and made again.
/// </summary>
public sealed class ClockPoller(ClockProbe probe, TimeProvider time)
{
    /// <summary>Between two measurements: a quartz clock drifts a few milliseconds in this time.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>After a failure.</summary>
    public static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    /// <summary>How often the wall clock is looked at for a step.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>A wall clock that has left the monotonic one by more has stepped.</summary>
    private static readonly TimeSpan StepOver = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="measured">Called for each offset.</param>
    /// <param name="failed">Called for each failure.</param>
    public Task RunAsync(Action<ClockOffset> measured, Action<RestFailure> failed, CancellationToken stop) =>
        Loop.UntilStoppedAsync(async () => await WaitAsync(await MeasureAsync(measured, failed, stop), stop), stop);

    /// <returns>How long the next measurement may wait.</returns>
    private async Task<TimeSpan> MeasureAsync(Action<ClockOffset> measured, Action<RestFailure> failed, CancellationToken stop)
    {
        var anchor = new RecordingClock(time);
        var (offset, failure) = await probe.MeasureAsync(stop);
        if (failure is not null) failed(failure);
        if (offset is null) return AfterFailure;
        if (HasStepped(anchor)) return TimeSpan.Zero;
        measured(offset);
        return Every;
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken stop)
    {
        var anchor = new RecordingClock(time);
        var from = time.GetTimestamp();
        while (wait - time.GetElapsedTime(from) is { Ticks: > 0 } left && !HasStepped(anchor))
            await Task.Delay(left < LookEvery ? left : LookEvery, time, stop);
    }

    private static bool HasStepped(RecordingClock anchor) => anchor.WallAhead.Duration() > StepOver;
}
