using System.Diagnostics;
using Tape.Core.Errors;
using Tape.Host.Processes;

namespace Tape.Host.Supervision;

/// <summary>
/// One life of a child that runs this program again with other arguments. It is asked to stop by closing its standard input, which also ends when this process
/// is gone, however it went: no child outlives its parent.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _passing;

    private ChildProcess(Process process, Action<string> line)
    {
        _process = process;
        _passing = Task.WhenAll(PassAsync(process.StandardOutput, line), PassAsync(process.StandardError, line));
    }

    /// <summary>Its number for the operating system.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="line">Takes each line that it writes, on either output; called by two tasks.</param>
    public static ChildProcess Start(IReadOnlyList<string> arguments, Action<string> line)
    {
        var start = TapeProgram.Start();
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return new ChildProcess(Process.Start(start) ?? throw new TapeException($"the process of 'tape {arguments[0]}' did not start"), line);
    }

    /// <summary>Waits until it has ended by itself.</summary>
    /// <returns>Its exit status.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; it still runs.</exception>
    public async Task<int> WaitAsync(CancellationToken cancel)
    {
        await _process.WaitForExitAsync(cancel);
        await _passing;
        return _process.ExitCode;
    }

    /// <summary>Asks it to stop in order, and kills it when that takes too long.</summary>
    /// <returns>Its exit status.</returns>
    public async Task<int> StopAsync(TimeSpan within, TimeProvider time)
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(within, time);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        await _passing;
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

    private static async Task PassAsync(StreamReader output, Action<string> line)
    {
        while (await output.ReadLineAsync() is { } text) line(text);
    }
}
