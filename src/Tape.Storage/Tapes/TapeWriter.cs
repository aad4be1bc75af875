using Tape.Storage.Journal;
using Tape.Storage.Tapes.Format;
using Tape.Storage.Tapes.Notes;

namespace Tape.Storage.Tapes;

/// <summary>
/// The one writer of a tape. Records are appended to memory, written to the file in order by <see cref="Write"/>, and made durable by a sync:
/// at once by <see cref="Commit"/>, or beside further writing by <see cref="BeginSync"/> and <see cref="CompleteSync"/>.
/// Not thread-safe: one thread at a time; only <see cref="TapeSync.Run"/> may run on another.
/// Invariant, in records: <see cref="SyncedSeq"/> &lt;= <see cref="NextSeq"/>; every record below the first is on the disk for good, every one below the
/// second is written, so it outlives this process but not the machine.
/// Failure policy: a full disk loses nothing and breaks nothing, what waits keeps waiting; any other failure leaves the file in an unknown state,
/// so the writer is broken from then on and says so, and opening again recovers. Disposing does not commit.
/// </summary>
public sealed class TapeWriter : IDisposable
{
    /// <summary>Bytes of the longest payload: 64 MiB.</summary>
    public const int RecordBytesMax = TapeFormat.RecordBytesMax;

    /// <summary>Bytes of the longest note that <see cref="TryWriteReserved"/> takes: 4 KiB, so that the reserve holds several.</summary>
    public const int ReservedNoteBytesMax = 4096;

    /// <summary>
    /// Bytes that are written ahead of the last sync at most, so that a block header can say how far back that is; beyond it writing syncs by itself.
    /// </summary>
    private const long UnsyncedBytesMax = 1 << 30;

    private readonly IFiles _files;
    private readonly string _folder;
    private readonly TapeOptions _options;
    private readonly TimeProvider _time;
    private readonly OwnerLock _lock;
    private readonly PendingBlocks _pending;
    private readonly TapeReserve _reserve;
    private readonly SegmentIndexes _indexes;
    private OpenSegment _segment;
    private TapeSync? _running;
    private OpenSegment? _retired;
    private Exception? _failure;

    private TapeWriter(IFiles files, string folder, TapeOptions options, TimeProvider time, Random chance, OwnerLock held)
    {
        (_files, _folder, _options, _time, _lock) = (files, folder, options, time, held);
        _pending = new(options.BlockBytesMax, 2 * options.PendingBytesMax);
        _reserve = new(files, folder, options.ReserveBytes, time, chance);
        _indexes = new(files);
        var tail = TailRecovery.Run(files, folder, out var cut);
        Recovery = cut;
        TapeId = tail?.Segment.TapeId ?? chance.NextInt64(1, long.MaxValue);
        _segment = tail ?? OpenSegment.Begin(files, folder, TapeId, 0, time);
        SyncedSeq = NextSeq;
        if (_segment.IsClosed) Roll();
        if (cut is { CutBytes: > 0 } && NextSeq < options.SealedTo) SkipSealed(cut);
    }

    /// <summary>The tape's random id; the same in every later opening.</summary>
    public long TapeId { get; }

    /// <summary>Number of the next record to be written. Records that wait have no number yet.</summary>
    public long NextSeq => _segment.NextSeq;

    /// <summary>All records below this number are durable.</summary>
    public long SyncedSeq { get; private set; }

    /// <summary>Bytes that wait to be written.</summary>
    public long PendingBytes => _pending.TotalBytes;

    /// <summary>Whether a failure made this writer useless; dispose it and open again.</summary>
    public bool IsBroken => _failure is not null;

    /// <summary>
    /// Whether the file that is being written is there under its name. When not, the disk or the folder went away, and what is written may be lost although no
    /// write fails.
    /// </summary>
    public bool IsInPlace => _files.FileExists(_segment.Segment.Path);

    /// <summary>What opening cut off; null when the tape ended in order.</summary>
    public TapeRecovery? Recovery { get; private set; }

