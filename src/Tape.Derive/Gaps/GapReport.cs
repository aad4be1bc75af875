using Tape.Storage.Gaps;

namespace Tape.Derive.Gaps;

/// <summary>All that is known of gaps at one place of the tape: the ledger, and what the tape behind it establishes.</summary>
/// <param name="Streams">The streams, by number.</param>
/// <param name="Gaps">Their gaps in the order in which they were established; open ones, and ids that may still come, at the end.</param>
/// <param name="NextSeq">The record behind what was looked at.</param>
/// <param name="Now">The latest tick or data frame, ns; <see cref="Absent.Integer"/> for an empty tape. Time ends here: nothing is known of later.</param>
public sealed record GapReport(IReadOnlyList<StreamGapStatus> Streams, IReadOnlyList<GapEntry> Gaps, long NextSeq, long Now);

/// <summary>How a stream stands.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="State">Whether it is received now.</param>
/// <param name="Duplicates">Frames that came twice over one connection, by their ids.</param>
/// <param name="Reorders">Frames that came behind later ones.</param>
/// <param name="Overlaps">Frames that another connection had delivered already, or delivers beside.</param>
/// <param name="Resets">How often the venue began to number anew.</param>
public sealed record StreamGapStatus(GapStream Stream, StreamCover State, long Duplicates, long Reorders, long Overlaps, long Resets);

/// <summary>Whether a stream is known to be received.</summary>
public enum StreamCover
{
    /// <summary>It is.</summary>
    Covered,

    /// <summary>A connection carries it, and nothing proves that it delivers.</summary>
    Unproven,

    /// <summary>No connection carries it.</summary>
    Down,
}
