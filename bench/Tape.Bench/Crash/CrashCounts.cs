namespace Tape.Bench.Crash;

/// <summary>What was killed and met so far.</summary>
internal sealed class CrashCounts
{
    private readonly Dictionary<CrashVictim, int> _victims = [];
    private readonly Dictionary<KillAim, int> _aims = [];

    /// <summary>All kills.</summary>
    public int Kills { get; private set; }

    /// <summary>Questions that needed more memory than they may have, and were refused.</summary>
    public int HungryQuestions { get; set; }

    public void Add(CrashVictim victim, KillAim aim)
    {
        Kills++;
        _victims[victim] = Of(victim) + 1;
        _aims[aim] = Of(aim) + 1;
    }

    public int Of(CrashVictim victim) => _victims.GetValueOrDefault(victim);

    public int Of(KillAim aim) => _aims.GetValueOrDefault(aim);
}
