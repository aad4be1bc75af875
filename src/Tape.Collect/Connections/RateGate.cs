namespace Tape.Collect.Connections;

/// <summary>Lets at most a number of actions start within a window (connection attempts, messages sent). Thread-safe.</summary>
/// <param name="limit">Actions in a window, 1 or more.</param>
/// <param name="window">Length of the sliding window.</param>
/// <param name="time">Clock; only its monotonic side is read.</param>
public sealed class RateGate(int limit, TimeSpan window, TimeProvider time)
{
    private readonly Queue<long> _starts = new();
    private readonly object _gate = new();

    /// <summary>Waits for its turn; the action counts from the moment this returns.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        while (true)
        {
            var wait = TryStart();
            if (wait <= TimeSpan.Zero) return;
            await Task.Delay(wait, time, cancel);
        }
    }

    private TimeSpan TryStart()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            while (_starts.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= window) _starts.Dequeue();
            if (_starts.Count >= limit) return window - time.GetElapsedTime(_starts.Peek(), now) + TimeSpan.FromMilliseconds(1);
            _starts.Enqueue(now);
            return TimeSpan.Zero;
        }
    }
}
