namespace Tape.Storage.Files;

/// <summary>The real disk. Stateless and thread-safe; the handles that it gives are for one writer at a time.</summary>
public sealed class DiskFiles : IFiles
{
    /// <summary>The only instance that is needed.</summary>
    public static DiskFiles Instance { get; } = new();

    /// <summary>What .NET gives as the attributes of nothing.</summary>
    private const int Missing = -1;

    public IFileHandle Open(string path, FileUse use)
    {
        var (mode, access) = use switch
        {
            FileUse.Read => (FileMode.Open, FileAccess.Read),
            FileUse.Write => (FileMode.Open, FileAccess.ReadWrite),
            FileUse.CreateNew => (FileMode.CreateNew, FileAccess.ReadWrite),
            FileUse.Replace => (FileMode.Create, FileAccess.ReadWrite),
            _ => throw new ArgumentOutOfRangeException(nameof(use), use, null),
        };
        RequireFile(path);
        return Guard(path, () => new DiskFileHandle(path, File.OpenHandle(path, mode, access, FileShare.ReadWrite | FileShare.Delete)));
    }

    public bool FileExists(string path) => File.Exists(path);

    public bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    public long FileLength(string path) => new FileInfo(path).Length;

    public IReadOnlyList<string> ListFiles(string folder) => Names(folder, Directory.EnumerateFiles);

    public IReadOnlyList<string> ListFolders(string folder) => Names(folder, Directory.EnumerateDirectories);

    public void CreateFolder(string path, bool isPrivate = false) => Guard(path, () =>
    {
        if (!isPrivate || OperatingSystem.IsWindows()) return Directory.CreateDirectory(path);
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent) Directory.CreateDirectory(parent);
        return Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    });

    public void Move(string from, string to, bool overwrite) => Guard(to, () =>
    {
        File.Move(from, to, overwrite);
        return true;
    });

    public void Delete(string path)
    {
        if (Directory.Exists(Path.GetDirectoryName(path))) File.Delete(path);
    }

    public void SyncFolder(string path)
    {
        if (!OperatingSystem.IsWindows()) Guard(path, () => UnixFolder.Sync(path));
    }

    public long FreeBytes(string path) =>
        OperatingSystem.IsWindows() ? WindowsVolume.FreeBytes(path) : new DriveInfo(path).AvailableFreeSpace;

    public IDisposable? TryLock(string path)
    {
        RequireFile(path);
        try
        {
            return Guard(path, () => File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException fault) when (IoFaults.IsHeldByAnother(fault))
        {
            return null;
        }
    }

    /// <summary>Runs a disk operation and turns "no room" into the exception that callers wait for.</summary>
    internal static T Guard<T>(string path, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (IOException fault) when (IoFaults.IsDiskFull(fault))
        {
            throw Full(path, fault);
        }
    }

    internal static DiskFullException Full(string path, IOException fault) =>
        new($"{path}: the disk or quota has no room left for what is to be written there",
            "Free space on the volume; writing goes on by itself once there is some.", fault);

    /// <summary>What is opened is the file itself: through a link, a vault from elsewhere could have another file read, cut or overwritten.</summary>
    private static void RequireFile(string path)
    {
        var file = new FileInfo(path);
        if ((int)file.Attributes == Missing) return;
        if (file.LinkTarget is { } target) throw EntryPath.LinkFault(path, target);
        if (file.Attributes.HasFlag(FileAttributes.Directory))
            throw new IOException($"{path}: found a folder, expected a file. Move the folder elsewhere; it is not deleted.");
    }

    private static string[] Names(string folder, Func<string, IEnumerable<string>> enumerate)
    {
        if (!Directory.Exists(folder)) return [];
        var names = enumerate(folder).Select(path => Path.GetFileName(path)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
