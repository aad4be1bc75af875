namespace Tape.Storage.Gaps;

/// <summary>What was established over a range of the tape.</summary>
/// <param name="NextSeq">The record behind the range.</param>
/// <param name="Streams">Streams that are new, have begun, or were refused.</param>
/// <param name="Gaps">Holes, in the order in which they were established.</param>
/// <param name="State">The tracker's state behind the range, opaque here.</param>
public sealed record GapBatch(long NextSeq, IReadOnlyList<GapStream> Streams, IReadOnlyList<GapEntry> Gaps, string State);
