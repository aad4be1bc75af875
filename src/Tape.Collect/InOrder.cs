namespace Tape.Collect;

/// <summary>
/// Waking those who wait, so that none of them runs inside the step of the one who wakes. Without a synchronization context they go on on the pool, in any
/// order. Where one puts everything in one order (a simulation on one thread), nothing may take the way over the pool, or chance would decide.
/// </summary>
internal static class InOrder
{
    /// <summary>To wait without hearing how it ended.</summary>
    public const ConfigureAwaitOptions Quietly = ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    /// <summary>What others wait for.</summary>
    public static TaskCompletionSource NewSource() =>
        new(SynchronizationContext.Current is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

    /// <summary>Waits until one of several tasks is done, or a time is over.</summary>
    /// <param name="limit">Infinite, zero or more.</param>
    /// <returns>The task that was done first; null when the time was over first.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<Task?> WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancel, params Task[] tasks)
    {
        // A delay that is cancelled hands its continuations to the pool, so it must not be what hears of the cancelling.
        using var ends = new CancellationTokenSource();
        var cancelled = NewSource();
        using var hearing = cancel.UnsafeRegister(source => ((TaskCompletionSource)source!).TrySetResult(), cancelled);
        var over = Task.Delay(limit, time, ends.Token);
        var first = await Task.WhenAny([over, cancelled.Task, .. tasks]);
        await ends.CancelInOrderAsync();
        cancel.ThrowIfCancellationRequested();
        return first == over ? null : first;
    }

    extension(CancellationTokenSource source)
    {
        /// <summary>Cancels, and wakes those who wait.</summary>
        public Task CancelInOrderAsync()
        {
            if (SynchronizationContext.Current is null) return source.CancelAsync();
            source.Cancel();
            return Task.CompletedTask;
        }
    }
}
