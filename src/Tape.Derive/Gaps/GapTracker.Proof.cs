namespace Tape.Derive.Gaps;

/// <summary>What the tracker knows of a stream while it goes, for those who derive beside it.</summary>
public sealed partial class GapTracker
{
    /// <summary>The stream of an entry.</summary>
    public StreamKey KeyOf(int stream) => _streams[stream].Key;

    /// <summary>Since when a stream was received, and from when on that is not sure at present.</summary>
    public StreamDoubt DoubtOf(StreamKey key)
    {
        if (!_byKey.TryGetValue(key, out var stream)) return StreamDoubt.Unknown;
        var from = stream.Open?.From ?? Absent.Integer;
        foreach (var gap in stream.Gaps)
            if (gap.Whole is null && (from == Absent.Integer || gap.From < from)) from = gap.From;
        return new(stream.BegunAt, from);
    }
}
