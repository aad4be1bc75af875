namespace Tape.Core.Files;

/// <summary>
/// The seam to the disk. All storage code goes through it, so that tests can cut, tear, delay and fill. Paths are absolute.
/// Failures are <c>IOException</c> as the platform gives them, except a full disk, which is always
/// <see cref="Errors.DiskFullException"/>. Files are opened with full sharing, so that people may look while we write.
/// Nothing is retried here: the caller knows what a failure means.
/// </summary>
public interface IFiles
{
    /// <summary>Opens a file.</summary>
    IFileHandle Open(string path, FileUse use);

    /// <summary>Whether the file is there.</summary>
    bool FileExists(string path);

    /// <summary>Whether the name is a link (symbolic link, junction) to something else; false when nothing is there.</summary>
    bool IsLink(string path);

    /// <summary>Bytes of the file.</summary>
    long FileLength(string path);

    /// <summary>Names (not paths) of the files in a folder, in ordinal order; empty when the folder is not there.</summary>
    IReadOnlyList<string> ListFiles(string folder);

    /// <summary>Names of the folders in a folder, in ordinal order; empty when the folder is not there.</summary>
    IReadOnlyList<string> ListFolders(string folder);

    /// <summary>Creates a folder with its parents; nothing happens when it is there. Made durable by <see cref="SyncFolder"/> of the parent.</summary>
    /// <param name="isPrivate">Whether a folder that is made is for its owner only, on Unix mode 0700; a parent that is made is not.</param>
    void CreateFolder(string path, bool isPrivate = false);

    /// <summary>
    /// Renames a file within one volume, replacing the target when <paramref name="overwrite"/>; atomic for readers, durable after <see cref="SyncFolder"/>.
    /// </summary>
    void Move(string from, string to, bool overwrite);

    /// <summary>Deletes a file; nothing happens when it is not there.</summary>
    void Delete(string path);

    /// <summary>Makes created, renamed and deleted names in a folder durable. Does nothing on platforms that can't (Windows).</summary>
    void SyncFolder(string path);

    /// <summary>Bytes that this user may still write on the volume of the path.</summary>
    long FreeBytes(string path);

    /// <summary>Tries to take an exclusive lock by a file, which stays locked until disposed or until the process ends however it ends.</summary>
    /// <returns>Null when another process (or another holder in this one) has it.</returns>
    IDisposable? TryLock(string path);
}

/// <summary>What a file is opened for.</summary>
public enum FileUse
{
    /// <summary>Reading; the file must be there.</summary>
    Read,

    /// <summary>Reading and writing; the file must be there.</summary>
    Write,

    /// <summary>Reading and writing a new file; fails when there is one.</summary>
    CreateNew,

    /// <summary>Reading and writing; created when absent, emptied when present.</summary>
    Replace,
}

/// <summary>An open file. Positions are byte offsets. One writer at a time; readers may be others.</summary>
public interface IFileHandle : IDisposable
{
    long Length { get; }

    /// <summary>Reads up to the buffer's length; fewer bytes only at the end of the file.</summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>Writes all bytes, or throws after having written some or none of them.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Makes all written bytes and the length durable. After a failure nothing is known about what is on the disk.</summary>
    void Sync();

    /// <summary>Cuts or extends (with zeros) the file.</summary>
    void SetLength(long length);
}
