using Microsoft.Win32.SafeHandles;

namespace Tape.Storage.Files;

/// <summary>An open file of <see cref="DiskFiles"/>: positioned reads and writes without a buffer of our own.</summary>
internal sealed class DiskFileHandle(string path, SafeFileHandle handle) : IFileHandle
{
    public long Length => RandomAccess.GetLength(handle);

    public int Read(long offset, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var count = RandomAccess.Read(handle, buffer[total..], offset + total);
            if (count == 0) break;
            total += count;
        }
        return total;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(handle, bytes, offset);
        }
        catch (IOException fault) when (IoFaults.IsDiskFull(fault))
        {
            throw DiskFiles.Full(path, fault);
        }
    }

    public void Sync() => DiskFiles.Guard(path, () =>
    {
        RandomAccess.FlushToDisk(handle);
        return true;
    });

    public void SetLength(long length) => DiskFiles.Guard(path, () =>
    {
        RandomAccess.SetLength(handle, length);
        return true;
    });

    public void Dispose() => handle.Dispose();
}
