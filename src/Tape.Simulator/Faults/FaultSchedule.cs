namespace Tape.Simulator.Faults;

/// <summary>Walks through the time-triggered rules of a script. Not thread-safe.</summary>
internal sealed class FaultSchedule
{
    private readonly List<(FaultRule Rule, TimeSpan Due)> _waiting = [];
    private readonly List<FaultRule> _due = [];

    public FaultSchedule(FaultScript script)
    {
        FrameRules = [.. script.Rules.Where(rule => rule.When.Frame > 0)];
        foreach (var rule in script.Rules) if (rule.When.After is { } after) _waiting.Add((rule, after));
    }

    /// <summary>The rules that each connection watches for itself.</summary>
    public FaultRule[] FrameRules { get; }

    /// <summary>Rules whose time has come, in the order of the script; a repeated one once however late it is.</summary>
    public IReadOnlyList<FaultRule> Due(TimeSpan elapsed)
    {
        _due.Clear();
        for (var i = 0; i < _waiting.Count; i++)
        {
            var (rule, due) = _waiting[i];
            if (due > elapsed) continue;
            _due.Add(rule);
            _waiting[i] = (rule, rule.When.Repeats
                ? due + rule.When.After!.Value * (Math.Floor((elapsed - due) / rule.When.After.Value) + 1) : TimeSpan.MaxValue);
        }
        return _due;
    }
}
