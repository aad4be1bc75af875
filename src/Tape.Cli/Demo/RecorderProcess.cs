using Tape.Collect.Logging;
using Tape.Host;
using Tape.Host.Logging;
using Tape.Host.Processes;

namespace Tape.Cli.Demo;

/// <summary>A real recorder process (<c>tape collect</c>) that can be killed, or stopped in order by closing its standard input.</summary>
internal sealed class RecorderProcess : IDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectsWithin = TimeSpan.FromSeconds(20);
    private const int ErrorLinesMax = 20;

    private readonly Queue<string> _errors = new();
    private readonly ChildProcess _child;
    private volatile HeartbeatLine? _status;

    private RecorderProcess(IEnumerable<string> arguments) =>
        _child = ChildProcess.StartTape(arguments, ChildOutput.Lines(TakeLog), ChildOutput.Lines(TakeError));

    /// <summary>The last heartbeat of this process; null before the first.</summary>
    public HeartbeatLine? Status => _status;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _child.HasExited;

    /// <summary>Bytes of memory that it holds now; 0 once it has ended.</summary>
    public long MemoryBytes => _child.MemoryBytes;

    /// <summary>Handles (on Linux: open files) that it holds now; 0 once it has ended.</summary>
    public int Handles => _child.Handles;

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime => _child.ProcessorTime;

    /// <summary>Starts <c>tape collect</c>.</summary>
    public static RecorderProcess Start(string configPath, params string[] more) =>
        new(["collect", "--config", configPath, "--plain", "--until-stdin-closes", .. more]);

    /// <summary>
    /// Waits until a heartbeat says that all its sockets are open, at most 20 s, and not after it has ended: a slow start is not part of a rehearsal.
    /// </summary>
    public async Task WaitUntilConnectedAsync(CancellationToken cancel)
    {
        var from = TimeProvider.System.GetTimestamp();
        while (!HasExited && TimeProvider.System.GetElapsedTime(from) < ConnectsWithin
            && !(_status?.ConnectionCounts is { } sockets && sockets.Open == sockets.Planned))
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancel);
    }

    /// <summary>Kills it: no signal that it could handle (SIGKILL; TerminateProcess on Windows).</summary>
    /// <returns>The wall clock right before.</returns>
    public async Task<UnixNanos> KillAsync()
    {
        var at = UnixNanos.From(TimeProvider.System.GetUtcNow());
        await _child.KillAsync(withChildren: false);
        await _child.WaitAsync(CancellationToken.None);
        return at;
    }

    /// <summary>Asks it to stop and waits.</summary>
    /// <exception cref="TapeException">It did not end in time, or not with status 0.</exception>
    public async Task StopAsync()
    {
        if (await _child.StopAsync(StopWithin, TimeProvider.System) is null)
            throw new TapeException($"The recorder did not stop within {StopWithin.TotalSeconds:0} s and was killed.");
        ThrowUnlessOk();
    }

    /// <summary>Call when it has ended by itself.</summary>
    /// <exception cref="TapeException">Its status is not 0; the message has what it said last.</exception>
    public void ThrowUnlessOk()
    {
        if (_child.ExitCode == ExitCode.Ok) return;
        lock (_errors) throw new TapeException($"The recorder ended with status {_child.ExitCode}: {string.Join(" ", _errors)}");
    }

    public void Dispose() => _child.Dispose();

    private void TakeLog(string text)
    {
        if (LogLine.Read(text) is { Event: RecorderLog.StatusEvent } line) _status = HeartbeatLine.Read(line.Fields);
    }

    private void TakeError(string text)
    {
        lock (_errors)
        {
            if (_errors.Count == ErrorLinesMax) _errors.Dequeue();
            _errors.Enqueue(text);
        }
    }
}
