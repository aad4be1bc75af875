using Tape.Storage.Gaps;

namespace Tape.Derive.Gaps;

/// <summary>What the tracker shows of its present.</summary>
public sealed partial class GapTracker
{
    /// <summary>How the streams stand after the last record, by number.</summary>
    public IReadOnlyList<StreamGapStatus> Standings =>
    [
        .. _streams.Select(stream => new StreamGapStatus(Describe(stream), CoverOf(stream), stream.Duplicates, stream.Reorders, stream.Overlaps,
            stream.Resets)),
    ];

    /// <summary>Gaps that have no end yet, and ids that were passed over and may still come.</summary>
    public IEnumerable<GapEntry> Unsettled()
    {
        foreach (var stream in _streams)
        {
            foreach (var gap in stream.Gaps)
                if (gap.Whole is null) yield return gap.Entry(stream.Number, stream.Rule.Counts, repaired: false, NextSeq);
            if (stream.Open is { } open && IsShown(stream, open))
                yield return open.Entry(stream.Number, open.Cause, Absent.Integer, 0, Absent.Integer, NextSeq);
        }
    }

    /// <summary>A stream that was never received is missing once its time is over.</summary>
    private bool IsShown(TrackedStream stream, OpenGap open) =>
        !open.IsFirst || open.Cause == GapCause.Refused || _steady - open.Steady > Nanos(stream.Rule.FirstDataWithin ?? AcknowledgedWithin);

    private static StreamCover CoverOf(TrackedStream stream) =>
        stream.Carriers.Count == 0 ? StreamCover.Down : stream.Open is null && stream.IsLive ? StreamCover.Covered : StreamCover.Unproven;
}
