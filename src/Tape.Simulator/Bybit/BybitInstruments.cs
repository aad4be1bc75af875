using Tape.Simulator.Market;

namespace Tape.Simulator.Bybit;

/// <summary>
/// Rows of the instrument list: the symbols that are served, and what the venue lists beside them: a dated contract, and one that trades no more.
/// </summary>
internal static class BybitInstruments
{
    /// <summary>2028-12-29T08:00Z.</summary>
    private const long DatedDelivery = 1_861_689_600_000;

    private static readonly SymbolSpec _dated = new("BTC-29DEC28", 1, 5, 3, 169_102);
    private static readonly SymbolSpec _closed = new("SIMOLDUSDT", 4, 1, 0, 20_000);

    /// <summary>A row of the list.</summary>
    public sealed record Row(string Symbol, string Status, string Json);

    public static IReadOnlyList<Row> Rows(IReadOnlyList<SymbolSpec> symbols)
    {
        var rows = symbols.Select((spec, i) => Write(spec, i + 1, "LinearPerpetual", "Trading", 0)).ToList();
        rows.Add(Write(_dated, rows.Count + 1, "LinearFutures", "Trading", DatedDelivery));
        rows.Add(Write(_closed, rows.Count + 1, "LinearPerpetual", "Closed", 0));
        return rows;
    }

    private static Row Write(SymbolSpec spec, int id, string type, string status, long deliveryMs)
    {
        var (asset, quote) = Assets(spec.Name);
        var text = new JsonBuilder().Raw("{\"symbol\":\""u8).Raw(spec.Utf8).Raw("\",\"symbolId\":"u8).Integer(id).Raw(",\"contractType\":\""u8)
            .Raw(Encoding.UTF8.GetBytes(type));
        text.Raw("\",\"status\":\""u8).Raw(Encoding.UTF8.GetBytes(status)).Raw("\",\"baseCoin\":\""u8).Raw(Encoding.UTF8.GetBytes(asset))
            .Raw("\",\"quoteCoin\":\""u8).Raw(Encoding.UTF8.GetBytes(quote));
        text.Raw("\",\"launchTime\":\"1585526400000\",\"deliveryTime\":\""u8).Integer(deliveryMs).Raw("\",\"deliveryFeeRate\":\"\",\"priceScale\":\""u8)
            .Integer(spec.PriceDecimals);
        text.Raw("\",\"leverageFilter\":{\"minLeverage\":\"1\",\"maxLeverage\":\"100.00\",\"leverageStep\":\"0.01\"},\"priceFilter\":{\"minPrice\":\""u8)
            .Decimal(spec.TickUnits, spec.PriceDecimals);
        text.Raw("\",\"maxPrice\":\"1999999.80\",\"tickSize\":\""u8).Decimal(spec.TickUnits, spec.PriceDecimals)
            .Raw("\"},\"lotSizeFilter\":{\"maxOrderQty\":\"100000\",\"minOrderQty\":\""u8).Decimal(1, spec.QuantityDecimals);
        text.Raw("\",\"qtyStep\":\""u8).Decimal(1, spec.QuantityDecimals)
            .Raw("\",\"postOnlyMaxOrderQty\":\"100000\",\"maxMktOrderQty\":\"50000\",\"minNotionalValue\":\"5\"},\"unifiedMarginTrade\":true,"u8)
            .Raw("\"fundingInterval\":480,\"settleCoin\":\""u8);
        text.Raw(Encoding.UTF8.GetBytes(quote))
            .Raw("\",\"copyTrading\":\"none\",\"upperFundingRate\":\"0.00375\",\"lowerFundingRate\":\"-0.00375\",\"isPreListing\":false,"u8)
            .Raw("\"preListingInfo\":null,\"symbolType\":\"\"}"u8);
        return new Row(spec.Name, status, Encoding.UTF8.GetString(text.Bytes));
    }

    /// <summary>PERP names USDC perpetuals; dated ones have a dash.</summary>
    private static (string Base, string Quote) Assets(string symbol) =>
        symbol.IndexOf('-') is > 0 and var dash ? (symbol[..dash], "USDC")
        : symbol.EndsWith("PERP", StringComparison.Ordinal) ? (symbol[..^4], "USDC")
        : symbol.EndsWith("USDT", StringComparison.Ordinal) ? (symbol[..^4], "USDT")
        : (symbol, "USDT");
}
