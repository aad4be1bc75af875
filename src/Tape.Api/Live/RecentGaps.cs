using Tape.Derive.Gaps;
using Tape.Storage.Gaps;

namespace Tape.Api.Live;

/// <summary>Gaps of the last quarter of an hour that are faults: not our own stops, and not those that were filled afterwards.</summary>
/// <param name="AsOf">The moment on the tape up to which the ledger was looked at; null for an empty tape.</param>
/// <param name="Open">Streams of which nothing is received now, by connections and silence.</param>
/// <param name="Begun">Gaps that began within the time, by the minute in which they did (its beginning, ns since the epoch).</param>
/// <param name="Worst">Streams with <see cref="ManyOfOne"/> gaps or more, the worst first.</param>
public sealed record RecentGaps(UnixNanos? AsOf, int Open, IReadOnlyDictionary<long, int> Begun, IReadOnlyList<(StreamKey Stream, int Count)> Worst)
{
    /// <summary>This many gaps of one stream in a quarter of an hour are a high rate.</summary>
    public const int ManyOfOne = 5;

    /// <summary>How far back it looks.</summary>
    public static readonly TimeSpan LooksBack = TimeSpan.FromMinutes(15);

    private const long MinuteNanos = 60 * UnixNanos.PerSecond;

    /// <summary>Gaps that began within the time.</summary>
    public int Count => Begun.Values.Sum();

    /// <summary>Sums a report up.</summary>
    public static RecentGaps Of(GapReport report)
    {
        if (report.Now == Absent.Integer) return new(null, 0, new Dictionary<long, int>(), []);
        var from = new UnixNanos(report.Now).Add(-LooksBack).Value;
        var keys = report.Streams.ToDictionary(standing => standing.Stream.Number, standing => standing.Stream.Key);
        List<GapEntry> unwanted = [.. report.Gaps.Where(gap => !gap.Repaired && gap.Cause is not (GapCause.OurStop or GapCause.Unsubscribed))];
        List<GapEntry> recent = [.. unwanted.Where(gap => gap.From >= from)];
        return new(
            new UnixNanos(report.Now), unwanted.Where(gap => gap.IsOpen).Select(gap => gap.Stream).Distinct().Count(),
            recent.GroupBy(gap => gap.From - gap.From % MinuteNanos).ToDictionary(minute => minute.Key, minute => minute.Count()),
            [.. recent.GroupBy(gap => gap.Stream).Select(stream => (keys[stream.Key], stream.Count())).Where(stream => stream.Item2 >= ManyOfOne)
                .OrderByDescending(stream => stream.Item2)]);
    }
}
