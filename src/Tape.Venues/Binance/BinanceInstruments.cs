using System.Text;
using System.Text.Json;
using Tape.Core.Values;
using Tape.Venues.Json;
using Tape.Venues.Rest;

namespace Tape.Venues.Binance;

/// <summary>
/// Reads <c>/fapi/v1/exchangeInfo</c>. Tick and lot come from the filters: <c>pricePrecision</c> is not the tick. Quantities are base units, so the contract size is 1.
/// Base and quote are never taken from the symbol's spelling. An entry that breaks the form is left out and named; an answer without a good one is refused.
/// </summary>
internal static class BinanceInstruments
{
    /// <summary>Entries that one list may have; the venue has about a thousand.</summary>
    public const int CountMax = 20_000;

    private const int TextLengthMax = 64;
    private const long MillisecondsMax = long.MaxValue / UnixNanos.PerMillisecond;

    public static InstrumentAnswer Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonBody.Parse(body);
            return ReadAll(JsonBody.Array(json.RootElement, "symbols"));
        }
        catch (FormatException fault)
        {
            return InstrumentAnswer.Refused(fault.Message);
        }
    }

    /// <summary>Milliseconds since the epoch; null for 0.</summary>
    /// <exception cref="FormatException">It is missing, no integer, negative, or does not fit in 64-bit nanoseconds.</exception>
    internal static UnixNanos? Time(JsonElement json, string name) => JsonBody.Integer(json, name) switch
    {
        0 => null,
        > 0 and <= MillisecondsMax and var milliseconds => UnixNanos.FromMilliseconds(milliseconds),
        var other => throw new FormatException($"{name} is {other}, expected milliseconds since 1970 up to {MillisecondsMax}"),
    };

    private static InstrumentAnswer ReadAll(JsonElement symbols)
    {
        if (symbols.GetArrayLength() > CountMax) throw new FormatException($"found {symbols.GetArrayLength()} symbols, expected at most {CountMax}");
        var found = new SortedDictionary<string, Instrument>(StringComparer.Ordinal);
        var rejected = new List<string>();
        var number = 0;
        foreach (var entry in symbols.EnumerateArray())
        {
            try
            {
                var instrument = ReadOne(entry);
                if (!found.TryAdd(instrument.Symbol, instrument)) rejected.Add($"symbol {number}: {instrument.Symbol} stands there twice, the first one counts");
            }
            catch (FormatException fault)
            {
                rejected.Add($"symbol {number}{NameOf(entry)}: {fault.Message}");
            }

            number++;
        }

        return found.Count > 0 ? new([.. found.Values], rejected, null) : InstrumentAnswer.Refused(rejected.Count == 0 ? "the list of symbols is empty" : $"no symbol can be read; the first: {rejected[0]}");
    }

    private static Instrument ReadOne(JsonElement json)
    {
        var (baseAsset, quote, contractType, status) = (Text(json, "baseAsset"), Text(json, "quoteAsset"), JsonBody.Text(json, "contractType", mayBeEmpty: true), Text(json, "status"));
        var (symbol, delivery) = (Text(json, "symbol"), Time(json, "deliveryDate"));
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
            Name = kind switch
            {
                InstrumentKind.Perpetual => InstrumentName.Perpetual(baseAsset, quote),
                InstrumentKind.Dated => InstrumentName.Dated(baseAsset, quote, delivery!.Value),
                _ => symbol,
            },
            Base = baseAsset,
            Quote = quote,
            Margin = Text(json, "marginAsset"),
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
            var digits = JsonBody.Text(filter, field);
            found = WireNumber.TryParse(Encoding.UTF8.GetBytes(digits), out var value, out _) && value > 0 ? value : throw new FormatException($"{type}.{field} is '{digits}', expected a number above 0");
        }

        return found;
    }

    private static string Text(JsonElement json, string name)
    {
        var text = JsonBody.Text(json, name);
        if (text.Length > TextLengthMax) throw new FormatException($"{name} has {text.Length} characters, expected at most {TextLengthMax}");
        return text.Any(char.IsControl) ? throw new FormatException($"{name} holds a control character") : text;
    }

    private static string NameOf(JsonElement entry)
    {
        try
        {
            return $" ({Text(entry, "symbol")})";
        }
        catch (FormatException)
        {
            return "";
        }
    }
}