    /// <summary>
    /// Takes the lock, recovers, and makes the first segment of a new tape. After a cut the first record is a <see cref="RecoveredNote"/>,
    /// committed before this returns unless the disk is full, in which case it waits.
    /// </summary>
    /// <param name="folder">Absolute path; created when absent, with its parents; its name and that of the folder around it are durable when this
    /// returns.</param>
    /// <param name="chance">Gives a new tape its id; seed it from the system's secure random numbers.</param>
    /// <param name="owner">Whom to name to those who find the lock taken.</param>
    /// <exception cref="OwnedElsewhereException">Another writer holds the tape.</exception>
    /// <exception cref="DamagedException">The last segment holds no whole block, and is no empty one: nothing tells where the tape goes on. Nothing was
    /// changed. Where blocks are whole, the tape goes on behind them in a new segment.</exception>
    /// <exception cref="DiskFullException">There is no room even for an empty tape.</exception>
    public static TapeWriter Open(IFiles files, string folder, TapeOptions options, TimeProvider time, Random chance, OwnerInfo owner)
    {
        Check(options);
        folder = Path.TrimEndingDirectorySeparator(folder);
        CreateDurably(files, folder);
        var held = OwnerLock.Take(files, folder, options.Holds, owner);
        TapeWriter? writer = null;
        try
        {
            writer = new TapeWriter(files, folder, options, time, chance, held);
            writer.CompleteOpening();
            return writer;
        }
        catch
        {
            writer?._segment.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Copies a record to those that wait. Does no I/O, except that a record beyond <see cref="TapeOptions.PendingBytesMax"/> writes the waiting ones first.
    /// </summary>
    /// <param name="connection">The connection, unique on the tape, or 0.</param>
    /// <param name="time">Our clock; need not rise between connections.</param>
    /// <param name="payload">0 bytes to <see cref="RecordBytesMax"/>.</param>
    /// <exception cref="DiskFullException">No room to write what waits: this record was not taken.</exception>
    /// <exception cref="WriterBrokenException">An earlier write failed; open the tape again.</exception>
    public void Append(RecordKind kind, long connection, UnixNanos time, ReadOnlySpan<byte> payload)
    {
        ThrowIfBroken();
        if (payload.Length > RecordBytesMax)
            throw new ArgumentOutOfRangeException(nameof(payload), payload.Length, $"A record holds at most {RecordBytesMax} bytes.");
        if (_pending.TotalBytes > 0 && (long)_pending.TotalBytes + payload.Length > _options.PendingBytesMax) Write();
        _pending.Add(kind, connection, time.Value, payload);
    }

    /// <summary>Writes all records that wait to the file, without making them durable: they outlive this process, not the machine.</summary>
    /// <exception cref="DiskFullException">Some or none were written (<see cref="NextSeq"/> tells), the rest still waits; call again later.</exception>
    /// <exception cref="WriterBrokenException">A write failed; what was appended since the last sync may or may not be on the tape.</exception>
    public void Write()
    {
        ThrowIfBroken();
        _pending.Close();
        try
        {
            while (_pending.ClosedCount > 0) WriteRun();
        }
        catch (Exception fault) when (fault is not DiskFullException)
        {
            throw Break(fault);
        }
    }

    /// <summary>Writes and syncs all records that wait. When it returns, everything appended is durable.</summary>
    /// <exception cref="DiskFullException">Some or none were written (<see cref="NextSeq"/> tells), the rest still waits; call again later.</exception>
    /// <exception cref="WriterBrokenException">A write failed; what was appended since the last sync may or may not be on the tape.</exception>
    public void Commit()
    {
        Write();
        try
        {
            SyncNow();
            _reserve.Ensure();
        }
        catch (Exception fault)
        {
            throw Break(fault);
        }
    }

    /// <summary>
    /// Begins to make durable what is written by now. The caller lets <see cref="TapeSync.Run"/> do the work on any thread, may append and write meanwhile, and
    /// gives it back to <see cref="CompleteSync"/>. One at a time; it must have run before the writer is disposed.
    /// </summary>
    /// <returns>Null when everything written is durable.</returns>
    /// <exception cref="WriterBrokenException">An earlier write failed; open the tape again.</exception>
    public TapeSync? BeginSync()
    {
        ThrowIfBroken();
        if (_running is not null) throw new InvalidOperationException("A sync of this tape was begun while another is not completed.");
        return SyncedSeq == NextSeq ? null : _running = new TapeSync(_segment.File, _segment.Offset, NextSeq);
    }

    /// <summary>Counts as durable what a sync that has run made durable.</summary>
    /// <exception cref="WriterBrokenException">The sync failed; what was written since the one before may or may not be on the tape.</exception>
    public void CompleteSync(TapeSync sync)
    {
        if (sync != _running) throw new ArgumentException("Not the sync that this writer began.", nameof(sync));
        _running = null;
        _retired?.Dispose();
        _retired = null;
        ThrowIfBroken();
        try
        {
            _segment.Complete(sync);
            SyncedSeq = Math.Max(SyncedSeq, sync.ToSeqExcl);
            _reserve.Ensure();
        }
        catch (Exception fault)
        {
            throw Break(fault);
        }
    }

    /// <summary>
    /// On a full disk, writes a note ahead of all that waits, into room that was kept free for it. Several notes fit; the room is taken again by itself
    /// after a later commit finds plenty.
    /// </summary>
    /// <param name="notePayload">A note's JSON, at most <see cref="ReservedNoteBytesMax"/> bytes.</param>
    /// <returns>Whether the note is durable. False: even the reserve is used up, or someone else was faster.</returns>
    /// <exception cref="WriterBrokenException">The write failed for another reason than room.</exception>
    public bool TryWriteReserved(UnixNanos time, ReadOnlySpan<byte> notePayload)
    {
        ThrowIfBroken();
        if (notePayload.Length > ReservedNoteBytesMax)
            throw new ArgumentOutOfRangeException(nameof(notePayload), notePayload.Length, $"At most {ReservedNoteBytesMax} bytes.");
        var note = new PendingBlocks(_options.BlockBytesMax, int.MaxValue);
        note.Add(RecordKind.Note, 0, time.Value, notePayload);
        note.Close();
        try
        {
            _reserve.Free();
            WriteBlocks(note, 1);
            SyncNow();
            return true;
        }
        catch (DiskFullException)
        {
            return false;
        }
        catch (Exception fault)
        {
            throw Break(fault);
        }
    }

    /// <summary>Closes the file and frees the lock. What was not committed is not written.</summary>
    public void Dispose()
    {
        _segment.Dispose();
        _retired?.Dispose();
        _lock.Dispose();
    }

    private void CompleteOpening()
    {
        _indexes.BuildMissing(_folder, except: _segment.Segment);
        if (Recovery is { } cut)
            Append(RecordKind.Note, 0, UnixNanos.From(_time.GetUtcNow()), new RecoveredNote(cut.Segment, cut.CutAt, cut.CutBytes, cut.Found).ToJson());
        try
        {
            Commit();
            _reserve.Ensure();
        }
        catch (DiskFullException)
        {
            // The note waits as any record does; whoever appends next will meet the full disk and deal with it.
        }
    }

    /// <summary>Writes the waiting blocks that go to one segment; a new segment first when none fits into the present one.</summary>
    private void WriteRun()
    {
        var count = _pending.CountFitting(_options.SegmentBytesMax - _segment.Offset);
        if (count == 0 && !_segment.IsEmpty)
        {
            Roll();
            count = _pending.CountFitting(_options.SegmentBytesMax - _segment.Offset);
        }
        WriteBlocks(_pending, Math.Max(count, 1));
    }

    private void WriteBlocks(PendingBlocks blocks, int count)
    {
        if (_segment.UnsyncedBytes > UnsyncedBytesMax) SyncNow();
        _segment.Write(blocks, count);
    }

    /// <summary>Makes durable what is written. Any failure here leaves an unknown state: the callers break the writer.</summary>
    private void SyncNow()
    {
        if (SyncedSeq == NextSeq) return;
        _segment.Sync(_running);
        SyncedSeq = NextSeq;
    }

    /// <summary>
    /// Finishes the segment, which is durable before there is another, and begins the next. On a full disk the old one stays the present one.
    /// </summary>
    private void Roll()
    {
        SyncNow();
        var finished = _segment;
        _segment = OpenSegment.Begin(_files, _folder, TapeId, NextSeq, _time);
        if (_running?.Uses(finished.File) == true) _retired = finished;
        else finished.Dispose();
        // An index that begins behind a bad place would lead readers past it without a word.
        if (!finished.IsDamaged) _indexes.Save(finished.Index, finished.Segment);
    }

    /// <summary>What recovery cut was sealed: new records under these numbers would count as sealed, and never become rows.</summary>
    private void SkipSealed(TapeRecovery cut)
    {
        Recovery = cut with { Found = $"{cut.Found}; records {NextSeq} to {_options.SealedTo - 1} are sealed and lost from the tape: it goes on behind them" };
        var finished = _segment;
        _segment = OpenSegment.Begin(_files, _folder, TapeId, _options.SealedTo, _time);
        SyncedSeq = NextSeq;
        finished.Dispose();
        _indexes.Save(finished.Index, finished.Segment);
    }

    private Exception Break(Exception fault)
    {
        _failure = fault;
        return fault is IOException or UnauthorizedAccessException
            ? new WriterBrokenException($"{_segment.Segment.Path}: writing failed at byte {_segment.Offset}: {fault.Message}", fault) : fault;
    }

    private void ThrowIfBroken()
    {
        if (_failure is not null) throw new WriterBrokenException($"{_segment.Segment.Path}: an earlier write failed: {_failure.Message}", _failure);
    }

    private static void Check(TapeOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SegmentBytesMax, SegmentHeader.Bytes + BlockHeader.Bytes + 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.BlockBytesMax, Math.Clamp(options.BlockBytesMax, 1, RecordBytesMax));
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.PendingBytesMax, Math.Clamp(options.PendingBytesMax, 1, 512 << 20));
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.ReserveBytes, Math.Clamp(options.ReserveBytes, 16 << 10, 64 << 20));
    }

    private static void CreateDurably(IFiles files, string folder)
    {
        var parent = Path.GetDirectoryName(folder);
        var isNewVault = parent is not null && files.ListFolders(parent).Count == 0;
        files.CreateFolder(folder, isPrivate: true);
        if (parent is not null) files.SyncFolder(parent);
        if (isNewVault && Path.GetDirectoryName(parent) is { } grandparent) files.SyncFolder(grandparent);
    }
}
