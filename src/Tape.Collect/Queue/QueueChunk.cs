using System.Runtime.InteropServices;
using Tape.Storage.Tapes;

namespace Tape.Collect.Queue;

/// <summary>Records one after the other in memory. Filled by the queue, read by the storage thread.</summary>
public sealed class QueueChunk(int bytes)
{
    /// <summary>Bytes before each payload.</summary>
    internal const int HeaderBytes = 24;

    private readonly byte[] _bytes = new byte[bytes];

    internal int Capacity => _bytes.Length;

    internal int Length { get; private set; }

    /// <summary>Starts reading at the first record.</summary>
    public QueueChunkReader Read() => new(_bytes.AsSpan(0, Length));

    internal bool HasRoom(int need) => _bytes.Length - Length >= need;

    internal void Clear() => Length = 0;

    internal void Add(RecordKind kind, long connection, UnixNanos time, ReadOnlySpan<byte> payload)
    {
        var header = new Header { PayloadBytes = payload.Length, Kind = kind, Connection = connection, Time = time.Value };
        MemoryMarshal.Write(_bytes.AsSpan(Length), in header);
        payload.CopyTo(_bytes.AsSpan(Length + HeaderBytes));
        Length += HeaderBytes + payload.Length;
    }

    [StructLayout(LayoutKind.Sequential, Size = HeaderBytes)]
    internal struct Header
    {
        public int PayloadBytes;
        public RecordKind Kind;
        public long Connection;
        public long Time;
    }
}
