namespace Tape.Core.Work;

/// <summary>Work that is repeated until it is stopped.</summary>
public static class Loop
{
    /// <summary>Repeats a step until cancelled; cancellation is the normal end. Any other fault of a step ends the loop and is thrown.</summary>
    public static async Task UntilStoppedAsync(Func<Task> step, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested) await step();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping is how it ends.
        }
    }
}
