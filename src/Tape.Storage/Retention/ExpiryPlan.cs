using Tape.Storage.Tapes;

namespace Tape.Storage.Retention;

/// <summary>A segment that is due.</summary>
/// <param name="Why">The rule: <c>age</c> or <c>size</c>.</param>
/// <param name="Obstacle">Why it must stay all the same; null when it may be verified and then deleted.</param>
public sealed record ExpiryStep(SegmentInfo Segment, string Why, string? Obstacle);

/// <summary>Which segments of a tape are due, by the rules alone. Pure.</summary>
public static class ExpiryPlan
{
    /// <summary>
    /// The due segments, oldest first, up to the first one that must stay: the tape loses its beginning and never gets holes. Age is counted from the latest
    /// record of the newest finished segment or from now, whichever is earlier, so that nothing expires only because nobody recorded for a while, or because
    /// the clock ran ahead for a moment.
    /// </summary>
    /// <param name="segments">The tape's segments in order; the last one, which may still be written, is never due.</param>
    /// <param name="sealedTo">Number after the last sealed record.</param>
    public static IReadOnlyList<ExpiryStep> Make(IReadOnlyList<SegmentInfo> segments, ExpiryRules rules, UnixNanos now, long sealedTo)
    {
        var steps = new List<ExpiryStep>();
        var newest = segments.Where(segment => segment is { IsFinished: true, MaxTime: not null }).Select(segment => segment.MaxTime!.Value.Value)
            .DefaultIfEmpty(now.Value).Max();
        var oldestKept = new UnixNanos(Math.Min(now.Value, newest)).Add(-rules.Keep);
        var stored = segments.Sum(segment => segment.StoredBytes);
        foreach (var segment in segments)
        {
            var why = segment.MaxTime is { } last && last < oldestKept ? "age" : stored > rules.KeepBytes ? "size" : null;
            if (why is null || !segment.IsFinished) break;
            var obstacle = IsSealedBehind(segment, sealedTo) ? null : $"it is sealed only up to record {sealedTo}, and it reaches to {segment.NextSeq}";
            steps.Add(new(segment, why, obstacle));
            if (obstacle is not null) break;
            stored -= segment.StoredBytes;
        }
        return steps;
    }

    /// <summary>Whether a record behind the segment is sealed. That record is durable, so no recovery will ever come back to this segment.</summary>
    internal static bool IsSealedBehind(SegmentInfo segment, long sealedTo) => segment.IsFinished && sealedTo > segment.NextSeq;
}
