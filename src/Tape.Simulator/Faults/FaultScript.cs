namespace Tape.Simulator.Faults;

/// <summary>
/// Faults by script, one a line: <c>&lt;when&gt; &lt;fault&gt; [key=value…]</c>; <c>#</c> begins a comment.
/// When: <c>5s</c>, <c>at 5s</c>, <c>every 10s</c> (times since the start: ms, s, m, h), <c>frame 1000</c>, <c>every 1000 frames</c> (data frames of each
/// connection); nothing means at once. Faults: <c>cut</c>, <c>reset</c>, <c>cut-inside</c>, <c>stall</c>, <c>stall-inside</c>, <c>slow</c>, <c>drop</c>,
/// <c>duplicate</c>, <c>reorder</c>, <c>garbage</c>, <c>refuse</c>, <c>rest</c>, <c>rest-slow</c>, <c>rest-garbage</c>, <c>skew</c>, <c>close</c>,
/// <c>notice</c>, <c>restart</c>, <c>mute</c>, <c>ignore</c>, <c>unanswered</c>. Keys: <c>conn</c> (route or number), <c>stream</c>, <c>for</c> (time),
/// <c>n</c> (count), <c>rate</c> (bytes a second), <c>over</c> (bytes), <c>status</c>, <c>retry</c> (seconds), <c>code</c>, <c>kind</c> (text, binary, utf8,
/// frame).
/// </summary>
public sealed class FaultScript
{
    private FaultScript(IReadOnlyList<FaultRule> rules) => Rules = rules;

    /// <summary>No faults.</summary>
    public static FaultScript None { get; } = new([]);

    /// <summary>The rules in the order of the script.</summary>
    public IReadOnlyList<FaultRule> Rules { get; }

    /// <summary>This script and another one, side by side.</summary>
    public FaultScript And(FaultScript other) => new([.. Rules, .. other.Rules]);

    /// <summary>Reads a script.</summary>
    /// <param name="text">Lines.</param>
    /// <param name="name">What messages call the script.</param>
    /// <exception cref="FaultScriptException">It has faults; all are listed.</exception>
    public static FaultScript Parse(string text, string name = "fault script")
    {
        var (rules, faults) = (new List<FaultRule>(), new List<string>());
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var words = lines[i].Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            var line = new FaultLine(i + 1, words);
            if (line.Parse() is { } rule) rules.Add(rule);
            faults.AddRange(line.Faults);
        }
        return faults.Count == 0 ? new FaultScript(rules) : throw new FaultScriptException(name, faults);
    }
}

/// <summary>A fault script is wrong. The message lists every fault with its line.</summary>
public sealed class FaultScriptException(string name, IReadOnlyList<string> faults) : TapeException(
    $"{name}: {faults.Count} fault{(faults.Count == 1 ? "" : "s")}{string.Concat(faults.Select(fault => $"\n  {fault}"))}",
    "A line is '<when> <fault> [key=value…]', for example '5s cut conn=public', 'every 10s drop n=3', 'frame 1000 cut-inside'.")
{
    /// <summary>One sentence a fault, each beginning with <c>line N</c>.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
