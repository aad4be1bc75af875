using System.Text;

namespace Tape.Venues.Binance;

/// <summary>Finds all that is wrong with a subscription request before anything is sent: the venue acknowledges misspelt names and stays silent.</summary>
internal static class BinanceRequestCheck
{
    private const int SymbolLengthMax = 64;

    /// <summary>One sentence a fault.</summary>
    public static IReadOnlyList<string> Faults(SubscriptionRequest request)
    {
        var faults = new List<string>();
        if (request.Symbols.Count == 0) faults.Add("No symbol is given: name at least one, such as BTCUSDT.");
        if (request.Channels.Count == 0) faults.Add($"No channel is given: choose from {Known}.");
        faults.AddRange(request.Symbols.Select(SymbolFault).OfType<string>());
        faults.AddRange(Duplicates(request.Symbols).Select(symbol => $"Symbol {symbol} is given more than once."));
        faults.AddRange(request.Channels.Select(ChannelFault).OfType<string>());
        faults.AddRange(Duplicates(request.Channels).Select(channel => $"Channel {channel} is given more than once."));
        if (request.Endpoint is { } endpoint && !(endpoint.IsAbsoluteUri && endpoint.Scheme is "ws" or "wss"))
            faults.Add($"Endpoint {endpoint} is no WebSocket address: expected ws:// or wss://.");
        return faults;
    }

    private static string Known => string.Join(", ", BinanceChannel.All.Select(channel => channel.Info.Name));

    private static IEnumerable<string> Duplicates(IEnumerable<string> names)
        => names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key);

    private static string? ChannelFault(string channel)
    {
        if (BinanceChannel.All.Any(known => known.Info.Name == channel)) return null;
        var near = BinanceChannel.All.FirstOrDefault(known => known.Info.Name.Equals(channel, StringComparison.OrdinalIgnoreCase) || known.WireName == channel);
        return near is null ? $"Channel '{channel}' is unknown: choose from {Known}." : $"Channel '{channel}' is unknown: write {near.Info.Name}.";
    }

    private static string? SymbolFault(string symbol)
    {
        if (symbol.Length == 0) return "A symbol is empty.";
        if (symbol.Length > SymbolLengthMax) return $"Symbol '{symbol[..SymbolLengthMax]}…' is longer than {SymbolLengthMax} characters.";
        if (symbol.EnumerateRunes().All(IsSymbolRune)) return null;
        var suggestion = string.Concat(symbol.ToUpperInvariant().EnumerateRunes().Where(IsSymbolRune));
        var expected = "letters in upper case, digits and underscores, as the venue writes it in data";
        return suggestion.Length == 0 ? $"Symbol '{symbol}' is malformed: expected {expected}." : $"Symbol '{symbol}' is malformed: expected {expected}; did you mean {suggestion}?";
    }

    /// <summary>Names of the venue may hold letters of any script.</summary>
    private static bool IsSymbolRune(Rune rune)
        => rune.Value == '_' || (rune != Rune.ReplacementChar && Rune.IsLetterOrDigit(rune) && !Rune.IsLower(rune));
}
