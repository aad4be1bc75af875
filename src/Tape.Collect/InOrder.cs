namespace Tape.Collect;

/// <summary>
/// Waking those who wait, so that none of them runs inside the step of the one who wakes. Without a synchronization context they go on on the pool, in any order. Where one puts everything
/// in one order (a simulation on one thread), nothing may take the way over the pool, or chance would decide.
/// </summary>
internal static class InOrder
{
    /// <summary>To wait without hearing how it ended.</summary>
    public const ConfigureAwaitOptions Quietly = ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    /// <summary>What others wait for.</summary>
    public static TaskCompletionSource NewSource() =>
        new(SynchronizationContext.Current is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

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
