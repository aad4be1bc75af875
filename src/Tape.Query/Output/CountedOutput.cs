using Tape.Query.Engine;

namespace Tape.Query.Output;

/// <summary>
/// Passes bytes on and counts them, so that it is known whether an answer has begun to go out, and none grows beyond a limit. The inner stream stays open.
/// </summary>
internal sealed class CountedOutput(Stream inner, long bytesMax = long.MaxValue) : Stream
{
    /// <summary>Bytes that went out.</summary>
    public long Bytes { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Bytes + buffer.Length > bytesMax)
            throw new QueryRefusedException($"the answer has more than {bytesMax} bytes, which is the limit",
                "Select fewer columns, narrow the range, or ask with 'tape query --out FILE', which has no such limit.");
        inner.Write(buffer);
        Bytes += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
