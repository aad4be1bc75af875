namespace Tape.Storage.Tapes.Format;

/// <summary>Collects a segment's index while its blocks are written or walked.</summary>
internal sealed class SegmentIndexBuilder(long tapeId, long firstSeq)
{
    private const long EntryEveryBytes = 1 << 20;
    private readonly List<IndexEntry> _entries = [];
    private long? _nextSeq;
    private long _firstTime;
    private long _minTime = long.MaxValue;
    private long _maxTime = long.MinValue;

    /// <summary>Takes the next block.</summary>
    public void Add(long offset, in BlockHeader header)
    {
        if (_entries.Count == 0) _firstTime = header.FirstTime;
        _minTime = Math.Min(_minTime, header.MinTime);
        _maxTime = Math.Max(_maxTime, header.MaxTime);
        if (_entries.Count == 0 || offset - _entries[^1].Offset >= EntryEveryBytes) _entries.Add(new(offset, header.FirstSeq, _maxTime));
        else _entries[^1] = _entries[^1] with { MaxTime = _maxTime };
        _nextSeq = header.NextSeq;
    }

    /// <summary>The index of the blocks so far.</summary>
    /// <param name="segmentBytes">Length of the segment file.</param>
    public SegmentIndex Finish(long segmentBytes) => new(tapeId, firstSeq, _nextSeq ?? firstSeq, segmentBytes, _firstTime, _minTime, _maxTime, [.. _entries]);
}
