using System.Text.Json;
using Tape.Venues.Json;
using Tape.Venues.Rest;

namespace Tape.Venues.Bybit;

/// <summary>
/// The public REST side of Bybit's v5 API: 600 requests in 5 s and address over all endpoints, of which we take a small part. Errors come with status 200 and a
/// <c>retCode</c> other than 0.
/// </summary>
internal sealed class BybitRest : IVenueRest
{
    private const string InstrumentsPath = "/v5/market/instruments-info?category=linear&limit=1000";
    private const int CursorLengthMax = 512;

    /// <inheritdoc/>
    public Uri Endpoint { get; } = new("https://api.bybit.com");

    /// <inheritdoc/>
    public RestLimits Limits { get; } = new(WeightPerMinute: 600, WeightHeader: null);

    /// <inheritdoc/>
    public RestRequest Instruments { get; } = new("instruments", InstrumentsPath, 1);

    /// <inheritdoc/>
    public RestRequest ServerTime { get; } = new("server_time", "/v5/market/time", 1);

    /// <inheritdoc/>
    public TimeSpan ServerTimeStep => TimeSpan.Zero;

    /// <inheritdoc/>
    public InstrumentAnswer ReadInstruments(ReadOnlyMemory<byte> body) => InstrumentPages.Read(body, List, ReadOne);

    /// <inheritdoc/>
    public RestRequest? NextInstruments(ReadOnlyMemory<byte> page, out string? fault) => JsonBody.Read(
        page,
        json =>
        {
            List(json);
            var cursor = JsonBody.Text(JsonBody.Object(json, "result"), "nextPageCursor", mayBeEmpty: true);
            if (cursor.Length > CursorLengthMax)
                throw new FormatException($"nextPageCursor has {cursor.Length} characters, expected at most {CursorLengthMax}");
            // The venue writes it percent-encoded already; what is not is encoded, what is stays.
            return cursor.Length == 0 ? null : Instruments with
            {
                PathAndQuery = $"{InstrumentsPath}&cursor={Uri.EscapeDataString(Uri.UnescapeDataString(cursor))}",
            };
        },
        out fault);

    /// <inheritdoc/>
    public UnixNanos ReadServerTime(ReadOnlyMemory<byte> body, out string? fault) => JsonBody.Read(
        body,
        json =>
        {
            var digits = JsonBody.Text(Result(json), "timeNano");
            return WireNumber.TryParseInteger(System.Text.Encoding.UTF8.GetBytes(digits), out var nanos) && nanos > 0
                ? new UnixNanos(nanos) : throw new FormatException($"timeNano is '{digits}', expected nanoseconds since 1970");
        },
        out fault);

    /// <inheritdoc/>
    public IVenueCandles Candles { get; } = new BybitCandles(List);

    /// <inheritdoc/>
    public string? ReadError(ReadOnlyMemory<byte> body)
        => JsonBody.Read(body, json => JsonBody.Integer(json, "retCode") is not 0 and var code
            ? $"{JsonBody.Text(json, "retMsg", mayBeEmpty: true)} (code {code})" : null, out _);

    private static JsonElement List(JsonElement json) => JsonBody.Array(Result(json), "list");

    private static JsonElement Result(JsonElement json)
        => JsonBody.Integer(json, "retCode") is not 0 and var code
            ? throw new FormatException($"retCode is {code}: {JsonBody.Text(json, "retMsg", mayBeEmpty: true)}") : JsonBody.Object(json, "result");

    private static Instrument ReadOne(JsonElement json)
    {
        var (baseAsset, quote, type, status) =
            (InstrumentPages.Text(json, "baseCoin"), InstrumentPages.Text(json, "quoteCoin"), JsonBody.Text(json, "contractType", mayBeEmpty: true),
            InstrumentPages.Text(json, "status"));
        var (symbol, delivery) = (InstrumentPages.Text(json, "symbol"), InstrumentPages.QuotedTime(json, "deliveryTime"));
        var kind = type == "LinearPerpetual"
            ? InstrumentKind.Perpetual : type == "LinearFutures" && delivery is not null ? InstrumentKind.Dated : InstrumentKind.Other;
        var lot = JsonBody.Object(json, "lotSizeFilter");
        return new Instrument
        {
            Venue = "bybit",
            Symbol = symbol,
            Name = InstrumentName.Of(kind, baseAsset, quote, delivery) ?? symbol,
            Base = baseAsset,
            Quote = quote,
            Margin = InstrumentPages.Text(json, "settleCoin"),
            Kind = kind,
            ContractType = type,
            Status = status,
            IsTrading = status == "Trading",
            TickSize = InstrumentPages.Size(JsonBody.Object(json, "priceFilter"), "tickSize", "priceFilter.tickSize"),
            LotSize = InstrumentPages.Size(lot, "qtyStep", "lotSizeFilter.qtyStep"),
            MinNotional = lot.TryGetProperty("minNotionalValue", out _)
                ? InstrumentPages.Size(lot, "minNotionalValue", "lotSizeFilter.minNotionalValue") : Absent.Number,
            ContractSize = 1,
            ListedAt = InstrumentPages.QuotedTime(json, "launchTime"),
            DeliversAt = delivery,
        };
    }
}
