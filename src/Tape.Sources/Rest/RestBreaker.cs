namespace Tape.Sources.Rest;

/// <summary>
/// Stops sending to a venue that does not answer: opens after so many failures in a row, lets one try through when its time is over, and opens for twice as
/// long when that fails too. Not thread-safe.
/// </summary>
internal sealed class RestBreaker(RestEngineOptions options, TimeProvider time)
{
    private readonly Backoff _openings = new(options.BreakerFirst, options.BreakerLongest);
    private int _failures;
    private TimeSpan _openFor;
    private long _openedAt;

    /// <summary>How long it stays open; zero when a try may be sent.</summary>
    public TimeSpan OpenFor
    {
        get
        {
            var left = _openFor - time.GetElapsedTime(_openedAt);
            return _openFor > TimeSpan.Zero && left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>A try succeeded.</summary>
    public void Close()
    {
        (_failures, _openFor) = (0, TimeSpan.Zero);
        _openings.Reset();
    }

    /// <summary>A try failed.</summary>
    public void Count()
    {
        if (++_failures < options.BreakerAfter) return;
        (_openFor, _openedAt) = (_openings.Next(), time.GetTimestamp());
    }
}
