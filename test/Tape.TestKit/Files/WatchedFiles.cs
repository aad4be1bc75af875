using Tape.Core.Files;

namespace Tape.TestKit.Files;

/// <summary>The real files, with somebody who looks before each operation that changes what another process can see (a sync does not).</summary>
public sealed class WatchedFiles(IFiles inner, Action look) : IFiles
{
    public IFileHandle Open(string path, FileUse use) => use == FileUse.Read ? inner.Open(path, use) : Looked(() => new Handle(inner.Open(path, use), look));

    public bool FileExists(string path) => inner.FileExists(path);

    public bool IsLink(string path) => inner.IsLink(path);

    public long FileLength(string path) => inner.FileLength(path);

    public IReadOnlyList<string> ListFiles(string folder) => inner.ListFiles(folder);

    public IReadOnlyList<string> ListFolders(string folder) => inner.ListFolders(folder);

    public void CreateFolder(string path, bool isPrivate = false) => Looked(() => inner.CreateFolder(path, isPrivate));

    public void Move(string from, string to, bool overwrite) => Looked(() => inner.Move(from, to, overwrite));

    public void Delete(string path) => Looked(() => inner.Delete(path));

    public void SyncFolder(string path) => inner.SyncFolder(path);

    public long FreeBytes(string path) => inner.FreeBytes(path);

    public IDisposable? TryLock(string path) => inner.TryLock(path);

    private void Looked(Action work)
    {
        look();
        work();
    }

    private T Looked<T>(Func<T> work)
    {
        look();
        return work();
    }

    private sealed class Handle(IFileHandle inner, Action look) : IFileHandle
    {
        public long Length => inner.Length;

        public int Read(long offset, Span<byte> buffer) => inner.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            look();
            inner.Write(offset, bytes);
        }

        public void Sync() => inner.Sync();

        public void SetLength(long length)
        {
            look();
            inner.SetLength(length);
        }

        public void Dispose() => inner.Dispose();
    }
}
