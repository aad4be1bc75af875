namespace Tape.Bench.Ingest;

/// <summary>The disk without waiting for it: for vaults that a bench makes and throws away, whose writing is not what it measures.</summary>
internal sealed class UnsyncedFiles(IFiles disk) : IFiles
{
    public IFileHandle Open(string path, FileUse use) => new Handle(disk.Open(path, use));

    public bool FileExists(string path) => disk.FileExists(path);

    public bool IsLink(string path) => disk.IsLink(path);

    public long FileLength(string path) => disk.FileLength(path);

    public IReadOnlyList<string> ListFiles(string folder) => disk.ListFiles(folder);

    public IReadOnlyList<string> ListFolders(string folder) => disk.ListFolders(folder);

    public void CreateFolder(string path, bool isPrivate = false) => disk.CreateFolder(path, isPrivate);

    public void Move(string from, string to, bool overwrite) => disk.Move(from, to, overwrite);

    public void Delete(string path) => disk.Delete(path);

    public void SyncFolder(string path)
    {
    }

    public long FreeBytes(string path) => disk.FreeBytes(path);

    public IDisposable? TryLock(string path) => disk.TryLock(path);

    private sealed class Handle(IFileHandle file) : IFileHandle
    {
        public long Length => file.Length;

        public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => file.Write(offset, bytes);

        public void Sync()
        {
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Dispose() => file.Dispose();
    }
}
