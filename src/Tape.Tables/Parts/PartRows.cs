namespace Tape.Tables.Parts;

/// <summary>Rows of a buffer that make one part: one venue, one UTC day of ts_recv. Valid until the buffer is cleared.</summary>
/// <param name="Venue">The venue's name.</param>
/// <param name="Day">UTC day of ts_recv.</param>
/// <param name="Rows">0-based rows of the buffer, sorted by (symbol in byte order, tape_seq, idx).</param>
/// <param name="ReceivedMin">Earliest ts_recv, nanoseconds since the epoch.</param>
/// <param name="ReceivedMax">Latest ts_recv.</param>
public sealed record PartRows(string Venue, DateOnly Day, int[] Rows, long ReceivedMin, long ReceivedMax);
