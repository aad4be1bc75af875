using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Tape.Host.Logging;
using Tape.Host.Processes;

namespace Tape.Host.Supervision;

/// <summary>
/// Keeps a child running: one that ends by itself is started again after 1 s, doubling to a minute, and from 1 s again once it has run for a minute. Never
/// given up, always said.
/// </summary>
/// <param name="name">What it is, for the log.</param>
/// <param name="arguments">Of this program.</param>
/// <param name="line">Takes each line that it writes, on either output; called by two tasks.</param>
/// <param name="died">Hears of each end of its own, with its exit status and when it is started again.</param>
public sealed class SupervisedChild(string name, IReadOnlyList<string> arguments, Action<string> line, ILogger log, TimeProvider time, Action<int,
    TimeSpan>? died = null)
{
    /// <summary>
    /// Whether arguments or a configuration that it refuses in its first life end it for good, while the person who started it looks on. A fault that comes
    /// into the configuration later must not end what runs.
    /// </summary>
    public bool MayRefuse { get; init; }

    private static readonly TimeSpan SoundAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    /// <summary>Runs it until told to stop; then stops it in order.</summary>
    /// <returns>The exit status of its last life.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var status = ExitCode.Ok;
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        for (var life = 1; !stop.IsCancellationRequested; life++)
        {
            var began = time.GetTimestamp();
            status = await LiveAsync(stop);
            if (stop.IsCancellationRequested || (MayRefuse && life == 1 && status == ExitCode.Usage)) break;
            if (time.GetElapsedTime(began) >= SoundAfter) backoff.Reset();
            var wait = backoff.Next();
            log.ChildDied(name, status, wait.TotalSeconds, "Its last lines say why, unless it was killed. The other process is not concerned.");
            died?.Invoke(status, wait);
            await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return status;
    }

    private async Task<int> LiveAsync(CancellationToken stop)
    {
        using var child = TryStart();
        if (child is null) return ExitCode.Failed;
        log.ChildStart(name, child.Id);
        try
        {
            return await child.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return await child.StopAsync(StopWithin, time) ?? ExitCode.Failed;
        }
    }

    /// <summary>Null where it can't be started, as while the program is being replaced.</summary>
    private ChildProcess? TryStart()
    {
        try
        {
            return ChildProcess.StartTape(arguments, ChildOutput.Lines(line), ChildOutput.Lines(line));
        }
        catch (Exception fault) when (fault is Win32Exception or IOException or TapeException)
        {
            log.ChildNotStarted(name, fault.Message);
            return null;
        }
    }
}
