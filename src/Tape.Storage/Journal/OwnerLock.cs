using System.Text.Json;
using Tape.Storage.Files;
using Tape.Storage.Schema;

namespace Tape.Storage.Journal;

/// <summary>
/// The right to write one family of files: a locked file <c>lock</c>, and <c>owner.json</c> beside it that says who holds it (<c>name.lock</c> and
/// <c>name.owner.json</c> where a folder holds several families). The operating system
/// frees the lock when the process ends, however it ends; the owner file then stays and means nothing. The lock file is never deleted.
/// </summary>
public sealed class OwnerLock : IDisposable
{
    private const int OwnerBytesMax = 4096;
    private readonly IDisposable _lock;

    private OwnerLock(IDisposable held) => _lock = held;

    /// <summary>Takes the lock of a folder that exists.</summary>
    /// <param name="what">What the folder holds, for the message: <c>tape</c>.</param>
    /// <param name="name">The family, where the folder holds several.</param>
    /// <exception cref="OwnedElsewhereException">Another process has it; the message names it.</exception>
    /// <exception cref="DamagedException">The folder is a link: another one would be written.</exception>
    public static OwnerLock Take(IFiles files, string folder, string what, OwnerInfo owner, string name = "")
    {
        if (files.IsLink(folder)) throw EntryPath.LinkFault(folder, null);
        var held = files.TryLock(Path.Combine(folder, FileName(name, "lock")))
            ?? throw new OwnedElsewhereException(
                $"{folder}: the {what} is being written by {ReadOwner(files, folder, name)?.ToString() ?? "another process that left no owner file"}",
                "Stop that process, or use another vault. Reading needs no lock.");
        try
        {
            WriteOwner(files, folder, owner, name);
        }
        catch (Exception fault) when (fault is DiskFullException || IoFaults.IsInUse(fault))
        {
            // The owner file only makes a message better; on a full disk, or while another program looks at it, the lock alone must do.
        }
        catch
        {
            held.Dispose();
            throw;
        }
        return new OwnerLock(held);
    }

    /// <summary>Who wrote the owner file last; null when there is none or it is not whole. Says nothing about whether the lock is held.</summary>
    public static OwnerInfo? ReadOwner(IFiles files, string folder, string name = "")
    {
        var path = Path.Combine(folder, FileName(name, "owner.json"));
        if (!files.FileExists(path)) return null;
        using var file = files.Open(path, FileUse.Read);
        var bytes = new byte[Math.Min(file.Length, OwnerBytesMax)];
        try
        {
            var owner = JsonSerializer.Deserialize(bytes.AsSpan(0, file.Read(0, bytes)), OwnerJson.Default.OwnerFile);
            return owner is null ? null : new(owner.Program, owner.Process, new UnixNanos(owner.StartedAt), owner.Port);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Writes the owner file anew, for an owner that knows only later on which port it answers. For the holder of the lock.</summary>
    /// <exception cref="DiskFullException">No room; the file may be empty.</exception>
    public static void WriteOwner(IFiles files, string folder, OwnerInfo owner, string name = "")
    {
        using var file = files.Open(Path.Combine(folder, FileName(name, "owner.json")), FileUse.Replace);
        file.Write(0, JsonSerializer.SerializeToUtf8Bytes(new OwnerFile(owner.Program, owner.Process, owner.StartedAt.Value, owner.Port),
            OwnerJson.Default.OwnerFile));
    }

    private static string FileName(string name, string file) => name.Length == 0 ? file : $"{name}.{file}";
}
