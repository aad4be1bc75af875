using Tape.Core.Errors;

namespace Tape.Simulator.Faults;

/// <summary>A fault script is wrong. The message lists every fault with its line.</summary>
public sealed class FaultScriptException(string name, IReadOnlyList<string> faults) : TapeException(
    $"{name}: {faults.Count} fault{(faults.Count == 1 ? "" : "s")}{string.Concat(faults.Select(fault => $"\n  {fault}"))}",
    "A line is '<when> <fault> [key=value…]', for example '5s cut conn=public', 'every 10s drop n=3', 'frame 1000 cut-inside'.")
{
    /// <summary>One sentence a fault, each beginning with <c>line N</c>.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
