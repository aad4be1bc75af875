namespace Tape.Storage.Tapes;

/// <summary>What opening a tape for writing cut off.</summary>
/// <param name="Segment">File name of the segment.</param>
/// <param name="CutAt">Byte offset from which on it was cut; 0 when the whole file held nothing and was deleted.</param>
/// <param name="CutBytes">How many bytes went.</param>
/// <param name="Found">What stood at that offset and what was expected.</param>
public sealed record TapeRecovery(string Segment, long CutAt, long CutBytes, string Found);
