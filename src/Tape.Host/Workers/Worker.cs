using Microsoft.Extensions.Logging;
using Tape.Collect.Logging;

namespace Tape.Host.Workers;

/// <summary>
/// Background work that is repeated until it is stopped. A fault that can pass (a disk that is away, a vault that another process owns) is logged once as
/// <c>{name}_waits</c>, and the work is tried again until it succeeds. A fault of the program ends the work and reaches its caller.
/// </summary>
/// <param name="name">The work, as the log calls it.</param>
/// <param name="every">Time from the end of one run to the next.</param>
/// <param name="advice">What the log advises where the fault has no hint of its own.</param>
public sealed class Worker(string name, TimeSpan every, string advice, ILogger log, TimeProvider time)
{
    private bool _isFailing;

    /// <summary>The work succeeds again, so its next fault is logged. Only work that does not return soon needs to call it.</summary>
    public void Succeeded() => _isFailing = false;

    /// <summary>Runs the work at least once, and again until cancelled.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        do
        {
            try
            {
                await work(stop);
                Succeeded();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
            {
                if (!_isFailing) LogFault(fault);
                _isFailing = true;
            }

            await Task.Delay(every, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!stop.IsCancellationRequested);
    }

    /// <summary>Runs a venue's work once. Any fault ends it, and is logged at once instead of at the end of the process.</summary>
    /// <param name="brokenEvent">The name of that line in the log.</param>
    public static async Task RunVenueAsync(string venue, Func<Task> work, string brokenEvent, string advice, ILogger log)
    {
        try
        {
            await work();
        }
        catch (Exception fault)
        {
            log.Event(LogLevel.Error, brokenEvent, json =>
            {
                json.WriteString("venue", venue);
                json.WriteString("reason", $"{fault.GetType().Name}: {fault.Message}");
                json.WriteString("advice", advice);
            });
        }
    }

    private void LogFault(Exception fault) => log.Event(LogLevel.Error, $"{name}_waits", json =>
    {
        json.WriteString("reason", fault.Message);
        json.WriteString("advice", (fault as TapeException)?.Hint ?? advice);
    });
}
