using System.ComponentModel;
using System.Diagnostics;
using Tape.Core.Text;
using Tape.Host.Processes;

namespace Tape.Host.Alerts;

/// <summary>
/// Starts a program with the alert in its environment (TAPE_STATE, TAPE_BEFORE, TAPE_TEXT, TAPE_WHY, TAPE_ADVICE, TAPE_AT, TAPE_VAULT, TAPE_TEST) and as JSON
/// on its standard input. One that does not end in time is killed.
/// </summary>
public sealed class CommandChannel(IReadOnlyList<string> command, TimeSpan timeout, TimeProvider time) : IAlertChannel
{
    public string Name => $"command {Path.GetFileName(command[0])}";

    public async Task<string?> SendAsync(Alert alert, CancellationToken cancel)
    {
        Process? process;
        try
        {
            process = Process.Start(StartInfo(alert));
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            return $"could not be started: {fault.Message}";
        }

        using (process) return await WaitAsync(process!, alert, cancel);
    }

    private async Task<string?> WaitAsync(Process process, Alert alert, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            var heard = Task.WhenAll(DrainAsync(process.StandardOutput, either.Token), DrainAsync(process.StandardError, either.Token));
            await TellAsync(process, alert, either.Token);
            await process.WaitForExitAsync(either.Token);
            await heard;
            return process.ExitCode == 0 ? null : $"ended with status {process.ExitCode}, expected 0";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"did not end within {timeout.TotalSeconds:0.#} s and was killed";
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task TellAsync(Process process, Alert alert, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(JsonText.Object(alert.Write).AsMemory(), cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program that reads no input may have closed it, or ended; its exit status says whether it did its work.
        }
    }

    private static async Task DrainAsync(StreamReader output, CancellationToken cancel)
    {
        var some = new char[1024];
        while (await output.ReadAsync(some, cancel) > 0)
        {
            // Its output is not used; it must not wait for a reader.
        }
    }

    private ProcessStartInfo StartInfo(Alert alert)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (string Name, string Value)[] variables =
        [
            ("STATE", alert.Report.Name), ("BEFORE", alert.Before), ("TEXT", alert.Text), ("WHY", string.Join("; ", alert.Report.Why)),
            ("ADVICE", string.Join(' ', alert.Report.Advice)), ("AT", alert.At.ToString()), ("VAULT", alert.Vault), ("TEST", alert.IsTest ? "1" : "0"),
        ];
        foreach (var (name, value) in variables) start.Environment[$"TAPE_{name}"] = value;
        return start;
    }
}
