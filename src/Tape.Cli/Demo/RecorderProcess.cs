using System.Diagnostics;
using System.Text.Json;
using Tape.Collect.Health;
using Tape.Collect.Logging;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Host;
using Tape.Host.Processes;

namespace Tape.Cli.Demo;

/// <summary>A real recorder process (<c>tape collect</c>) that can be killed, or stopped in order by closing its standard input.</summary>
internal sealed class RecorderProcess : IDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectsWithin = TimeSpan.FromSeconds(20);
    private const int ErrorLinesMax = 20;

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Queue<string> _errors = new();
    private volatile RecorderStatus? _status;

    private RecorderProcess(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadLogAsync(), ReadErrorsAsync());
    }

    /// <summary>The last heartbeat of this process; null before the first.</summary>
    public RecorderStatus? Status => _status;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Bytes of memory that it holds now; 0 once it has ended.</summary>
    public long MemoryBytes
    {
        get
        {
            if (_process.HasExited) return 0;
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Handles (on Linux: open files) that it holds now; 0 once it has ended.</summary>
    public int Handles
    {
        get
        {
            if (_process.HasExited) return 0;
            _process.Refresh();
            return _process.HandleCount;
        }
    }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime => _process.TotalProcessorTime;

    /// <summary>Starts <c>tape collect</c>.</summary>
    public static RecorderProcess Start(string configPath, params string[] more)
    {
        var start = TapeProgram.Start();
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        foreach (var argument in (string[])["collect", "--config", configPath, "--plain", "--until-stdin-closes", .. more]) start.ArgumentList.Add(argument);
        return new RecorderProcess(Process.Start(start) ?? throw new TapeException("the recorder's process did not start"));
    }

    /// <summary>
    /// Waits until a heartbeat says that all its sockets are open, at most 20 s, and not after it has ended: a slow start is not part of a rehearsal.
    /// </summary>
    public async Task WaitUntilConnectedAsync(CancellationToken cancel)
    {
        var from = TimeProvider.System.GetTimestamp();
        while (!HasExited && TimeProvider.System.GetElapsedTime(from) < ConnectsWithin
            && _status?.Connections.All(connection => connection.Connection != 0) != true)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancel);
    }

    /// <summary>Kills it: no signal that it could handle (SIGKILL; TerminateProcess on Windows).</summary>
    /// <returns>The wall clock right before.</returns>
    public async Task<UnixNanos> KillAsync()
    {
        var at = UnixNanos.From(TimeProvider.System.GetUtcNow());
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        return at;
    }

    /// <summary>Asks it to stop and waits.</summary>
    /// <exception cref="TapeException">It did not end in time, or not with status 0.</exception>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopWithin, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            throw new TapeException($"The recorder did not stop within {StopWithin.TotalSeconds:0} s and was killed.");
        }

        await _reading;
        ThrowUnlessOk();
    }

    /// <summary>Call when it has ended by itself.</summary>
    /// <exception cref="TapeException">Its status is not 0; the message has what it said last.</exception>
    public void ThrowUnlessOk()
    {
        if (_process.ExitCode == ExitCode.Ok) return;
        lock (_errors) throw new TapeException($"The recorder ended with status {_process.ExitCode}: {string.Join(" ", _errors)}");
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private async Task ReadLogAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            if (line.Contains("\"event\":\"heartbeat\"", StringComparison.Ordinal)) Take(line);
    }

    private void Take(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            _status = StatusJson.Read(json.RootElement);
        }
        catch (JsonException fault)
        {
            // A kill cuts the last line of the pipe anywhere.
            lock (_errors) _errors.Enqueue($"unreadable heartbeat: {fault.Message}");
        }
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_errors)
            {
                if (_errors.Count == ErrorLinesMax) _errors.Dequeue();
                _errors.Enqueue(line);
            }
        }
    }
}
