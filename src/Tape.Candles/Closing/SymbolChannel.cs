namespace Tape.Candles.Closing;

/// <summary>A channel that brings trades or candles of a symbol, and where it was not received. Part of the state of derivation.</summary>
internal sealed class SymbolChannel
{
    /// <summary>The stream in the gap ledger.</summary>
    public required StreamKey Key { get; init; }

    /// <summary>Whether a minute in which nothing of it came had no trade: it brings each trade, or a candle for each minute with one.</summary>
    public bool ProvesEmpty { get; set; }

    /// <summary>Times in which something of it is missing, ns, the oldest first: from, to.</summary>
    public List<long[]> Broken { get; init; } = [];

    /// <summary>Whether something is known to be missing from a time, both ends included.</summary>
    public bool IsBroken(long from, long to)
    {
        foreach (var span in Broken)
            if (span[0] <= to && span[1] >= from) return true;
        return false;
    }
}
