using Tape.Core.Values;

namespace Tape.Core.Errors;

/// <summary>A name (symbol, venue, channel, cause, parameter …) that nothing here has: an error, never an empty answer.</summary>
public sealed class UnknownNameException : TapeException
{
    private const int Shown = 10;

    private UnknownNameException(string message, string hint) : base(message, hint) { }

    /// <summary>The known name that a text means: the same, else the same but for upper and lower case.</summary>
    /// <param name="kind">What it names, with its article: <c>a symbol</c>.</param>
    /// <param name="place">Where it was looked for: <c>this vault</c>.</param>
    /// <param name="text">As written.</param>
    /// <param name="known">All there are.</param>
    /// <exception cref="UnknownNameException">There is none; the hint has the near ones, else the first ones.</exception>
    public static string Resolve(string kind, string place, string text, IEnumerable<string> known)
    {
        var names = known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return names.Find(name => name == text) ?? names.Find(name => name.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new UnknownNameException($"'{text}' is not {kind} of {place}.", Advice(text, names));
    }

    private static string Advice(string text, List<string> names)
    {
        if (names.Count == 0) return "There is none yet.";
        var upper = names.ToLookup(name => name.ToUpperInvariant());
        var near = Spelling.Near(text.ToUpperInvariant(), upper.Select(group => group.Key), most: 3).SelectMany(name => upper[name]).ToList();
        if (near.Count > 0) return $"Did you mean {string.Join(" or ", near)}?";
        var more = names.Count > Shown ? $" and {names.Count - Shown} more" : "";
        return $"There are {string.Join(", ", names.Take(Shown))}{more}.";
    }
}
