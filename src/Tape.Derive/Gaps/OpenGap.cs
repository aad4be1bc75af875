using Tape.Storage.Gaps;

namespace Tape.Derive.Gaps;

/// <summary>A gap that has no end yet, or of which it is not known yet whether it is one. Kept as JSON in the tracker's state.</summary>
/// <param name="Cause">Why nothing comes.</param>
/// <param name="From">Time of the last sign that the stream was received.</param>
/// <param name="Connection">The connection of that sign; 0 for none.</param>
/// <param name="Seq">The record of that sign.</param>
/// <param name="Steady">When it was opened, on the clock of ticks.</param>
/// <param name="IsFirst">The stream was never received before: when it begins in time, this was no gap.</param>
internal sealed record OpenGap(GapCause Cause, long From, long Connection, long Seq, long Steady, bool IsFirst)
{
    /// <summary>The cause before no connection seemed to carry the stream any more, in case one that does comes late.</summary>
    public GapCause? CauseBefore { get; init; }

    /// <summary>The run of the recorder in which that was.</summary>
    public int Run { get; init; }

    public GapEntry Entry(int stream, GapCause cause, long to, long connAfter, long seqAfter, long atSeq) =>
        new(stream, cause, From, to, Absent.Integer, Absent.Integer, Absent.Integer, false, Connection, connAfter, Seq, seqAfter, atSeq);
}
