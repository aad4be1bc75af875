using Tape.Storage.Gaps;

namespace Tape.Bench.Gaps;

/// <summary>A gap that was planted.</summary>
/// <param name="Anomaly">What was done.</param>
/// <param name="From">Time of what came before, ns, or a little earlier.</param>
/// <param name="To">Time of what came after.</param>
/// <param name="IdFrom">The lowest id that is missing; absent where the channel has none.</param>
/// <param name="IdTo">The highest one.</param>
internal sealed record PlannedGap(string Anomaly, StreamKey Stream, GapCause Cause, long From, long To, long IdFrom = Absent.Integer,
    long IdTo = Absent.Integer, bool IsRepaired = false)
{
    public bool HasIds => IdFrom != Absent.Integer;

    /// <summary>Whether a gap that was found is this one, whatever its cause.</summary>
    public bool Is(in GapEntry told) =>
        HasIds ? told.IdFrom == IdFrom && told.IdTo == IdTo : told.IdFrom == Absent.Integer && told.From <= To && (told.IsOpen || told.To >= From);
}
