namespace Tape.Simulator.Replay;

/// <summary>A recorded tape to serve instead of a market.</summary>
/// <param name="TapeFolder">Its folder; it may be recorded at the same time.</param>
/// <param name="Speed">How many times faster than it was recorded, above 0; null as fast as the readers take it.</param>
/// <param name="FromSeq">The first record to look at.</param>
/// <param name="AfterStreams">It does not begin before so many streams are listened to at once.</param>
public sealed record ReplayOptions(string TapeFolder, double? Speed = 1, long FromSeq = 0, int AfterStreams = 1);
