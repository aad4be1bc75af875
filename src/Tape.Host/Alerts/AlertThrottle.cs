using System.Threading.Channels;

namespace Tape.Host.Alerts;

/// <summary>
/// Decides when an alert goes out: the first change at once, and later any state worse than that of the last alert. Other changes wait until the time between
/// two alerts is over and then go out as one alert, which counts the states that came and went in between. Not thread-safe.
/// </summary>
public sealed class AlertThrottle(AlertSettings settings, TimeProvider time)
{
    private long? _toldAt;
    private RecorderState? _told;
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

        var (before, last, count) = (_before, _last!, _changes);
        (_toldAt, _told, _last, _changes) = (time.GetTimestamp(), last.To.State, null, 0);
        return (before, last, count);
    }

    private void Add(StateChange change)
    {
        // A state that is not on the list ends what waits: that state would be over by the time of its alert.
        if (!settings.On.Contains(change.To.State))
        {
            (_last, _changes) = (null, 0);
            return;
        }

        if (_changes == 0) _before = change.From.Name;
        (_last, _changes) = (change, _changes + 1);
    }

    private bool IsDue() => _last is not null && (Left() <= TimeSpan.Zero || _last.To.State > _told);

    private TimeSpan Left() => _toldAt is { } at ? settings.Every - time.GetElapsedTime(at) : TimeSpan.Zero;

    /// <returns>False when no more changes will come.</returns>
    private async Task<bool> WaitAsync(ChannelReader<StateChange> changes, CancellationToken cancel)
    {
        if (_last is null) return await changes.WaitToReadAsync(cancel);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var more = changes.WaitToReadAsync(over.Token).AsTask();
        var due = Task.Delay(Left(), time, over.Token);
        await Task.WhenAny(more, due);
        var ended = more.IsCompletedSuccessfully && !more.Result;
        await over.CancelAsync();
        await Task.WhenAll(more, due).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        return !ended;
    }
}
