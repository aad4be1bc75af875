namespace Tape.Venues.Okx;

/// <summary>OKX's names: <c>BTC-USDT-SWAP</c>, <c>BTC-USDT-261225</c>, and <c>BTC-USDT</c> for spot and for the index of both.</summary>
internal static class OkxSymbol
{
    /// <summary>The instrument type of perpetuals.</summary>
    public const string Swap = "SWAP";

    /// <summary>Whether a symbol is a perpetual's.</summary>
    public static bool IsSwap(string symbol) => symbol.EndsWith($"-{Swap}", StringComparison.Ordinal);

    /// <summary>The index behind a contract: its first two parts, without what marks a margin family (<c>BTC-USD_UM-SWAP</c>).</summary>
    public static string IndexOf(string symbol)
    {
        var parts = symbol.Split('-');
        return parts.Length < 2 ? symbol : $"{parts[0]}-{parts[1].Split('_')[0]}";
    }
}
