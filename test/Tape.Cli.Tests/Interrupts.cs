using System.Globalization;

namespace Tape.Cli.Tests;

/// <summary>Whether Ctrl-C can be tried here.</summary>
internal static class Interrupts
{
    /// <summary>Why not; null when it can. A shell that starts a job in the background makes it and all its children deaf to interrupts.</summary>
    public static string? WhyNot { get; } =
        !OperatingSystem.IsLinux() ? "needs Linux: it sends a signal and looks in /proc"
        : (Mask("self", "SigIgn:") & 2) != 0 ? "the tests were started with interrupts ignored (as a background job); run them in the foreground" : null;

    /// <summary>Whether a process handles SIGINT by now.</summary>
    public static bool AreCaughtBy(int process) => (Mask(process.ToString(CultureInfo.InvariantCulture), "SigCgt:") & 2) != 0;

    private static ulong Mask(string process, string name) =>
        ulong.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).AsSpan(name.Length).Trim(),
            NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

/// <summary>A theory that sends interrupts; skipped where that can't work.</summary>
internal sealed class InterruptTheoryAttribute : TheoryAttribute
{
    public InterruptTheoryAttribute() => Skip = Interrupts.WhyNot;
}
