using System.Text.RegularExpressions;

namespace Tape.Tables.DuckDb;

/// <summary>Turns DuckDB's error texts into exceptions of the family.</summary>
internal static partial class DuckDbFault
{
    /// <summary>A full disk is told apart, since writing may succeed later; everything else is a <see cref="DuckDbException"/>.</summary>
    public static TapeException From(string text)
    {
        if (text.Contains("No space left on device", StringComparison.OrdinalIgnoreCase)
            || text.Contains("not enough space on the disk", StringComparison.OrdinalIgnoreCase))
            return new DiskFullException(text, "Make room on the disk; writing is tried again.");
        if (text.StartsWith("Out of Memory Error", StringComparison.Ordinal))
            return new DuckDbException(text, "Ask for less (a shorter time, fewer columns, no sort), or raise the memory limit.");
        var advice = Advice().Match(text);
        return advice.Success ? new DuckDbException(text.Remove(advice.Index, advice.Length).Trim(), advice.Value.Trim().Replace('\n', ' '))
            : new DuckDbException(text.Trim());
    }

    /// <summary>What DuckDB itself advises, in a line of its own: near names, bindings that would fit.</summary>
    [GeneratedRegex("^(Did you mean|Candidate)[^\n]*(\n\t[^\n]+)*\n?", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Advice();
}
