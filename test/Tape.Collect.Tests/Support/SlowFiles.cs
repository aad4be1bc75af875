using Tape.Core.Files;

namespace Tape.Collect.Tests.Support;

/// <summary>A disk whose syncs are held up while the test wants it.</summary>
internal sealed class SlowFiles(IFiles files) : IFiles
{
    private readonly ManualResetEventSlim _goes = new(true);

    /// <summary>Lets no sync end.</summary>
    public void Hold() => _goes.Reset();

    /// <summary>Lets syncs end again.</summary>
    public void Release() => _goes.Set();

    public IFileHandle Open(string path, FileUse use) => new Handle(files.Open(path, use), _goes);

    public bool FileExists(string path) => files.FileExists(path);

    public bool IsLink(string path) => files.IsLink(path);

    public long FileLength(string path) => files.FileLength(path);

    public IReadOnlyList<string> ListFiles(string folder) => files.ListFiles(folder);

    public IReadOnlyList<string> ListFolders(string folder) => files.ListFolders(folder);

    public void CreateFolder(string path, bool isPrivate = false) => files.CreateFolder(path, isPrivate);

    public void Move(string from, string to, bool overwrite) => files.Move(from, to, overwrite);

    public void Delete(string path) => files.Delete(path);

    public void SyncFolder(string path) => files.SyncFolder(path);

    public long FreeBytes(string path) => files.FreeBytes(path);

    public IDisposable? TryLock(string path) => files.TryLock(path);

    private sealed class Handle(IFileHandle inner, ManualResetEventSlim goes) : IFileHandle
    {
        public long Length => inner.Length;

        public int Read(long offset, Span<byte> buffer) => inner.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => inner.Write(offset, bytes);

        public void Sync()
        {
            goes.Wait();
            inner.Sync();
        }

        public void SetLength(long length) => inner.SetLength(length);

        public void Dispose() => inner.Dispose();
    }
}
