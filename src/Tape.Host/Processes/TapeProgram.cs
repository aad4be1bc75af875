using System.Diagnostics;

namespace Tape.Host.Processes;

/// <summary>The program <c>tape</c> on the disk: where it is, and how to start it.</summary>
public static class TapeProgram
{
    private static readonly string Name = OperatingSystem.IsWindows() ? "tape.exe" : "tape";

    private static string InstalledPath => Path.Combine(AppContext.BaseDirectory, Name);

    /// <summary>Whether a shell finds the program by its name.</summary>
    public static bool IsOnPath => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, Name)));

    /// <summary>The program as one can type it from the present folder.</summary>
    public static string ShownPath
    {
        get
        {
            var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), InstalledPath);
            return relative.Length < InstalledPath.Length ? relative : InstalledPath;
        }
    }

    /// <summary>
    /// How to start the program, from itself or from a program that stands in its folder (benches, tests); arguments are added by the caller.
    /// A copy under another name starts itself.
    /// </summary>
    public static ProcessStartInfo Start()
    {
        if (File.Exists(InstalledPath)) return new ProcessStartInfo(InstalledPath) { UseShellExecute = false };
        return new ProcessStartInfo(Environment.ProcessPath ?? throw new TapeException("the path of this program is unknown")) { UseShellExecute = false };
    }
}
