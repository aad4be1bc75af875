namespace Tape.Tables.Rows;

/// <summary>Where the events of a frame come from: the part of a row that the tape knows.</summary>
/// <param name="Exchange">The venue's name: <c>binance</c>.</param>
/// <param name="ReceivedAt">Our receive time, nanoseconds since the epoch.</param>
/// <param name="Connection">The connection's number on the tape.</param>
/// <param name="TapeSeq">The record's number on the tape.</param>
public readonly record struct RowOrigin(string Exchange, long ReceivedAt, long Connection, long TapeSeq);
