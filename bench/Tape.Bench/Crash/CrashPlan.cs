namespace Tape.Bench.Crash;

/// <summary>What a crash bench is to do.</summary>
/// <param name="Kills">How many in all.</param>
/// <param name="KillsARound">After this many kills a vault is proven and another one begun.</param>
/// <param name="Days">Old days in the vault of each round.</param>
/// <param name="Seed">Of instants, victims and markets.</param>
/// <param name="Rate">Frames a second.</param>
/// <param name="Longest">From start to kill at most.</param>
/// <param name="Setup">Which processes.</param>
internal sealed record CrashPlan(int Kills, int KillsARound, int Days, int Seed, double Rate, TimeSpan Longest, CrashSetup Setup)
{
    /// <summary>What the machine may keep a recorder from its work before a kill, beyond the usual allowance; nothing in a measurement.</summary>
    public TimeSpan Busy { get; init; }
}
