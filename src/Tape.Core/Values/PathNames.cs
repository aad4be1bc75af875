namespace Tape.Core.Values;

/// <summary>
/// Gives symbols of one venue names for paths: '/' becomes '-', the rest as <see cref="PathText"/>, and a name that another symbol has already, also by case,
/// gets <c>-2</c>, <c>-3</c>… behind it. A symbol keeps the name it was given first, so give them in the same order always. Not thread-safe.
/// </summary>
public sealed class PathNames
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name of a symbol.</summary>
    public string Of(string symbol) => Of(symbol, _ => true);

    /// <summary>The name of a symbol, where some names belong to others already.</summary>
    /// <param name="isFree">Whether a name that no symbol here has may be given.</param>
    public string Of(string symbol, Func<string, bool> isFree)
    {
        if (_names.TryGetValue(symbol, out var known)) return known;
        var plain = PathText.Encode(symbol.Replace('/', '-'));
        var name = plain;
        for (var number = 2; _taken.Contains(name) || !isFree(name); number++) name = $"{plain}-{number}";
        _taken.Add(name);
        return _names[symbol] = name;
    }
}
