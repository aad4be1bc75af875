using System.Threading.Channels;

namespace Tape.Host.Alerts;

/// <summary>
/// Decides when an alert goes out: the first change at once, and later any state worse than that of the last alert. Other changes wait until the time between
/// two alerts is over and then go out as one alert, which counts the states that came and went in between. A state worse than READY that lasts goes out again
/// as a reminder, which counts no change. Not thread-safe.
/// </summary>
public sealed class AlertThrottle(AlertSettings settings, TimeProvider time)
{
    private long? _toldAt;
    private StateChange? _told;
    private bool _lasts;
    private StateChange? _last;
    private string _before = "";
    private int _changes;

    /// <summary>Waits for the next alert that is due.</summary>
    /// <returns>Null when no more changes will come; changes that still wait are then dropped.</returns>
    public async Task<(string Before, StateChange Last, int Changes)?> NextAsync(ChannelReader<StateChange> changes, CancellationToken cancel)
    {
        while (!IsDue())
        {
            if (!await WaitAsync(changes, cancel)) return null;
            while (changes.TryRead(out var change)) Add(change);
        }

        var (before, last, count) = _last is null ? (_told!.To.Name, _told with { At = UnixNanos.From(time.GetUtcNow()) }, 0) : (_before, _last, _changes);
        (_toldAt, _told, _lasts, _last, _changes) = (time.GetTimestamp(), last, last.To.State > RecorderState.Ready, null, 0);
        return (before, last, count);
    }

    private void Add(StateChange change)
    {
        // A state that is not on the list ends what waits: that state would be over by the time of its alert.
        if (!settings.On.Contains(change.To.State))
        {
            (_last, _changes, _lasts) = (null, 0, false);
            return;
        }

        if (_changes == 0) _before = change.From.Name;
        (_last, _changes) = (change, _changes + 1);
    }

    private bool IsDue() => Left() is { } left && (left <= TimeSpan.Zero || _last?.To.State > _told?.To.State);

    /// <summary>Time until what waits goes out, or the reminder; null when neither is to come.</summary>
    private TimeSpan? Left()
    {
        if (_last is null && !(_lasts && settings.Remind > TimeSpan.Zero)) return null;
        return _toldAt is { } at ? (_last is null ? settings.Remind : settings.Every) - time.GetElapsedTime(at) : TimeSpan.Zero;
    }

    /// <returns>False when no more changes will come.</returns>
    private async Task<bool> WaitAsync(ChannelReader<StateChange> changes, CancellationToken cancel)
    {
        if (Left() is not { } left) return await changes.WaitToReadAsync(cancel);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var more = changes.WaitToReadAsync(over.Token).AsTask();
        var due = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, over.Token);
        await Task.WhenAny(more, due);
        var ended = more.IsCompletedSuccessfully && !more.Result;
        await over.CancelAsync();
        await Task.WhenAll(more, due).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        return !ended;
    }
}
