using System.Diagnostics;

namespace Tape.TestKit.Files;

/// <summary>A small disk in memory, for tests of a disk that is really full. Needs Linux and the right to mount.</summary>
public sealed class SmallDisk : IDisposable
{
    public SmallDisk(string path, int kibibytes)
    {
        Path = path;
        Directory.CreateDirectory(path);
        if (Run("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", path) != 0)
            throw new InvalidOperationException("The small disk could not be mounted.");
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Why no small disk can be made here; null when one can.</summary>
    public static string? Unavailable { get; } = Probe();

    /// <summary>From now on nothing on it can be changed.</summary>
    public void MakeReadOnly()
    {
        if (Run("mount", "-o", "remount,ro", Path) != 0) throw new InvalidOperationException("The small disk could not be made read-only.");
    }

    public void Dispose() => Run("umount", "-l", Path);

    /// <summary>Runs a program of the system to its end.</summary>
    /// <returns>Its exit status.</returns>

    public static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux()) return "a small disk in memory needs Linux";
        if (!Environment.IsPrivilegedProcess) return "mounting a small disk needs root";
        var path = Directory.CreateTempSubdirectory("tape-probe-").FullName;
        try
        {
            if (Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", path) != 0) return "this system refuses to mount a small disk";
            return Run("umount", path) == 0 ? null : "this system refuses to unmount a small disk";
        }
        finally
        {
            Directory.Delete(path);
        }
    }
}

/// <summary>A test that needs a <see cref="SmallDisk"/> and is skipped, with the reason, where none can be made.</summary>
public sealed class TmpfsFactAttribute : FactAttribute
{
    public TmpfsFactAttribute() => Skip = SmallDisk.Unavailable;
}
