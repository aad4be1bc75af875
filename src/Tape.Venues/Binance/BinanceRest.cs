using Tape.Venues.Rest;

namespace Tape.Venues.Binance;

/// <summary>
/// The REST side of Binance USDⓈ-M futures (the venue's public documentation of <c>/fapi/v1</c>): 2400 weight a clock minute and address, of which we take at
/// most half.
/// </summary>
internal sealed class BinanceRest : IVenueRest
{
    /// <inheritdoc/>
    public Uri Endpoint { get; } = new("https://fapi.binance.com");

    /// <inheritdoc/>
    public RestLimits Limits { get; } = new(WeightPerMinute: 1200, "X-MBX-USED-WEIGHT-1M");

    /// <inheritdoc/>
    public RestRequest Instruments { get; } = new("instruments", "/fapi/v1/exchangeInfo", 1);

    /// <inheritdoc/>
    public RestRequest ServerTime { get; } = new("server_time", "/fapi/v1/time", 1);

    /// <inheritdoc/>
    public TimeSpan ServerTimeStep => TimeSpan.FromMilliseconds(1);

    /// <inheritdoc/>
    public InstrumentAnswer ReadInstruments(ReadOnlyMemory<byte> body) => BinanceInstruments.Read(body);

    /// <inheritdoc/>
    public UnixNanos ReadServerTime(ReadOnlyMemory<byte> body, out string? fault)
        => JsonBody.Read(body, json => BinanceInstruments.Time(json, "serverTime") ?? throw new FormatException("serverTime is 0"), out fault);

    /// <inheritdoc/>
    /// <remarks>
    /// <c>lastUpdateId</c> counts with <c>U</c>, <c>u</c> and <c>pu</c> of the depth streams, however many levels are asked for. A client that wants the book
    /// takes 1000 levels for a weight of 20; for the id alone 5 levels for a weight of 2 do.
    /// </remarks>
    public RestRequest? Book(StreamKey stream) => new("book", $"/fapi/v1/depth?symbol={Uri.EscapeDataString(stream.Symbol)}&limit=5", 2);

    /// <inheritdoc/>
    public long ReadBook(ReadOnlyMemory<byte> body, out string? fault) =>
        JsonBody.Read(body, json => JsonBody.Integer(json, "lastUpdateId") is > 0 and var id ? id : throw new FormatException("lastUpdateId is not above 0"),
            out fault);

    /// <inheritdoc/>
    public IVenueCandles Candles { get; } = new BinanceCandles();

    /// <inheritdoc/>
    public string? ReadError(ReadOnlyMemory<byte> body)
        // What can't be read is a proxy's or a load balancer's page, which tells nothing that the status does not; or no error.
        => JsonBody.Read(body, json => $"{JsonBody.Text(json, "msg")} (code {JsonBody.Integer(json, "code")})", out _);
}
