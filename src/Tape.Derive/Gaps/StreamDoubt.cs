namespace Tape.Derive.Gaps;

/// <summary>
/// What is open about a stream at a place of the tape: it becomes an entry (<see cref="GapTracker.Entries"/>), or nothing was missing. Times are ours, ns.
/// </summary>
/// <param name="BegunAt">When it was first known to be received; <see cref="Absent.Integer"/> while it never was.</param>
/// <param name="From">The last sign that nothing was missing; <see cref="Absent.Integer"/> when nothing is in doubt.</param>
public readonly record struct StreamDoubt(long BegunAt, long From)
{
    public static StreamDoubt Unknown => new(Absent.Integer, Absent.Integer);
}
