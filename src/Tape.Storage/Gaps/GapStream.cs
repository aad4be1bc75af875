namespace Tape.Storage.Gaps;

/// <summary>A stream of the ledger.</summary>
/// <param name="Number">Its number there: 0, 1, 2… in the order in which the tape names streams.</param>
/// <param name="Key">The stream. Channel and symbol are empty for frames of a venue of which it can't be told what they were.</param>
/// <param name="BegunAt">When it was first known to be received, ns; <see cref="Absent.Integer"/> while it never was.</param>
/// <param name="Refusal">The venue's words when it last refused the stream; null when it never did.</param>
public sealed record GapStream(int Number, StreamKey Key, long BegunAt, string? Refusal = null);
