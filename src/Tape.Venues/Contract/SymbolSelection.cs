namespace Tape.Venues.Contract;

/// <summary>
/// Which symbols of a venue are wanted: names (<c>BTCUSDT</c>), patterns (<c>*USDT</c>, <c>BTC*</c>; <c>*</c> stands for any text, <c>?</c> for one character),
/// <c>all</c>, and exceptions (<c>!*USDC</c>). Only exceptions mean all but those. Patterns pick perpetuals that are traded now.
/// </summary>
public sealed class SymbolSelection
{
    /// <summary>What stands for all perpetuals.</summary>
    public const string All = "all";

    /// <summary>Near spellings that are shown for an unknown name.</summary>
    private const int NearMax = 3;

    private readonly IReadOnlyList<string> _texts;
    private readonly List<string> _patterns;
    private readonly List<string> _exceptions;

    private SymbolSelection(IReadOnlyList<string> texts)
    {
        _texts = texts;
        _exceptions = [.. texts.Where(IsException).Select(text => text[1..])];
        _patterns = [.. texts.Where(text => !IsException(text) && IsPattern(text)).Select(text => text == All ? "*" : text)];
        Names = [.. texts.Where(text => !IsException(text) && !IsPattern(text))];
        if (_patterns.Count == 0 && Names.Count == 0 && _exceptions.Count > 0) _patterns.Add("*");
    }

    /// <summary>The plain names in it, in the order given.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether it names symbols only, so that it needs no list of instruments to be understood.</summary>
    public bool IsExplicit => _patterns.Count == 0 && _exceptions.Count == 0;

    /// <summary>Takes it as written, one text an entry.</summary>
    public static SymbolSelection Of(IReadOnlyList<string> texts) => new(texts);

    /// <summary>What is wrong with its patterns, one sentence a fault. Plain names are the venue's to check.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (_exceptions.Contains("")) faults.Add("Symbol '!' excepts nothing: write what to leave out behind it, such as !*USDC.");
        if (_exceptions.Contains(All)) faults.Add($"Symbol '!{All}' leaves nothing: name what to record instead.");
        faults.AddRange(_patterns.Concat(_exceptions).Where(pattern => pattern != All && pattern.Any(char.IsLower))
            .Select(pattern => $"Symbol pattern '{pattern}' matches nothing: symbols are in upper case; did you mean {pattern.ToUpperInvariant()}?"));
        return faults;
    }

    /// <summary>Looks the selection up in a list of instruments.</summary>
    public SymbolMatch Resolve(IReadOnlyList<Instrument> instruments)
    {
        var wanted = instruments.Where(instrument => instrument is { Kind: InstrumentKind.Perpetual, IsTrading: true }).Select(instrument => instrument.Symbol)
            .ToList();
        var picked = _patterns.SelectMany(pattern => wanted.Where(symbol => Matches(pattern, symbol)));
        var symbols = Names.Concat(picked.Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal)
            .Where(symbol => !_exceptions.Any(pattern => Matches(pattern, symbol))).ToList();
        return new SymbolMatch(symbols, UnknownNames(instruments), [.. _patterns.Where(pattern => !wanted.Any(symbol => Matches(pattern, symbol)))]);
    }

    /// <summary>A sentence for each plain name that is not in the list, or not traded now.</summary>
    public IReadOnlyList<string> UnknownNames(IReadOnlyList<Instrument> instruments)
    {
        var known = instruments.ToDictionary(instrument => instrument.Symbol, StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var name in Names)
        {
            if (!known.TryGetValue(name, out var instrument)) faults.Add(Unknown(name, known.Keys));
            else if (!instrument.IsTrading) faults.Add($"{name} is not traded now: its status is {instrument.Status}.");
        }

        return faults;
    }

    public override string ToString() => string.Join(", ", _texts);

    private static string Unknown(string name, IEnumerable<string> known)
    {
        var near = Spelling.Near(name, known, NearMax);
        return near.Count == 0 ? $"{name} is not in the venue's list." : $"{name} is not in the venue's list; did you mean {string.Join(" or ", near)}?";
    }

    private static bool IsException(string text) => text.StartsWith('!');

    private static bool IsPattern(string text) => text == All || text.AsSpan().ContainsAny('*', '?');

    /// <summary>Whether a pattern stands for a whole symbol. Time grows with the product of both lengths, whatever the pattern.</summary>
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> symbol)
    {
        var (at, inPattern, star, retry) = (0, 0, -1, 0);
        while (at < symbol.Length)
        {
            if (inPattern < pattern.Length && pattern[inPattern] == '*')
            {
                (star, retry) = (inPattern++, at);
            }
            else if (inPattern < pattern.Length && (pattern[inPattern] == '?' || pattern[inPattern] == symbol[at]))
            {
                inPattern++;
                at++;
            }
            else if (star >= 0)
            {
                (inPattern, at) = (star + 1, ++retry);
            }
            else
            {
                return false;
            }
        }

        return pattern[inPattern..].Trim('*').IsEmpty;
    }
}

/// <summary>What a selection means with a list of instruments.</summary>
/// <param name="Symbols">Names first, as given, then what the patterns pick, in order; each once.</param>
/// <param name="Unknown">A sentence for each plain name that is not in the list or not traded.</param>
/// <param name="Unmatched">Patterns that pick nothing.</param>
public sealed record SymbolMatch(IReadOnlyList<string> Symbols, IReadOnlyList<string> Unknown, IReadOnlyList<string> Unmatched);
