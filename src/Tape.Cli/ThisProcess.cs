using System.Diagnostics;
using Tape.Core.Errors;
using Tape.Core.Values;
using Tape.Storage.Logs;

namespace Tape.Cli;

/// <summary>How this process names itself to others.</summary>
internal static class ThisProcess
{
    /// <summary>What stands beside the locks that this process holds.</summary>
    public static OwnerInfo Owner(string program) => new(program, Environment.ProcessId, UnixNanos.From(TimeProvider.System.GetUtcNow()));

    /// <summary>Whether a shell finds this program by its name.</summary>
    public static bool IsOnPath => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "tape.exe" : "tape")));

    /// <summary>The program as one can type it from the present folder.</summary>
    public static string ShownPath
    {
        get
        {
            var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "tape.exe" : "tape");
            var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), program);
            return relative.Length < program.Length ? relative : program;
        }
    }

    /// <summary>How to start this program again, also when it runs as <c>dotnet tape.dll</c>. Arguments are added by the caller.</summary>
    public static ProcessStartInfo Again()
    {
        var program = Environment.ProcessPath ?? throw new TapeException("the path of this program is unknown");
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase)) start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "tape.dll"));
        return start;
    }
}
