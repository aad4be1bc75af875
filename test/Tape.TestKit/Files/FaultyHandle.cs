using Tape.Core.Files;

namespace Tape.TestKit.Files;

/// <summary>An open file of <see cref="FaultyFiles"/>; dead after a crash, where only disposing it is harmless.</summary>
internal sealed class FaultyHandle(FaultyFiles files, string path, IFileHandle inner) : IFileHandle
{
    private bool _isDead;

    public string Path { get; set; } = path;

    public long Length => Alive(() => inner.Length);

    public int Read(long offset, Span<byte> buffer)
    {
        ThrowIfDead();
        return inner.Read(offset, buffer);
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        ThrowIfDead();
        files.Write(Path, inner, offset, bytes);
    }

    public void Sync()
    {
        ThrowIfDead();
        files.Sync(Path, inner);
    }

    public void SetLength(long length)
    {
        ThrowIfDead();
        files.SetLength(Path, inner, length);
    }

    public void Dispose()
    {
        if (_isDead) return;
        inner.Dispose();
        files.Closed(this);
    }

    internal void Kill()
    {
        _isDead = true;
        inner.Dispose();
    }

    private T Alive<T>(Func<T> look)
    {
        ThrowIfDead();
        return files.Look(look);
    }

    private void ThrowIfDead()
    {
        if (_isDead) throw new CrashException();
    }
}
