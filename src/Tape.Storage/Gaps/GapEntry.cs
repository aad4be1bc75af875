namespace Tape.Storage.Gaps;

/// <summary>A hole in a stream. <see cref="Absent.Integer"/> stands for what is not known. Times are ours, in nanoseconds since the epoch.</summary>
/// <param name="Stream">Number of the stream in the ledger (<see cref="GapStream"/>).</param>
/// <param name="From">What came before it was received then, or the stream was last known to be received.</param>
/// <param name="To">What came after it was received then, or the stream was known to be received again; absent while it lasts.</param>
/// <param name="IdFrom">The lowest id that is missing; absent where ids prove nothing.</param>
/// <param name="IdTo">The highest id that is missing.</param>
/// <param name="Missing">How many ids are missing; absent where they can't be counted.</param>
/// <param name="Repaired">All of them came after all, later than an out-of-order frame does: they are in the tables.</param>
/// <param name="ConnBefore">The connection before it; 0 for none.</param>
/// <param name="ConnAfter">The connection after it; 0 while it lasts.</param>
/// <param name="SeqBefore">The record before it: the last frame of the stream, or what tells that it was received.</param>
/// <param name="SeqAfter">The record after it; absent while it lasts.</param>
/// <param name="AtSeq">The record at which this was established; behind <paramref name="SeqAfter"/> where a late frame could still have filled the
/// hole.</param>
public readonly record struct GapEntry(
    int Stream, GapCause Cause, long From, long To, long IdFrom, long IdTo, long Missing, bool Repaired, long ConnBefore, long ConnAfter, long SeqBefore,
        long SeqAfter, long AtSeq)
{
    /// <summary>Whether it has no end yet.</summary>
    public bool IsOpen => To == Absent.Integer;

    /// <summary>Whether the other is the same hole, told at another time.</summary>
    public bool IsSameGap(in GapEntry other) =>
        Stream == other.Stream && SeqAfter == other.SeqAfter && IdFrom == other.IdFrom && IdTo == other.IdTo && From == other.From;
}
