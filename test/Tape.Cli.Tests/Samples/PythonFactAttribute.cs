using System.ComponentModel;
using System.Diagnostics;

namespace Tape.Cli.Tests.Samples;

/// <summary>A test that runs Python with the packages of the samples; skipped, with the reason, where they are missing.</summary>
public sealed class PythonFactAttribute : FactAttribute
{
    private static readonly string? Missing = FindOut();

    public PythonFactAttribute() => Skip = Missing;

    private static string? FindOut()
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", ["-c", "import duckdb, pandas, pyarrow"]) { RedirectStandardError = true })!;
            var error = python.StandardError.ReadToEnd().Trim();
            python.WaitForExit();
            return python.ExitCode == 0 ? null : $"python3 lacks a package of samples/python: {error.Split('\n')[^1]}";
        }
        catch (Win32Exception fault)
        {
            return $"There is no python3: {fault.Message}";
        }
    }
}
