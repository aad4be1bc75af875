namespace Tape.TestKit.Files;

/// <summary>
/// A new empty folder that is deleted with all that it holds when the test ends. It lies in memory where the machine has such a file system: most tests look
/// at bytes and names, and would only wait for the disk to sync. The environment variable TAPE_TEST_TEMP names another place for all of them.
/// </summary>
/// <param name="onDisk">For tests of the disk itself, and of whole programs on it.</param>
public sealed class TemporaryFolder(bool onDisk = false) : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <summary>Far more than all tests have at a time; containers often have 64 MB.</summary>
    private const long RoomMin = 2L << 30;

    private static readonly string Disk = System.IO.Path.GetTempPath();
    private static readonly string? Asked = Environment.GetEnvironmentVariable("TAPE_TEST_TEMP");
    private static readonly string Usual = IsMemoryUsable() ? Memory : Disk;

    /// <summary>The absolute path.</summary>
    public string Path { get; } = Create(Asked ?? (onDisk ? Disk : Usual));

    /// <summary>A path inside.</summary>
    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>A further one with the same files, for a trial that changes them.</summary>
    public TemporaryFolder Copy()
    {
        var copy = new TemporaryFolder();
        foreach (var folder in Directory.GetDirectories(Path, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(folder.Replace(Path, copy.Path, StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(Path, "*", SearchOption.AllDirectories))
            File.Copy(file, file.Replace(Path, copy.Path, StringComparison.Ordinal));
        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Create(string within)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(within), $"tape-test-{Guid.NewGuid():N}");
        return Directory.CreateDirectory(path).FullName;
    }

    private static bool IsMemoryUsable()
    {
        try
        {
            return OperatingSystem.IsLinux() && Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= RoomMin;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
