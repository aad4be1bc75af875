using Tape.Core.Files;
using Tape.TestKit.Files;

namespace Tape.CrashTests.Sealing;

/// <summary>Passes on to the files of the present trial, so that one DuckDB can serve many trials.</summary>
internal sealed class CurrentFiles : IFiles
{
    public IFiles Now { get; set; } = TestDisk.Files;

    public IFileHandle Open(string path, FileUse use) => Now.Open(path, use);

    public bool FileExists(string path) => Now.FileExists(path);

    public bool IsLink(string path) => Now.IsLink(path);

    public long FileLength(string path) => Now.FileLength(path);

    public IReadOnlyList<string> ListFiles(string folder) => Now.ListFiles(folder);

    public IReadOnlyList<string> ListFolders(string folder) => Now.ListFolders(folder);

    public void CreateFolder(string path, bool isPrivate = false) => Now.CreateFolder(path, isPrivate);

    public void Move(string from, string to, bool overwrite) => Now.Move(from, to, overwrite);

    public void Delete(string path) => Now.Delete(path);

    public void SyncFolder(string path) => Now.SyncFolder(path);

    public long FreeBytes(string path) => Now.FreeBytes(path);

    public IDisposable? TryLock(string path) => Now.TryLock(path);
}
