namespace Tape.Storage.Retention;

/// <summary>Makes long work take half a core at most: after each piece it rests for as long as the piece took, up to <see cref="RestMax"/>.</summary>
public sealed class Pace
{
    private static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WorkMin = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider? _time;
    private long _since;

    public Pace(TimeProvider time)
    {
        _time = time;
        _since = time.GetTimestamp();
    }

    private Pace() { }

    /// <summary>Does not rest: for work that somebody waits for.</summary>
    public static Pace Full { get; } = new();

    /// <summary>To be called between two pieces of work.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async ValueTask RestAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (_time is null || _time.GetElapsedTime(_since) is var worked && worked < WorkMin) return;
        await Task.Delay(worked < RestMax ? worked : RestMax, _time, cancel).ConfigureAwait(false);
        _since = _time.GetTimestamp();
    }
}
