using Tape.Storage.Gaps;

namespace Tape.Derive.Gaps;

/// <summary>A time in which a stream was provably being received. Times are ours, ns.</summary>
/// <param name="Stream">Number of the stream.</param>
public readonly record struct CoverageSpan(int Stream, long From, long To);

/// <summary>Coverage is what is left of a stream's time without its gaps: from when it was first received to where the tape ends. Pure.</summary>
public static class Coverage
{
    /// <summary>The spans of all streams, by stream and time. A gap that was repaired leaves none.</summary>
    public static IReadOnlyList<CoverageSpan> Of(GapReport report)
    {
        var spans = new List<CoverageSpan>();
        var gaps = report.Gaps.Where(gap => !gap.Repaired).ToLookup(gap => gap.Stream);
        foreach (var stream in report.Streams.Select(standing => standing.Stream).Where(stream => stream.BegunAt != Absent.Integer))
            spans.AddRange(Of(stream, gaps[stream.Number], report.Now));
        return spans;
    }

    /// <summary>The spans of one stream.</summary>
    /// <param name="gaps">Its gaps, in any order; they may overlap.</param>
    /// <param name="now">Where time ends.</param>
    public static IEnumerable<CoverageSpan> Of(GapStream stream, IEnumerable<GapEntry> gaps, long now)
    {
        var from = stream.BegunAt;
        foreach (var gap in gaps.OrderBy(gap => gap.From))
        {
            var to = gap.IsOpen ? now : gap.To;
            if (to <= gap.From && !gap.IsOpen) continue;
            if (gap.From > from) yield return new(stream.Number, from, gap.From);
            from = Math.Max(from, to);
        }

        if (now > from) yield return new(stream.Number, from, now);
    }
}
