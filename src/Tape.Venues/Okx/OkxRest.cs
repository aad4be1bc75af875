using System.Text.Json;
using Tape.Venues.Rest;

namespace Tape.Venues.Okx;

/// <summary>
/// The public REST side of OKX's v5 API: 20 requests in 2 s for instruments and 10 in 2 s for the time, of which we take a small part. Errors may come with
/// status 200 and a <c>code</c> other than "0".
/// </summary>
internal sealed class OkxRest : IVenueRest
{
    /// <inheritdoc/>
    public Uri Endpoint { get; } = new("https://www.okx.com");

    /// <inheritdoc/>
    public RestLimits Limits { get; } = new(WeightPerMinute: 120, WeightHeader: null);

    /// <inheritdoc/>
    public RestRequest Instruments { get; } = new("instruments", $"/api/v5/public/instruments?instType={OkxSymbol.Swap}", 1);

    /// <inheritdoc/>
    public RestRequest ServerTime { get; } = new("server_time", "/api/v5/public/time", 1);

    /// <inheritdoc/>
    public TimeSpan ServerTimeStep => TimeSpan.FromMilliseconds(1);

    /// <inheritdoc/>
    public InstrumentAnswer ReadInstruments(ReadOnlyMemory<byte> body) => InstrumentPages.Read(body, Data, ReadOne, "instId");

    /// <inheritdoc/>
    public UnixNanos ReadServerTime(ReadOnlyMemory<byte> body, out string? fault) => JsonBody.Read(
        body, json => Data(json) is var data && data.GetArrayLength() == 1 && InstrumentPages.QuotedTime(data[0], "ts") is { } time
            ? time : throw new FormatException("data holds no time"), out fault);

    /// <inheritdoc/>
    /// <remarks><c>seqId</c> counts with that of the channel <c>books</c>, which sends its own snapshot unless the venue leaves it out (announced in its log of
    /// changes).</remarks>
    public RestRequest? Book(StreamKey stream) => new("book", $"/api/v5/market/books?instId={Uri.EscapeDataString(stream.Symbol)}&sz=1", 1);

    /// <inheritdoc/>
    public long ReadBook(ReadOnlyMemory<byte> body, out string? fault) => JsonBody.Read(
        body, json => Data(json) is var data && data.GetArrayLength() == 1 && JsonBody.Integer(data[0], "seqId") is > 0 and var id
            ? id : throw new FormatException("data holds no seqId above 0"), out fault);

    /// <inheritdoc/>
    public IVenueCandles Candles { get; } = new OkxCandles(Data);

    /// <inheritdoc/>
    public string? ReadError(ReadOnlyMemory<byte> body)
        => JsonBody.Read(body, json => JsonBody.Text(json, "code") is not "0" and var code
            ? $"{JsonBody.Text(json, "msg", mayBeEmpty: true)} (code {code})" : null, out _);

    private static JsonElement Data(JsonElement json)
        => JsonBody.Text(json, "code") is not "0" and var code
            ? throw new FormatException($"code is {code}: {JsonBody.Text(json, "msg", mayBeEmpty: true)}") : JsonBody.Array(json, "data");

    /// <summary>Base and quote are empty for swaps; the underlying has them. The family tells apart what has the same underlying but another margin.</summary>
    private static Instrument ReadOne(JsonElement json)
    {
        var (underlying, family, type, status) =
            (Pair(json, "uly"), Pair(json, "instFamily"), InstrumentPages.Text(json, "ctType"), InstrumentPages.Text(json, "state"));
        return new Instrument
        {
            Venue = "okx",
            Symbol = InstrumentPages.Text(json, "instId"),
            Name = InstrumentName.Perpetual(family.Base, family.Quote),
            Base = underlying.Base,
            Quote = underlying.Quote,
            Margin = InstrumentPages.Text(json, "settleCcy"),
            Kind = InstrumentKind.Perpetual,
            ContractType = type,
            Status = status,
            IsTrading = status == "live",
            TickSize = InstrumentPages.Size(json, "tickSz", "tickSz"),
            LotSize = InstrumentPages.Size(json, "lotSz", "lotSz"),
            ContractSize = ContractSize(json, type, underlying.Base),
            ListedAt = InstrumentPages.QuotedTime(json, "listTime"),
            DeliversAt = InstrumentPages.QuotedTime(json, "expTime"),
        };
    }

    /// <summary>
    /// Contracts of linear swaps are a number of base units; those of inverse ones are worth an amount of the quote currency, so that their base units depend
    /// on the price.
    /// </summary>
    private static double ContractSize(JsonElement json, string type, string baseAsset)
    {
        var size = InstrumentPages.Size(json, "ctVal", "ctVal") * InstrumentPages.Size(json, "ctMult", "ctMult");
        if (type == "inverse") return Absent.Number;
        var currency = InstrumentPages.Text(json, "ctValCcy");
        return type == "linear" && currency == baseAsset
            ? size : throw new FormatException($"ctType is '{type}' with ctValCcy '{currency}', expected inverse, or linear with {baseAsset}");
    }

    private static (string Base, string Quote) Pair(JsonElement json, string name)
        => InstrumentPages.Text(json, name).Split('-') is [{ Length: > 0 } first, { Length: > 0 } second]
            ? (first, second) : throw new FormatException($"{name} is no pair such as BTC-USDT");
}
