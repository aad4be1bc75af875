using Microsoft.Extensions.Logging;
using Tape.Collect.Logging;
using Tape.Host.Logging;
using Tape.Storage.Files;
using Tape.Storage.Tapes;

namespace Tape.Host.Supervision;

/// <summary>
/// Two processes for one vault: the recorder, which only records, and the server, which makes tables and answers. Each may die without the other. To stop, the
/// recorder goes first, so that the server still seals what it wrote last.
/// </summary>
/// <param name="configPath">Both read it.</param>
/// <param name="vault">The vault's folder.</param>
/// <param name="port">Port of the server instead of the configured one.</param>
/// <param name="line">Takes the lines of both.</param>
/// <param name="alert">Hears of a recorder that died: it can't tell anybody itself.</param>
public sealed class Supervisor(string configPath, string vault, int? port, Action<string> line, ILogger log, TimeProvider time,
    Action<StateChange>? alert = null)
{
    private volatile StateReport _state = new(RecorderState.Offline, ["starting"], []);
    private readonly TaskCompletionSource _hasTape = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs both until cancelled, or until one refuses its configuration.</summary>
    /// <returns>The exit status for the program.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var recorderGone = new CancellationTokenSource();
        var recorder = RunRecorderAsync(ending, recorderGone);
        var server = RunServerAsync(ending, recorderGone.Token);
        var statuses = await Task.WhenAll(recorder, server);
        return statuses.FirstOrDefault(status => status == ExitCode.Usage, statuses.FirstOrDefault(status => status != ExitCode.Ok, ExitCode.Ok)) switch
        {
            ExitCode.Ok => ExitCode.Ok,
            ExitCode.Usage => ExitCode.Usage,
            _ => ExitCode.Failed,
        };
    }

    private async Task<int> RunRecorderAsync(CancellationTokenSource ending, CancellationTokenSource gone)
    {
        string[] arguments = ["collect", "--config", configPath, "--tape-only", "--with-sources", "--plain", "--until-stdin-closes"];
        try
        {
            return await new SupervisedChild("recorder", arguments, Hear, log, time, TellDeath).RunAsync(ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await gone.CancelAsync();
        }
    }

    private async Task<int> RunServerAsync(CancellationTokenSource ending, CancellationToken stop)
    {
        // A server makes no vault; where there is one it answers from it, whatever the recorder is doing.
        if (TapeFolder.IdOf(DiskFiles.Instance, Path.Combine(vault, "tape")) is null)
            await Task.WhenAny(_hasTape.Task, Task.Delay(Timeout.InfiniteTimeSpan, time, stop));
        if (stop.IsCancellationRequested) return ExitCode.Ok;
        List<string> arguments = ["serve", "--config", configPath, "--until-stdin-closes"];
        if (port is { } given) arguments.AddRange(["--port", given.ToString(CultureInfo.InvariantCulture)]);
        var status = await new SupervisedChild("server", arguments, line, log, time).RunAsync(stop);
        await ending.CancelAsync();
        return status;
    }

    private void TellDeath(int status, TimeSpan wait)
    {
        var dead = new StateReport(
            RecorderState.Error,
            [string.Create(CultureInfo.InvariantCulture,
                $"the recorder's process ended by itself (status {status}); it is started again in {wait.TotalSeconds:0} s")],
            ["Its last lines, in logs/recorder.jsonl, say why, unless it was killed. The next alert says when it records again."]);
        alert?.Invoke(new StateChange(UnixNanos.From(time.GetUtcNow()), _state, dead));
        _state = dead;
    }

    /// <summary>A line of the recorder: it tells when the tape is there, and the state.</summary>
    private void Hear(string text)
    {
        var said = LogLine.Read(text);
        if (said?.Event == RecorderLog.StartedEvent) _hasTape.TrySetResult();
        if (said?.NewState is { } state) _state = new StateReport(state, [], []);
        line(text);
    }
}
