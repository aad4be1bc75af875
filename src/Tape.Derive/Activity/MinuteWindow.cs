namespace Tape.Derive.Activity;

/// <summary>Counts of the last minutes, with what the streams had brought at the beginning of each. Not thread-safe.</summary>
internal sealed class MinuteWindow
{
    /// <summary>Minutes that are kept beside the present one.</summary>
    public const int Kept = 15;

    private const long MinuteNanos = 60 * UnixNanos.PerSecond;

    private readonly Queue<Mark> _over = new();
    private Mark _now = new(0, []);

    /// <summary>The present minute.</summary>
    public Mark Now => _now;

    /// <summary>The oldest minute that is kept.</summary>
    public Mark Oldest => _over.TryPeek(out var oldest) ? oldest : _now;

    /// <summary>A tick tells the time: the minute may be over, also when the clock was set back.</summary>
    /// <param name="streams">What the streams brought until now; asked only when a minute begins.</param>
    public void Tick(UnixNanos wall, Func<Dictionary<StreamKey, (long Frames, long Dropped)>> streams)
    {
        var start = wall.Value - wall.Value % MinuteNanos;
        if (start == _now.Start) return;
        if (_now.Start == 0)
        {
            _now.Start = start;
            return;
        }

        _over.Enqueue(_now);
        if (_over.Count > Kept) _over.Dequeue();
        _now = new Mark(start, streams());
    }

    /// <summary>All minutes, the oldest first.</summary>
    public IReadOnlyList<ActivityMinute> Minutes() =>
        [.. _over.Append(_now).Where(mark => mark.Start != 0)
        .Select(mark => new ActivityMinute(new UnixNanos(mark.Start), mark.Frames, mark.FrameBytes, mark.Dropped, mark.Interruptions))];

    /// <summary>One minute.</summary>
    internal sealed class Mark(long start, Dictionary<StreamKey, (long Frames, long Dropped)> before)
    {
        public long Start { get; set; } = start;

        public long Frames { get; set; }

        public long FrameBytes { get; set; }

        public long Dropped { get; set; }

        public int Interruptions { get; set; }

        /// <summary>What a stream had brought when the minute began.</summary>
        public (long Frames, long Dropped) Before(StreamKey stream) => before.GetValueOrDefault(stream);
    }
}
