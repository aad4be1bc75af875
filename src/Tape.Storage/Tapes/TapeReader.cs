using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Tapes;

/// <summary>
/// Reads a tape in order, from any process, also while it is written: at the present end it says so and goes on when called again after a commit.
/// Takes no lock and changes nothing. Only whole, checked blocks are given out; a half-written one is not there yet. What it gives may not be durable
/// yet (<see cref="TapeFolder.SyncThrough"/>), but keeps its number for as long as the machine stays up. Allocates nothing per record. Not thread-safe.
/// </summary>
public sealed class TapeReader : IDisposable
{
    private const int BeginTriesMax = 5;

    private readonly IFiles _files;
    private readonly string _folder;
    private readonly long _fromSeq;
    private TapeSegmentFile _segment;
    private TapeSegmentFile _next;
    private long _lastListed = -1;
    private IFileHandle? _file;
    private BlockReader? _block;
    private RecordCursor _cursor;
    private long _offset;
    private long _nextSeq;

    private TapeReader(IFiles files, string folder, long fromSeq) => (_files, _folder, _fromSeq) = (files, folder, fromSeq);

    /// <summary>
    /// Number of the record that the next read gives, once it is there. Before the first read of a tape whose beginning has expired, it may lie before what is
    /// left.
    /// </summary>
    public long NextSeq => Math.Max(_fromSeq, _cursor.Left > 0 ? _cursor.NextSeq : _nextSeq);

    /// <summary>The tape's id; 0 while the folder holds no segment.</summary>
    public long TapeId => _segment.TapeId;

