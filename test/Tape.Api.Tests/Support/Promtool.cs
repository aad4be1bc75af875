using System.ComponentModel;
using System.Diagnostics;

namespace Tape.Api.Tests.Support;

/// <summary>Prometheus' own checker, from Debian's package <c>prometheus</c>.</summary>
internal static class Promtool
{
    /// <summary>Why it can't be run; null when it can.</summary>
    public static string? Missing { get; } = FindOut();

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit status and all that it printed.</returns>
    public static (int Status, string Output) Run(string input, params string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        promtool.StandardInput.Write(input);
        promtool.StandardInput.Close();
        promtool.WaitForExit();
        return (promtool.ExitCode, output.Result + error.Result);
    }

    private static string? FindOut()
    {
        try
        {
            return Run("", "--version").Status == 0 ? null : "promtool does not run";
        }
        catch (Win32Exception fault)
        {
            return $"There is no promtool: {fault.Message}";
        }
    }
}

/// <summary>A test that runs promtool; skipped, with the reason, where it is missing.</summary>
internal sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute() => Skip = Promtool.Missing;
}
