using System.Runtime.InteropServices;
using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Tapes;

/// <summary>
/// Records that wait for their commit, already in the form in which they go to the disk: blocks one after the other in one buffer, so that a commit is
/// one write. Numbers and checksums are put in when the place on the tape is known. Keeps its buffer between commits unless a long record blew it up. Not
/// thread-safe.
/// </summary>
internal sealed class PendingBlocks(int blockBytesMax, int keepBytes)
{
    private readonly record struct Block(int Start, BlockHeader Header)
    {
        public int EndExcl => Start + BlockHeader.Bytes + Header.PayloadBytes;
    }

    private readonly List<Block> _closed = [];
    private byte[] _bytes = new byte[256 << 10];
    private int _length;
    private int _openStart = -1;
    private BlockHeader _open;
    private long _lastConnection;
    private long _lastTime;

    /// <summary>Bytes that wait, block headers included.</summary>
    public int TotalBytes => _length;

    /// <summary>Blocks that <see cref="Close"/> has closed.</summary>
    public int ClosedCount => _closed.Count;

    /// <summary>Copies a record into the open block, or into a new one when it would make that one too long.</summary>
    public void Add(RecordKind kind, long connection, long time, ReadOnlySpan<byte> payload)
    {
        var bytesMax = TapeFormat.RecordOverheadMax + payload.Length;
        if (_openStart >= 0 && _length - _openStart - BlockHeader.Bytes + bytesMax > blockBytesMax) Close();
        Reserve(BlockHeader.Bytes + bytesMax);
        if (_openStart < 0) Begin(time);

        var target = _bytes.AsSpan(_length);
        target[0] = (byte)kind;
        var position = Varint.Write(target, 1, (ulong)payload.Length);
        position = Varint.Write(target, position, Varint.Zigzag(unchecked(connection - _lastConnection)));
        position = Varint.Write(target, position, Varint.Zigzag(unchecked(time - _lastTime)));
        payload.CopyTo(target[position..]);
        _length += position + payload.Length;
        (_lastConnection, _lastTime) = (connection, time);
        _open.Records++;
        if (time < _open.MinTime) _open.MinTime = time;
        if (time > _open.MaxTime) _open.MaxTime = time;
    }

    /// <summary>Ends the open block, so that all that was added can be committed.</summary>
    public void Close()
    {
        if (_openStart < 0) return;
        _open.PayloadBytes = _length - _openStart - BlockHeader.Bytes;
        _closed.Add(new(_openStart, _open));
        _openStart = -1;
    }

    /// <summary>How many closed blocks from the first on fit into a number of bytes.</summary>
    public int CountFitting(long bytes)
    {
        var count = 0;
        while (count < _closed.Count && _closed[count].EndExcl <= bytes) count++;
        return count;
    }

    /// <summary>Completes the first blocks for their place on the tape.</summary>
    /// <param name="unsynced">Bytes before that place that may not be durable yet.</param>
    /// <returns>Their bytes, valid until the next change.</returns>
    public ReadOnlySpan<byte> Seal(int count, long tapeId, long firstSeq, int unsynced)
    {
        foreach (ref var block in CollectionsMarshal.AsSpan(_closed)[..count])
        {
            var header = block.Header;
            header.UnsyncedBack = unsynced + block.Start;
            header.TapeId = tapeId;
            header.FirstSeq = firstSeq;
            header.PayloadCrc = Crc32C.Of(_bytes.AsSpan(block.Start + BlockHeader.Bytes, header.PayloadBytes));
            header.Write(_bytes.AsSpan(block.Start));
            block = block with { Header = header };
            firstSeq = header.NextSeq;
        }
        return _bytes.AsSpan(0, count == 0 ? 0 : _closed[count - 1].EndExcl);
    }

    /// <summary>The header of a closed block as <see cref="Seal"/> left it.</summary>
    public BlockHeader Header(int index) => _closed[index].Header;

    /// <summary>Where a closed block ends in the bytes that <see cref="Seal"/> returns.</summary>
    public int EndOf(int index) => _closed[index].EndExcl;

    /// <summary>Forgets the first blocks: they are on the tape.</summary>
    public void Remove(int count)
    {
        if (count == 0) return;
        var removed = _closed[count - 1].EndExcl;
        _bytes.AsSpan(removed, _length - removed).CopyTo(_bytes);
        _length -= removed;
        if (_openStart >= 0) _openStart -= removed;
        _closed.RemoveRange(0, count);
        foreach (ref var block in CollectionsMarshal.AsSpan(_closed)) block = block with { Start = block.Start - removed };
        if (_length == 0 && _bytes.Length > keepBytes) _bytes = new byte[256 << 10];
    }

    private void Begin(long time)
    {
        _openStart = _length;
        _length += BlockHeader.Bytes;
        _open = new BlockHeader { FirstTime = time, MinTime = time, MaxTime = time };
        (_lastConnection, _lastTime) = (0, time);
    }

    private void Reserve(int bytes)
    {
        if (_length + bytes <= _bytes.Length) return;
        Array.Resize(ref _bytes, (int)Math.Min(Math.Max((long)_bytes.Length * 2, _length + (long)bytes), Array.MaxLength));
    }
}
