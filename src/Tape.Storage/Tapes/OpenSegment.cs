using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Tapes;

/// <summary>
/// The segment that is being written: blocks go to its end, and its index is collected on the way. Its header and name are durable before the first block,
/// which recovery relies on. On a full disk it stays in order; after any other failure nothing is known of the file, and its owner must stop. Not thread-safe.
/// </summary>
internal sealed class OpenSegment(TapeSegmentFile segment, IFileHandle file, long offset, long nextSeq, SegmentIndexBuilder index) : IDisposable
{
    private long _durableOffset = offset;

    /// <summary>Its name.</summary>
    public TapeSegmentFile Segment => segment;

    /// <summary>Its file.</summary>
    public IFileHandle File => file;

    /// <summary>Where the next block goes: the length of the file.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Number of the next record.</summary>
    public long NextSeq { get; private set; } = nextSeq;

    /// <summary>Bytes that are written and may not be durable.</summary>
    public long UnsyncedBytes => Offset - _durableOffset;

    /// <summary>Whether it holds no block.</summary>
    public bool IsEmpty => Offset <= SegmentHeader.Bytes;

    /// <summary>
    /// Whether the tape goes on in a new segment: this one is compressed, as when all later ones were lost, and never changes; or it is damaged, and stays as
    /// it is.
    /// </summary>
    public bool IsClosed => IsDamaged || file is CompressedSegment;

    /// <summary>Whether something in it is not what was written.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>The index of the blocks so far.</summary>
    public SegmentIndex Index => index.Finish(Offset);

    /// <summary>Begins a segment.</summary>
    /// <exception cref="DiskFullException">No room: no file is left.</exception>
    public static OpenSegment Begin(IFiles files, string folder, long tapeId, long firstSeq, TimeProvider time)
    {
        var segment = TapeSegmentFile.Of(folder, tapeId, firstSeq);
        var file = files.Open(segment.Path, FileUse.CreateNew);
        try
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Bytes];
            new SegmentHeader(tapeId, firstSeq, UnixNanos.From(time.GetUtcNow()).Value).Write(header);
            file.Write(0, header);
            file.Sync();
            files.SyncFolder(folder);
            return new(segment, file, SegmentHeader.Bytes, firstSeq, new(tapeId, firstSeq));
        }
        catch (Exception fault)
        {
            file.Dispose();
            if (fault is DiskFullException) files.Delete(segment.Path);
            throw;
        }
    }

    /// <summary>Writes the first blocks of those that wait, without making them durable.</summary>
    /// <exception cref="DiskFullException">Those that went to the file in whole are taken, as readers may have seen them and their numbers.</exception>
    public void Write(PendingBlocks blocks, int count)
    {
        var bytes = blocks.Seal(count, segment.TapeId, NextSeq, (int)UnsyncedBytes);
        try
        {
            file.Write(Offset, bytes);
        }
        catch (DiskFullException)
        {
            KeepWholeBlocks(blocks, bytes, count);
            throw;
        }
        Accept(blocks, count);
    }

    /// <summary>Makes durable what is written.</summary>
    /// <param name="other">A sync that was begun before and is not completed.</param>
    public void Sync(TapeSync? other)
    {
        MustNotFill(file.Sync);
        // Of two syncs of one file a system may tell only one that the disk failed.
        if (other is { HasRun: true } && other.Uses(file)) MustNotFill(other.ThrowIfFailed);
        _durableOffset = Offset;
    }

    /// <summary>Counts as durable what a sync of this or an earlier segment has made durable.</summary>
    public void Complete(TapeSync sync)
    {
        MustNotFill(sync.ThrowIfFailed);
        if (sync.Uses(file)) _durableOffset = Math.Max(_durableOffset, sync.ToOffset);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private void Accept(PendingBlocks blocks, int count)
    {
        for (var at = 0; at < count; at++)
        {
            var header = blocks.Header(at);
            index.Add(Offset, header);
            Offset += BlockHeader.Bytes + header.PayloadBytes;
            NextSeq = header.NextSeq;
        }
        blocks.Remove(count);
    }

    /// <summary>After a write that ran out of room: the torn block is cut.</summary>
    private void KeepWholeBlocks(PendingBlocks blocks, ReadOnlySpan<byte> bytes, int count)
    {
        var written = (int)Math.Clamp(file.Length - Offset, 0, bytes.Length);
        var check = new byte[written];
        var same = check.AsSpan(0, file.Read(Offset, check)).CommonPrefixLength(bytes);
        var whole = Math.Min(blocks.CountFitting(same), count);
        MustNotFill(() => file.SetLength(Offset + (whole == 0 ? 0 : blocks.EndOf(whole - 1))));
        Accept(blocks, whole);
    }

    /// <summary>A sync or a cut that runs out of room (network disks) is a failure like any other: nothing is known about what it left.</summary>
    private void MustNotFill(Action operation)
    {
        try
        {
            operation();
        }
        catch (DiskFullException fault)
        {
            throw new IOException($"{segment.Path}: the disk took the data and then had no room to make it durable", fault);
        }
    }
}
