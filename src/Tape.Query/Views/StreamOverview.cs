using Tape.Derive.Gaps;
using Tape.Query.Snapshots;
using Tape.Storage.Gaps;
using Tape.Storage.Seals;

namespace Tape.Query.Views;

/// <summary>A stream: what it brought, what it lacks, and how it stands.</summary>
/// <param name="Brought">Frames, rows, first and last frame, drops.</param>
/// <param name="State">Whether it is received now; null when the ledger does not know the stream, as for those that were not asked for.</param>
/// <param name="Covered">The part of its time in which it was provably received, 0 to 1; null before it began.</param>
/// <param name="Gaps">Gaps, those that were repaired left out.</param>
/// <param name="Missing">Ids that are missing, where they can be counted.</param>
public sealed record StreamLine(StreamKey Key, StreamStatistics Brought, StreamCover? State, double? Covered, long Gaps, long Missing, long Duplicates,
    long Reorders, long Overlaps);

/// <summary>Puts together what the seals, the ledger and the tail of the tape say about each stream.</summary>
public static class StreamOverview
{
    /// <summary>All streams, by venue, channel and symbol.</summary>
    /// <exception cref="TapeException">The vault can't be read.</exception>
    public static IReadOnlyList<StreamLine> Read(IFiles files, string vault)
    {
        var snapshot = TapeSnapshot.Take(files, vault, default);
        var report = snapshot.Gaps!();
        var brought = snapshot.Streams.ToDictionary(stream => new StreamKey(stream.Exchange, stream.Channel, stream.Symbol));
        var standings = report.Streams.ToDictionary(standing => standing.Stream.Key);
        var gaps = report.Gaps.Where(gap => !gap.Repaired).ToLookup(gap => gap.Stream);
        return
        [
            .. brought.Keys.Union(standings.Keys)
                .Select(key => Line(key, brought.GetValueOrDefault(key), standings.GetValueOrDefault(key), gaps, report.Now))
                .OrderBy(line => line.Key.Venue, StringComparer.Ordinal).ThenBy(line => line.Key.Channel, StringComparer.Ordinal)
                    .ThenBy(line => line.Key.Symbol, StringComparer.Ordinal),
        ];
    }

    private static StreamLine Line(StreamKey key, StreamStatistics? brought, StreamGapStatus? standing, ILookup<int, GapEntry> gaps, long now)
    {
        brought ??= new StreamStatistics(key.Venue, key.Channel, key.Symbol, 0, 0, null, null, 0);
        if (standing is null) return new(key, brought, null, null, 0, 0, 0, 0, 0);
        List<GapEntry> own = [.. gaps[standing.Stream.Number]];
        var missing = own.Where(gap => gap.Missing != Absent.Integer).SaturatingSum(gap => gap.Missing);
        return new(key, brought, key.Channel.Length == 0 ? null : standing.State, Share(standing.Stream, own, now), own.Count, missing, standing.Duplicates,
            standing.Reorders, standing.Overlaps);
    }

    private static double? Share(GapStream stream, List<GapEntry> gaps, long now)
    {
        if (stream.BegunAt == Absent.Integer || now <= stream.BegunAt) return null;
        return Coverage.Of(stream, gaps, now).Sum(span => (double)span.To - span.From) / ((double)now - stream.BegunAt);
    }
}
