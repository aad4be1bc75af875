namespace Tape.Collect.Storing;

/// <summary>Tells those who wait before they try again that the machine woke from sleep: what they wait for may be long over. Thread-safe.</summary>
internal sealed class WakeSignal
{
    private volatile TaskCompletionSource _next = InOrder.NewSource();

    /// <summary>The machine woke.</summary>
    public void Raise() => Interlocked.Exchange(ref _next, InOrder.NewSource()).SetResult();

    /// <summary>Waits for a time, or until the machine wakes.</summary>
    /// <returns>Whether it woke.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<bool> DelayAsync(TimeSpan wait, TimeProvider time, CancellationToken cancel)
    {
        var woken = _next.Task;
        return await InOrder.WaitAsync(wait, time, cancel, woken) == woken;
    }
}
