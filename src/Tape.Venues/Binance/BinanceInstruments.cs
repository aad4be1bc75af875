using System.Text.Json;
using Tape.Venues.Rest;

namespace Tape.Venues.Binance;

/// <summary>
/// Reads <c>/fapi/v1/exchangeInfo</c>. Tick and lot come from the filters: <c>pricePrecision</c> is not the tick. Quantities are base units, so the contract
/// size is 1. Base and quote are never taken from the symbol's spelling.
/// </summary>
internal static class BinanceInstruments
{
    public static InstrumentAnswer Read(ReadOnlyMemory<byte> body) => InstrumentPages.Read(body, json => JsonBody.Array(json, "symbols"), ReadOne);

    /// <summary>Milliseconds since the epoch; null for 0.</summary>
    /// <exception cref="FormatException">It is missing, no integer, negative, or does not fit in 64-bit nanoseconds.</exception>
    internal static UnixNanos? Time(JsonElement json, string name) => InstrumentPages.Time(JsonBody.Integer(json, name), name);

    private static Instrument ReadOne(JsonElement json)
    {
        var (baseAsset, quote, contractType, status) =
            (InstrumentPages.Text(json, "baseAsset"), InstrumentPages.Text(json, "quoteAsset"), JsonBody.Text(json, "contractType", mayBeEmpty: true),
            InstrumentPages.Text(json, "status"));
        var (symbol, delivery) = (InstrumentPages.Text(json, "symbol"), Time(json, "deliveryDate"));
        var kind = contractType switch
        {
            "PERPETUAL" or "TRADIFI_PERPETUAL" => InstrumentKind.Perpetual,
            "CURRENT_MONTH" or "NEXT_MONTH" or "CURRENT_QUARTER" or "NEXT_QUARTER" when delivery is not null => InstrumentKind.Dated,
            _ => InstrumentKind.Other,
        };
        var filters = JsonBody.Array(json, "filters");
        return new Instrument
        {
            Venue = "binance",
            Symbol = symbol,
            Name = InstrumentName.Of(kind, baseAsset, quote, delivery) ?? symbol,
            Base = baseAsset,
            Quote = quote,
            Margin = InstrumentPages.Text(json, "marginAsset"),
            Kind = kind,
            ContractType = contractType,
            Status = status,
            IsTrading = status == "TRADING",
            TickSize = FilterNumber(filters, "PRICE_FILTER", "tickSize") ?? throw new FormatException("PRICE_FILTER is missing"),
            LotSize = FilterNumber(filters, "LOT_SIZE", "stepSize") ?? throw new FormatException("LOT_SIZE is missing"),
            MinNotional = FilterNumber(filters, "MIN_NOTIONAL", "notional") ?? Absent.Number,
            ContractSize = 1,
            ListedAt = Time(json, "onboardDate"),
            DeliversAt = delivery,
        };
    }

    private static double? FilterNumber(JsonElement filters, string type, string field)
    {
        double? found = null;
        foreach (var filter in filters.EnumerateArray())
        {
            if (JsonBody.Text(filter, "filterType") != type) continue;
            if (found is not null) throw new FormatException($"{type} stands twice");
            found = InstrumentPages.Size(filter, field, $"{type}.{field}");
        }

        return found;
    }
}
