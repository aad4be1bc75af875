using Microsoft.Extensions.Logging;
using Tape.Api.Live;
using Tape.Collect.Logging;

namespace Tape.Host.Workers;

/// <summary>
/// Logs each change of the state that the server finds in the vault. A supervisor reads these lines: they hold what the recorder can't say of itself, such as
/// that it hangs, or that its streams have many gaps.
/// </summary>
public sealed class StateWorker(VaultFollower follower, ILogger log, TimeProvider time)
{
    /// <summary>The event of these lines.</summary>
    public const string StateEvent = "vault_state";

    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(1);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var before = StateReport.Starting;
        while (!stop.IsCancellationRequested)
        {
            var report = RecorderHealth.Judge(follower.Look(), UnixNanos.From(time.GetUtcNow())).Report;
            if (report.State != before.State) log.StateChanged(StateEvent, before, report);
            before = report;
            await Task.Delay(LooksEvery, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
