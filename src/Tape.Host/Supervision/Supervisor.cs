using Microsoft.Extensions.Logging;
using Tape.Collect.Logging;
using Tape.Host.Configuration;
using Tape.Host.Logging;
using Tape.Host.Workers;
using Tape.Storage.Files;
using Tape.Storage.Tapes;

namespace Tape.Host.Supervision;

/// <summary>
/// Two processes for one vault: the recorder, which only records, and the server, which makes tables and answers. Each may die without the other. To stop, the
/// recorder goes first, so that the server still seals what it wrote last.
/// </summary>
/// <param name="configPath">Both read it.</param>
/// <param name="config">What it held when this process began.</param>
/// <param name="port">Port of the server instead of the configured one.</param>
/// <param name="line">Takes the lines of both.</param>
/// <param name="changed">Takes each change of the state, by what both say and by what they no longer can; must return at once.</param>
public sealed class Supervisor(string configPath, TapeConfig config, int? port, Action<string> line, ILogger log, TimeProvider time,
    Action<StateChange> changed)
{
    private const string Recorder = "recorder";
    private const string RecorderSilence = "recorder's silence";
    private const string Server = "server";

    private static readonly TimeSpan SilenceChecks = TimeSpan.FromSeconds(1);

    /// <summary>Beyond its heartbeats, which stop while storage waits for a slow disk.</summary>
    private static readonly TimeSpan SilenceGrace = TimeSpan.FromSeconds(15);

    private readonly SupervisedState _state = new(time, changed);
    private readonly TaskCompletionSource _hasTape = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heardAt = time.GetTimestamp();

    /// <summary>Runs both until cancelled, or until the recorder refuses its configuration at the first start.</summary>
    /// <returns>The exit status for the program.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var recorderGone = new CancellationTokenSource();
        var recorder = RunRecorderAsync(ending, recorderGone);
        var server = RunServerAsync(recorderGone.Token);
        var silence = WatchSilenceAsync(ending.Token);
        var statuses = await Task.WhenAll(recorder, server);
        await silence;
        return statuses.FirstOrDefault(status => status == ExitCode.Usage, statuses.FirstOrDefault(status => status != ExitCode.Ok, ExitCode.Ok)) switch
        {
            ExitCode.Ok => ExitCode.Ok,
            ExitCode.Usage => ExitCode.Usage,
            _ => ExitCode.Failed,
        };
    }

    private async Task<int> RunRecorderAsync(CancellationTokenSource ending, CancellationTokenSource gone)
    {
        string[] arguments = ["collect", "--config", configPath, "--tape-only", "--supervised", "--plain", "--until-stdin-closes"];
        try
        {
            return await new SupervisedChild(Recorder, arguments, HearRecorder, log, time, RecorderDied) { MayRefuse = true }.RunAsync(ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await gone.CancelAsync();
        }
    }

    private async Task<int> RunServerAsync(CancellationToken stop)
    {
        // A server makes no vault; where there is one it answers from it, whatever the recorder is doing.
        if (TapeFolder.IdOf(DiskFiles.Instance, Path.Combine(config.Recorder.Vault, "tape")) is null)
            await Task.WhenAny(_hasTape.Task, Task.Delay(Timeout.InfiniteTimeSpan, time, stop));
        if (stop.IsCancellationRequested) return ExitCode.Ok;
        List<string> arguments = ["serve", "--config", configPath, "--until-stdin-closes"];
        if (port is { } given) arguments.AddRange(["--port", given.ToString(CultureInfo.InvariantCulture)]);
        return await new SupervisedChild(Server, arguments, HearServer, log, time, ServerDied).RunAsync(stop);
    }

    /// <summary>A recorder that hangs can't say so, and while the server is away nothing else sees it.</summary>
    private async Task WatchSilenceAsync(CancellationToken stop)
    {
        var most = 2 * config.Recorder.Heartbeat + SilenceGrace;
        while (!stop.IsCancellationRequested)
        {
            var quiet = time.GetElapsedTime(Interlocked.Read(ref _heardAt));
            if (quiet > most)
                _state.Set(RecorderSilence, new(RecorderState.Error, [Seconds($"the recorder's process has said nothing for {quiet.TotalSeconds:0} s")],
                    ["Look whether it is stopped or its disk hangs; ending it is safe: it is started again."]));
            await Task.Delay(SilenceChecks, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void RecorderDied(int status, TimeSpan wait) => _state.Set(Recorder, new(
        RecorderState.Error, [Seconds($"the recorder's process ended by itself (status {status}); it is started again in {wait.TotalSeconds:0} s")],
        ["Its last lines, in logs/recorder.jsonl, say why, unless it was killed. The next alert says when it records again."]));

    private void ServerDied(int status, TimeSpan wait) => _state.Set(Server, new(
        RecorderState.Degraded, [Seconds($"the server's process ended by itself (status {status}); it is started again in {wait.TotalSeconds:0} s")],
        ["Recording goes on; tables and answers wait. Its last lines, in logs/server.jsonl or on this output, say why."]));

    private void HearRecorder(string text)
    {
        Interlocked.Exchange(ref _heardAt, time.GetTimestamp());
        _state.Set(RecorderSilence, null);
        var said = LogLine.Read(text);
        if (said?.Event == RecorderLog.StartedEvent) _hasTape.TrySetResult();
        if (said?.NewState(RecorderLog.StateEvent) is { } state) _state.Set(Recorder, state);
        line(text);
    }

    private void HearServer(string text)
    {
        if (LogLine.Read(text)?.NewState(StateWorker.StateEvent) is { } state) _state.Set(Server, state);
        line(text);
    }

    private static string Seconds(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
