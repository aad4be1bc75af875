using Tape.Derive.Gaps;
using Tape.Storage.Gaps;

namespace Tape.Query.Sanity;

/// <summary>Where the ids of a venue do not follow one another, as the gap ledger has it: what came late, or over another connection, is no jump.</summary>
public static class IdJumps
{
    /// <summary>Jumps that are listed; more are only counted per stream.</summary>
    public const int ListedMax = 1000;

    /// <summary>The listed jumps in the order of time, and how many each stream has with the ids left out.</summary>
    public static (IReadOnlyList<IdJump> Listed, IReadOnlyDictionary<StreamKey, (long Jumps, long Missing)> Counts) Find(GapReport report)
    {
        List<GapEntry> gaps = [.. report.Gaps.Where(gap => gap.IdFrom != Absent.Integer && !gap.Repaired).OrderBy(gap => gap.To)];
        var counts = gaps.GroupBy(gap => gap.Stream)
            .ToDictionary(group => report.Streams[group.Key].Stream.Key,
            group => (group.LongCount(), group.SaturatingSum(gap => gap.Missing == Absent.Integer ? 0 : gap.Missing)));
        return ([.. gaps.Take(ListedMax).Select(gap => Describe(report.Streams[gap.Stream].Stream.Key, gap))], counts);
    }

    private static IdJump Describe(StreamKey key, GapEntry gap) =>
        new(key.Venue, key.Symbol, key.Channel, gap.ConnAfter, gap.ConnBefore == gap.ConnAfter, new UnixNanos(gap.To), Saturating.Subtract(gap.IdFrom, 1),
            Saturating.Add(gap.IdTo, 1));
}
