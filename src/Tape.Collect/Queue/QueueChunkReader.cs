using System.Runtime.InteropServices;
using Tape.Storage.Tapes;

namespace Tape.Collect.Queue;

/// <summary>Reads the records of a chunk in order.</summary>
public ref struct QueueChunkReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The next record; its number on the tape is not known here (-1).</summary>
    public bool TryRead(out TapeRecord record)
    {
        if (_rest.IsEmpty)
        {
            record = default;
            return false;
        }

        var header = MemoryMarshal.Read<QueueChunk.Header>(_rest);
        var payload = _rest.Slice(QueueChunk.HeaderBytes, header.PayloadBytes);
        record = new TapeRecord(-1, header.Kind, header.Connection, new UnixNanos(header.Time), payload);
        _rest = _rest[(QueueChunk.HeaderBytes + header.PayloadBytes)..];
        return true;
    }
}
