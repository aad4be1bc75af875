namespace Tape.Venues.Contract;

/// <summary>
/// Finds all that is wrong with a subscription request before anything is sent: venues acknowledge misspelt names and stay silent, or refuse all that was asked
/// with them.
/// </summary>
/// <param name="channels">The venue's channels.</param>
/// <param name="example">A symbol of the venue.</param>
/// <param name="marks">What symbols may hold beyond letters and digits.</param>
/// <param name="expected">What symbols hold, in words.</param>
internal sealed class RequestCheck(IReadOnlyList<VenueChannel> channels, string example, string marks, string expected)
{
    private const int SymbolLengthMax = 64;

    /// <summary>One sentence a fault.</summary>
    public IReadOnlyList<string> Faults(SubscriptionRequest request)
    {
        var faults = new List<string>();
        if (request.Symbols.Count == 0) faults.Add($"No symbol is given: name at least one, such as {example}.");
        if (request.Channels.Count == 0) faults.Add($"No channel is given: choose from {Known}.");
        faults.AddRange(request.Symbols.Select(SymbolFault).OfType<string>());
        faults.AddRange(Duplicates(request.Symbols).Select(symbol => $"Symbol {symbol} is given more than once."));
        faults.AddRange(request.Channels.Select(ChannelFault).OfType<string>());
        faults.AddRange(Duplicates(request.Channels).Select(channel => $"Channel {channel} is given more than once."));
        if (request.Endpoint is { } endpoint && !(endpoint.IsAbsoluteUri && endpoint.Scheme is "ws" or "wss"))
            faults.Add($"Endpoint {endpoint} is no WebSocket address: expected ws:// or wss://.");
        return faults;
    }

    /// <summary>Refuses a request with faults.</summary>
    /// <exception cref="ArgumentException">There are some.</exception>
    public void Require(SubscriptionRequest request)
    {
        var faults = Faults(request);
        if (faults.Count > 0) throw new ArgumentException(string.Join(" ", faults), nameof(request));
    }

    private string Known => string.Join(", ", channels.Select(channel => channel.Info.Name));

    private static IEnumerable<string> Duplicates(IEnumerable<string> names)
        => names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key);

    private string? ChannelFault(string channel)
    {
        if (channels.Any(known => known.Info.Name == channel)) return null;
        var near = channels.FirstOrDefault(known => known.Info.Name.Equals(channel, StringComparison.OrdinalIgnoreCase) || known.WireName == channel);
        return near is null ? $"Channel '{channel}' is unknown: choose from {Known}." : $"Channel '{channel}' is unknown: write {near.Info.Name}.";
    }

    private string? SymbolFault(string symbol)
    {
        if (symbol.Length == 0) return "A symbol is empty.";
        if (symbol.Length > SymbolLengthMax) return $"Symbol '{symbol[..SymbolLengthMax]}…' is longer than {SymbolLengthMax} characters.";
        if (symbol.EnumerateRunes().All(IsSymbolRune)) return null;
        var suggestion = string.Concat(symbol.ToUpperInvariant().EnumerateRunes().Where(IsSymbolRune));
        var fault = $"Symbol '{symbol}' is malformed: expected {expected}, as the venue writes it in data";
        return suggestion.Length == 0 ? $"{fault}." : $"{fault}; did you mean {suggestion}?";
    }

    /// <summary>Names of the venue may hold letters of any script.</summary>
    private bool IsSymbolRune(Rune rune)
        => (rune.IsAscii && marks.Contains((char)rune.Value)) || (rune != Rune.ReplacementChar && Rune.IsLetterOrDigit(rune) && !Rune.IsLower(rune));
}
