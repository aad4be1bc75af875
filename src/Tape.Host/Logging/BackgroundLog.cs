using System.Threading.Channels;
using Tape.Core.Logging;

namespace Tape.Host.Logging;

/// <summary>
/// Writes log lines from a task of its own, so that a slow place (a pipe that nobody reads, a stalled disk) never holds up the storage thread or a socket.
/// At most <see cref="LinesMax"/> lines wait; further ones are lost and counted. Owns nothing: the sink behind it is disposed by its owner, after this.
/// </summary>
public sealed class BackgroundLog : ILogSink, IDisposable
{
    /// <summary>Lines that wait at most.</summary>
    public const int LinesMax = 4096;

    private static readonly TimeSpan FlushWithin = TimeSpan.FromSeconds(2);

    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(LinesMax) { SingleReader = true });
    private readonly ILogSink _sink;
    private readonly Task _writing;
    private long _lost;

    /// <param name="sink">Called by one task only.</param>
    public BackgroundLog(ILogSink sink)
    {
        _sink = sink;
        _writing = Task.Run(WriteAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    public long LostLines => Interlocked.Read(ref _lost) + _sink.LostLines;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> line)
    {
        if (!_lines.Writer.TryWrite(line.ToArray())) Interlocked.Increment(ref _lost);
    }

    /// <summary>Writes what waits, for 2 s at most.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _writing.Wait(FlushWithin);
    }

    private async Task WriteAsync()
    {
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            try
            {
                _sink.Write(line);
            }
            catch (Exception)
            {
                // Whatever the place of the log came up with: the line is lost and counted, the next one is tried again.
                Interlocked.Increment(ref _lost);
            }
        }
    }
}
