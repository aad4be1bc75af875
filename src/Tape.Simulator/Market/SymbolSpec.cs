namespace Tape.Simulator.Market;

/// <summary>How a symbol of the synthetic market is written. Prices and quantities are whole numbers of 10^-decimals.</summary>
/// <param name="Name">The venue's symbol, as in data: upper case, may be non-ASCII.</param>
/// <param name="PriceDecimals">Digits after the point of prices.</param>
/// <param name="TickUnits">The price grid in units of the last digit: BTCUSDT has 2 decimals and ticks of 0.10, so 10.</param>
/// <param name="QuantityDecimals">Digits after the point of quantities.</param>
/// <param name="StartTicks">The price at the start, in ticks.</param>
public sealed record SymbolSpec(string Name, int PriceDecimals, int TickUnits, int QuantityDecimals, int StartTicks)
{
    /// <summary>Symbols that one simulator serves at most.</summary>
    public const int CountMax = 2000;

    private static readonly SymbolSpec[] _known =
    [
        new("BTCUSDT", 2, 10, 3, 845_511),
        new("ETHUSDT", 2, 1, 3, 301_245),
        new("SOLUSDT", 4, 100, 2, 14_237),
        new("XRPUSDT", 4, 1, 1, 22_145),
        new("DOGEUSDT", 6, 10, 0, 15_876),
        new("BNBUSDT", 3, 10, 2, 86_542),
        new("1000PEPEUSDT", 7, 1, 0, 48_771),
        new("BTCUSDC", 1, 1, 3, 845_498),
        new("ETHUSDC", 2, 1, 3, 301_240),
        new("ADAUSDT", 5, 10, 0, 4_821),
        new("牛来USDT", 7, 1, 0, 1_005_200),
    ];

    /// <summary>The symbol in UTF-8.</summary>
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>
    /// How much one unit of quantity is in the base asset, as a power of ten: a contract of 0.01 BTC gives -2. 0 where quantities are in the base asset.
    /// </summary>
    public int ContractExponent { get; init; }

    /// <summary>The first so many symbols as Binance writes them; the eleventh is not ASCII, those after it are invented.</summary>
    public static IReadOnlyList<SymbolSpec> First(int count) =>
        First(_known, count, "SIM", "USDT");

    /// <summary>The symbols of these names; an unknown name gets an invented price.</summary>
    public static IReadOnlyList<SymbolSpec> Named(IEnumerable<string> names) =>
        Named(_known, names);

    /// <summary>The first so many of a venue's symbols, and invented ones after them: prefix, number, suffix.</summary>
    internal static IReadOnlyList<SymbolSpec> First(SymbolSpec[] known, int count, string prefix, string suffix) =>
        [.. Enumerable.Range(0, Math.Clamp(count, 1, CountMax)).Select(i => i < known.Length ? known[i] : Invented($"{prefix}{i:D4}{suffix}", i))];

    /// <summary>The symbols of these names, those that a venue is known for as it has them.</summary>
    internal static IReadOnlyList<SymbolSpec> Named(SymbolSpec[] known, IEnumerable<string> names) =>
        [.. names.Distinct().Take(CountMax).Select((name, i) => Array.Find(known, spec => spec.Name == name) ?? Invented(name, i))];

    private static SymbolSpec Invented(string name, int rank) => new(name, 4 + rank % 3, 1, rank % 3, 20_000 + rank * 137);
}
