namespace Tape.Simulator.Serving;

/// <summary>Lets so many things happen within any window of time; what is refused does not count. Not thread-safe.</summary>
/// <param name="max">How many, 1 or more.</param>
/// <param name="window">The length of the window.</param>
/// <param name="time">Its monotonic side counts.</param>
internal sealed class RateWindow(int max, TimeSpan window, TimeProvider time)
{
    private readonly Queue<long> _taken = new();

    /// <summary>Takes one; false when it is one too many.</summary>
    public bool Take()
    {
        if (FreeIn > TimeSpan.Zero) return false;
        _taken.Enqueue(time.GetTimestamp());
        return true;
    }

    /// <summary>After how long the next may happen; zero when it may at once.</summary>
    public TimeSpan FreeIn
    {
        get
        {
            var now = time.GetTimestamp();
            while (_taken.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= window) _taken.Dequeue();
            return _taken.Count < max ? TimeSpan.Zero : window - time.GetElapsedTime(_taken.Peek(), now);
        }
    }
}
