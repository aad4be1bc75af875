using System.ComponentModel;
using System.Diagnostics;
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
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(StartInfo(alert), ChildOutput.Dropped, ChildOutput.Dropped);
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            return $"could not be started: {fault.Message}";
        }

        using (child)
            return await child.AskAsync(JsonText.Object(alert.Write), isAll: true, timeout, time, cancel) switch
            {
                0 => null,
                null => $"did not end within {timeout.TotalSeconds:0.#} s and was killed",
                { } status => $"ended with status {status}, expected 0",
            };
    }

    private ProcessStartInfo StartInfo(Alert alert)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1));
        (string Name, string Value)[] variables =
        [
            ("STATE", alert.Report.Name), ("BEFORE", alert.Before), ("TEXT", alert.Text), ("WHY", string.Join("; ", alert.Report.Why)),
            ("ADVICE", string.Join(' ', alert.Report.Advice)), ("AT", alert.At.ToString()), ("VAULT", alert.Vault), ("TEST", alert.IsTest ? "1" : "0"),
        ];
        foreach (var (name, value) in variables) start.Environment[$"TAPE_{name}"] = value;
        return start;
    }
}
