using Tape.Simulator.Market;

namespace Tape.Simulator.Okx;

/// <summary>
/// Rows of the instrument list: the symbols that are served, and what the venue lists beside them: an inverse contract, and one that trades no more.
/// </summary>
internal static class OkxInstruments
{
    private const string Swap = "-SWAP";
    private static readonly SymbolSpec _inverse = new("BTC-USD-SWAP", 1, 1, 0, 845_511) { ContractExponent = 2 };
    private static readonly SymbolSpec _suspended = new("SIMOLD-USDT-SWAP", 4, 1, 0, 20_000);

    /// <summary>A row of the list.</summary>
    public sealed record Row(string Symbol, string Json);

    public static bool IsSwap(string symbol) => symbol.EndsWith(Swap, StringComparison.Ordinal);

    /// <summary>The index behind a swap: <c>BTC-USDT</c>.</summary>
    public static ReadOnlySpan<byte> Index(SymbolSpec spec) => IsSwap(spec.Name) ? spec.Utf8.AsSpan(0, spec.Utf8.Length - Swap.Length) : spec.Utf8;

    public static IReadOnlyList<Row> Rows(IReadOnlyList<SymbolSpec> symbols) =>
        [.. symbols.Select(spec => Write(spec, "linear", "live")), Write(_inverse, "inverse", "live"), Write(_suspended, "linear", "suspend")];

    private static Row Write(SymbolSpec spec, string kind, string state)
    {
        var index = Encoding.UTF8.GetString(Index(spec));
        var (asset, quote) = index.Split('-') is [var first, var second, ..] ? (first, second) : (index, "USDT");
        var isLinear = kind == "linear";
        var text = new JsonBuilder().Raw("{\"instType\":\"SWAP\",\"instId\":\""u8).Raw(spec.Utf8)
            .Raw(Bytes($"\",\"instFamily\":\"{index}\",\"uly\":\"{index}\",\"ctType\":\"{kind}\",\"ctVal\":\""));
        if (spec.ContractExponent >= 0) text.Integer(JsonBuilder.PowerOf10(spec.ContractExponent));
        else text.Decimal(1, -spec.ContractExponent);
        text.Raw(Bytes($"\",\"ctMult\":\"1\",\"ctValCcy\":\"{(isLinear ? asset : "USD")}\",\"settleCcy\":\"{(isLinear ? quote : asset)}\",\"tickSz\":\""))
            .Decimal(spec.TickUnits, spec.PriceDecimals);
        text.Raw("\",\"lotSz\":\""u8).Decimal(1, spec.QuantityDecimals).Raw("\",\"minSz\":\""u8).Decimal(1, spec.QuantityDecimals);
        text.Raw(Bytes($"\",\"listTime\":\"1573557408000\",\"expTime\":\"\",\"lever\":\"100\",\"state\":\""
            + $"{state}\",\"ruleType\":\"normal\",\"baseCcy\":\"\",\"quoteCcy\":\"\",\"alias\":\"\",\"optType\":\"\",\"stk\":\"\"}}"));
        return new Row(spec.Name, Encoding.UTF8.GetString(text.Bytes));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
