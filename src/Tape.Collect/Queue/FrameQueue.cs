using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Notes;

namespace Tape.Collect.Queue;

/// <summary>
/// The bounded queue between the sockets and the tape. Connections put records in without ever waiting; one storage thread takes them out.
/// What does not fit is refused, and the connection counts it as dropped: a socket is never stalled.
/// </summary>
/// <remarks>
/// <para>Bytes handed to the storage thread count as used until <see cref="Release"/>, so the capacity bounds what a crash can lose
/// and what memory holds, however many takes are out. Notes and sent frames may go over the capacity by <see cref="NoteReserveBytes"/>.</para>
/// <para>Allocates nothing in steady state: chunks are used again. Frames between 128 and 256 KiB may leave up to half of their chunk empty, so memory
/// is at most twice the capacity. Thread-safe for many producers and one consumer.</para>
/// </remarks>
public sealed class FrameQueue
{
    /// <summary>Bytes that notes may take above the capacity.</summary>
    public const int NoteReserveBytes = 4 << 20;

    private const int ChunkBytes = 256 << 10;

    private readonly object _gate = new();
    private readonly Queue<QueueChunk> _filled = new();
    private readonly Stack<QueueChunk> _free = new();
    private readonly AutoResetEvent _arrived = new(false);
    private readonly long _capacityBytes;
    private QueueChunk _open = new(ChunkBytes);
    private long _usedBytes;
    private long _takenBytes;
    private long _wakeAtBytes = long.MaxValue;

    /// <param name="capacityBytes">What the queue holds at most, 1 MiB or more; one frame larger than that fits only into an empty queue.</param>
    public FrameQueue(long capacityBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacityBytes, 1 << 20);
        _capacityBytes = capacityBytes;
    }

    /// <summary>How full it is: 0 to 1, above 1 only by notes or by one huge frame.</summary>
    public double Utilization => (double)Interlocked.Read(ref _usedBytes) / _capacityBytes;

    /// <summary>Whether nothing is in it that was not taken.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _filled.Count == 0 && _open.Length == 0;
        }
    }

    /// <summary>Whether a frame of this many bytes would be taken now; another producer may still be faster.</summary>
    public bool HasRoomFor(int bytes)
    {
        lock (_gate) return Fits(QueueChunk.HeaderBytes + bytes);
    }

    /// <summary>Puts a received frame in, copying it. Never waits for storage.</summary>
    /// <returns>False when there is no room: the frame is dropped and the caller must declare it.</returns>
    public bool TryEnqueueFrame(long connection, UnixNanos receivedAt, ReadOnlySpan<byte> frame)
    {
        var need = QueueChunk.HeaderBytes + frame.Length;
        bool wake;
        lock (_gate)
        {
            if (!Fits(need)) return false;
            Put(RecordKind.Frame, connection, receivedAt, frame, need);
            wake = TakeWake();
        }

        if (wake) _arrived.Set();
        return true;
    }

    /// <summary>Puts a note and the frame after it in, both or neither, within the capacity: a note about drops takes nothing from the reserve.</summary>
    /// <returns>False when there is no room for both.</returns>
    public bool TryEnqueueFrameAfter(long connection, ReadOnlySpan<byte> note, UnixNanos receivedAt, ReadOnlySpan<byte> frame)
    {
        var (noteNeed, need) = (QueueChunk.HeaderBytes + note.Length, QueueChunk.HeaderBytes + frame.Length);
        bool wake;
        lock (_gate)
        {
            if (!Fits((long)noteNeed + need)) return false;
            Put(RecordKind.Note, connection, receivedAt, note, noteNeed);
            Put(RecordKind.Frame, connection, receivedAt, frame, need);
            wake = TakeWake();
        }

        if (wake) _arrived.Set();
        return true;
    }

    /// <summary>Puts a note or a sent frame in; it may use the reserve above the capacity.</summary>
    /// <returns>False when even the reserve is used up (storage has stood still for long): try again later.</returns>
    public bool TryEnqueueNote(RecordKind kind, long connection, UnixNanos time, ReadOnlySpan<byte> payload)
    {
        var need = QueueChunk.HeaderBytes + payload.Length;
        bool wake;
        lock (_gate)
        {
            if (_usedBytes + need > _capacityBytes + NoteReserveBytes) return false;
            Put(kind, connection, time, payload, need);
            wake = TakeWake();
        }

        if (wake) _arrived.Set();
        return true;
    }

    /// <summary>Waits until something is there to be taken, until it is woken, or until the time is over.</summary>
    public void WaitForRecords(TimeSpan atMost) => WaitForBytes(1, atMost);

    /// <summary>Waits until half the capacity is there to be taken, until it is woken, or until the time is over.</summary>
    public void WaitUntilHalfFull(TimeSpan atMost) => WaitForBytes(_capacityBytes / 2, atMost);

    /// <summary>Wakes a waiting consumer although nothing came (to stop it).</summary>
    public void Wake() => _arrived.Set();

    /// <summary>
    /// Hands over all that was not taken yet, in order. The chunks stay valid until <see cref="Release"/>; takes may be released in any order.
    /// </summary>
    /// <param name="into">The chunks are added at its end.</param>
    /// <returns>Bytes to give back by <see cref="Release"/>.</returns>
    public long Take(List<QueueChunk> into)
    {
        lock (_gate)
        {
            while (_filled.TryDequeue(out var chunk)) into.Add(chunk);
            if (_open.Length > 0)
            {
                into.Add(_open);
                _open = _free.TryPop(out var free) ? free : new QueueChunk(ChunkBytes);
            }

            var bytes = _usedBytes - _takenBytes;
            _takenBytes = _usedBytes;
            return bytes;
        }
    }

    /// <summary>Gives the room of a take back.</summary>
    /// <param name="chunks">What <see cref="Take"/> handed over; not to be read any more.</param>
    /// <param name="bytes">What it returned.</param>
    public void Release(List<QueueChunk> chunks, long bytes)
    {
        lock (_gate)
        {
            foreach (var chunk in chunks)
            {
                chunk.Clear();
                if (chunk.Capacity == ChunkBytes) _free.Push(chunk);
            }

            Interlocked.Add(ref _usedBytes, -bytes);
            _takenBytes -= bytes;
        }
    }

    /// <summary>Frames keep within the capacity, except that an empty queue takes any.</summary>
    private bool Fits(long need) => _usedBytes == 0 || _usedBytes + need <= _capacityBytes;

    private void Put(RecordKind kind, long connection, UnixNanos time, ReadOnlySpan<byte> payload, int need)
    {
        if (!_open.HasRoom(need)) CloseOpenChunk(need);
        _open.Add(kind, connection, time, payload);
        Interlocked.Add(ref _usedBytes, need);
    }

    private bool TakeWake()
    {
        if (_usedBytes - _takenBytes < _wakeAtBytes) return false;
        _wakeAtBytes = long.MaxValue;
        return true;
    }

    private void WaitForBytes(long bytes, TimeSpan atMost)
    {
        lock (_gate)
        {
            if (_usedBytes - _takenBytes >= bytes) return;
            _wakeAtBytes = bytes;
        }

        _arrived.WaitOne(atMost);
    }

    private void CloseOpenChunk(int need)
    {
        if (_open.Length > 0) _filled.Enqueue(_open);
        else _free.Push(_open);
        if (need > ChunkBytes) _open = new QueueChunk(need);
        else _open = _free.TryPop(out var free) ? free : new QueueChunk(ChunkBytes);
    }
}