    /// <summary>Opens a tape for reading; an absent or empty folder is a tape whose first record is not there yet.</summary>
    /// <param name="fromSeq">The first record to give; when it has expired, the first that is left is.</param>
    /// <exception cref="DamagedException">A segment's header is damaged, or the folder holds two tapes.</exception>
    public static TapeReader Open(IFiles files, string folder, long fromSeq = 0)
    {
        var reader = new TapeReader(files, folder, fromSeq);
        try
        {
            reader.TryBegin();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>The first record whose block may hold a time at or after the given one; the end of the tape when none does.</summary>
    /// <exception cref="DamagedException">A block header is damaged, so the search can't go past it.</exception>
    public static long SeekTime(IFiles files, string folder, UnixNanos time)
    {
        var nextSeq = 0L;
        foreach (var segment in TapeSegmentFile.List(files, folder))
        {
            var index = SegmentIndex.Load(files, segment);
            nextSeq = index?.NextSeq ?? segment.FirstSeq;
            var offset = index is null ? SegmentHeader.Bytes : index.BeforeTime(time.Value)?.Offset;
            if (offset is { } start && SegmentWalk.FirstReaching(files, segment, start, time.Value, ref nextSeq)) return nextSeq;
        }
        return nextSeq;
    }

    /// <summary>Reads the next record.</summary>
    /// <param name="record">Valid until the next call.</param>
    /// <returns>False at the present end; call again later to go on.</returns>
    /// <exception cref="DamagedException">Bytes that once were good are not any more, or a segment in the middle is missing.</exception>
    public bool TryRead(out TapeRecord record)
    {
        record = default;
        while (true)
        {
            while (_cursor.Left > 0)
            {
                if (_cursor.Read(_block!.Payload, out record) is { } fault) throw TapeDamageText.Exception(_segment.Path, _offset, fault);
                if (record.Seq >= _fromSeq) return true;
            }
            record = default;
            if (!TryNextBlock()) return false;
        }
    }

    public void Dispose() => _file?.Dispose();

    private bool TryNextBlock()
    {
        if (_file is null && !TryBegin()) return false;
        while (true)
        {
            if (TryTake(_block!.Read(_file!, _offset))) return true;
            if (_next.Path is null || _next.FirstSeq != _nextSeq) _next = _segment.Next(_nextSeq);
            if (_next == _segment || !_next.Exists(_files)) return TryTakeUnlessDamaged();
            // The next segment is made after the last block of this one is durable, so now this one shows all that it will ever hold.
            var outcome = _block.Read(_file!, _offset);
            if (TryTake(outcome)) return true;
            if (outcome != BlockOutcome.End) throw TapeDamageText.Exception(_segment.Path, _offset, _block.Found);
            if (!TryEnter(_next)) return false;
        }
    }

    private bool TryTake(BlockOutcome outcome)
    {
        if (outcome != BlockOutcome.Good) return false;
        ref readonly var header = ref _block!.Header;
        if (header.FirstSeq != _nextSeq)
            throw TapeDamageText.Exception(_segment.Path, _offset, $"a block that begins with record {header.FirstSeq}, expected {_nextSeq}");
        _cursor = new RecordCursor(header);
        _offset += BlockHeader.Bytes + header.PayloadBytes;
        _nextSeq = header.NextSeq;
        return true;
    }

    /// <summary>At the present end of the last segment: not there yet, unless something behind it proves that it once was.</summary>
    private bool TryTakeUnlessDamaged()
    {
        if (_lastListed > _segment.FirstSeq && TapeSegmentFile.List(_files, _folder) is [var first, ..] && first.FirstSeq > _nextSeq)
            throw new TapeException($"{_folder}: records {_nextSeq} to {first.FirstSeq - 1} expired while they were being read",
                "Read again from what is left.");
        // A segment that others follow is complete: what is bad in it is damage, and where it ends the next one should begin.
        if (_lastListed > _segment.FirstSeq && _block!.Read(_file!, _offset) == BlockOutcome.Bad)
            throw TapeDamageText.Exception(_segment.Path, _offset, _block.Found);
        if (_lastListed > _segment.FirstSeq)
            throw new DamagedException($"{_folder}: no segment that begins with record {_nextSeq}, expected one, as later segments are there",
                TapeDamageText.Hint);
        var outcome = _block!.Read(_file!, _offset);
        if (outcome != BlockOutcome.Bad) return TryTake(outcome);
        if (LaterCommit.Find(_file!, _offset, _segment.TapeId) < 0) return false;
        // The writer may have completed this very block while we searched; what came later proves that by now it is complete.
        outcome = _block.Read(_file!, _offset);
        return outcome == BlockOutcome.Bad ? throw TapeDamageText.Exception(_segment.Path, _offset, _block.Found) : TryTake(outcome);
    }

    private bool TryBegin()
    {
        for (var tries = 1; ; tries++)
        {
            var segments = TapeSegmentFile.List(_files, _folder);
            if (segments.Length == 0) return false;
            var first = segments[0];
            foreach (var segment in segments)
                if (segment.FirstSeq <= _fromSeq) first = segment;
            try
            {
                return TryEnter(first) && SkipToStart();
            }
            catch (FileNotFoundException) when (tries < BeginTriesMax)
            {
                // It expired between the listing and the opening; the next listing shows what is left.
            }
        }
    }

    /// <summary>Makes a segment the present one; false when its header is not there yet.</summary>
    private bool TryEnter(TapeSegmentFile segment)
    {
        if (OpenWhole(segment) is not { } file) return false;
        _file?.Dispose();
        (_file, _segment, _offset, _nextSeq) = (file, segment, SegmentHeader.Bytes, segment.FirstSeq);
        _block ??= new BlockReader(segment.TapeId);
        var segments = TapeSegmentFile.List(_files, _folder);
        _lastListed = segments.Length == 0 ? -1 : segments[^1].FirstSeq;
        return true;
    }

    /// <summary>Opens a segment with its header checked; null when that is not there yet.</summary>
    private IFileHandle? OpenWhole(TapeSegmentFile segment)
    {
        var file = segment.Open(_files);
        try
        {
            var fault = segment.CheckHeader(file);
            if (fault is null) return file;
            if (file.Length > SegmentHeader.Bytes) throw TapeDamageText.Exception(segment.Path, 0, fault);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Jumps near the first wanted record by index and headers; the rest is skipped while reading.</summary>
    private bool SkipToStart()
    {
        if (_fromSeq <= _segment.FirstSeq) return true;
        if (SegmentIndex.Load(_files, _segment) is { } index)
            (_offset, _nextSeq, _) = index.BeforeSeq(_fromSeq);
        while (_block!.ReadHeader(_file!, _offset) == BlockOutcome.Good && _block.Header.FirstSeq == _nextSeq && _block.Header.NextSeq <= _fromSeq
            && _offset + BlockHeader.Bytes + _block.Header.PayloadBytes <= _file!.Length)
        {
            _offset += BlockHeader.Bytes + _block.Header.PayloadBytes;
            _nextSeq = _block.Header.NextSeq;
        }
        return true;
    }
}
