using System.Diagnostics;

namespace Tape.Host.Processes;

/// <summary>
/// One life of a child process. Its standard input stays open until it is closed here: for a child that runs this program, the end of its input is the request
/// to stop, which also comes when this process is gone, so no child outlives its parent. One that still runs when this is disposed is killed.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    /// <summary>How long a killed child may take to be gone.</summary>
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Task _reading;

    private ChildProcess(Process process, ChildOutput? output, ChildOutput? error)
    {
        _process = process;
        _reading = Task.WhenAll(
            output?.ReadAsync(process.StandardOutput) ?? Task.CompletedTask,
            error?.ReadAsync(process.StandardError) ?? Task.CompletedTask);
    }

    /// <summary>Its number for the operating system.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Whether it has ended and all that it wrote has been read.</summary>
    public bool IsOver => HasExited && _reading.IsCompleted;

    /// <summary>Its exit status, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime => _process.TotalProcessorTime;

    /// <summary>Bytes of memory that it holds now; 0 once it has ended.</summary>
    public long MemoryBytes => Measure(process => process.WorkingSet64);

    /// <summary>Handles (on Linux: open files) that it holds now; 0 once it has ended.</summary>
    public int Handles => Measure(process => process.HandleCount);

    /// <summary>Starts a program.</summary>
    /// <param name="start">Program, arguments, environment; the rest is set here.</param>
    /// <param name="output">What becomes of its standard output; null to share ours.</param>
    /// <param name="error">The same for its standard error.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The system can't start it.</exception>
    public static ChildProcess Start(ProcessStartInfo start, ChildOutput? output, ChildOutput? error)
    {
        (start.UseShellExecute, start.RedirectStandardInput) = (false, true);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (output is not null, error is not null);
        return new ChildProcess(Process.Start(start) ?? throw new TapeException($"the process of {start.FileName} did not start"), output, error);
    }

    /// <summary>Starts this program again, with other arguments.</summary>
    public static ChildProcess StartTape(IEnumerable<string> arguments, ChildOutput? output, ChildOutput? error)
    {
        var start = TapeProgram.Start();
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Start(start, output, error);
    }

    /// <summary>Gives it a line on its standard input and waits until it has ended; kills it when that takes too long.</summary>
    /// <param name="isAll">Closes its input after the line.</param>
    /// <returns>Its exit status; null when it was killed.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; it was killed.</exception>
    public async Task<int?> AskAsync(string line, bool isAll, TimeSpan within, TimeProvider time, CancellationToken cancel)
    {
        var feeding = FeedAsync(line, isAll);
        var status = await WaitAsync(within, time, cancel);
        await feeding;
        return status;
    }

    /// <summary>Waits until it has ended by itself, and all that it wrote has been read.</summary>
    /// <returns>Its exit status.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; it still runs.</exception>
    public async Task<int> WaitAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel);
        await _reading.WaitAsync(cancel);
        return ExitCode;
    }

    /// <summary>Asks it to stop in order by closing its input, and kills it when that takes too long.</summary>
    /// <returns>Its exit status; null when it was killed.</returns>
    public async Task<int?> StopAsync(TimeSpan within, TimeProvider time)
    {
        _process.StandardInput.Close();
        var status = await WaitAsync(within, time, CancellationToken.None);
        await _reading;
        return status;
    }

    /// <summary>Kills it and waits until it is gone with all that it had open: Windows deletes nothing before.</summary>
    /// <param name="withChildren">Also kills the processes that it has started.</param>
    public async Task KillAsync(bool withChildren = true)
    {
        if (!HasExited) _process.Kill(withChildren);
        using var limit = new CancellationTokenSource(GoneWithin, TimeProvider.System);
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        if (!HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task<int?> WaitAsync(TimeSpan within, TimeProvider time, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            return await WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            cancel.ThrowIfCancellationRequested();
            return null;
        }
    }

    private async Task FeedAsync(string line, bool isAll)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
            if (isAll) _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program that reads no input may have closed it, or ended; its exit status tells whether it did its work.
        }
    }

    private T Measure<T>(Func<Process, T> figure)
        where T : struct
    {
        if (HasExited) return default;
        _process.Refresh();
        return figure(_process);
    }
}
