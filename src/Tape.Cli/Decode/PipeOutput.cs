using System.Runtime.InteropServices;

namespace Tape.Cli.Decode;

/// <summary>
/// Standard output that notices when its reader has gone. The runtime's own stream swallows a broken pipe on Unix, and a command would
/// go on computing without a reader.
/// </summary>
internal sealed partial class PipeOutput : Stream
{
    private const int Descriptor = 1;
    private const int Interrupted = 4;

    private PipeOutput()
    {
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Opens standard output; to be disposed by the caller, which leaves the descriptor open.</summary>
    public static Stream Open() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new PipeOutput();

    /// <exception cref="IOException">The write failed; its HResult is the error number.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = WriteTo(Descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0) buffer = buffer[(int)written..];
            else if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
                throw new IOException($"standard output: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteTo(int descriptor, ReadOnlySpan<byte> bytes, nuint count);
}
