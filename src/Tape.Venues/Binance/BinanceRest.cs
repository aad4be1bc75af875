using Tape.Core.Values;
using Tape.Venues.Rest;

namespace Tape.Venues.Binance;

/// <summary>
/// The REST side of Binance USDⓈ-M futures (the venue's public documentation of <c>/fapi/v1</c>): 2400 weight a clock minute and address, of which we take at most half.
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
    {
        try
        {
            using var json = JsonBody.Parse(body);
            fault = null;
            return BinanceInstruments.Time(json.RootElement, "serverTime") ?? throw new FormatException("serverTime is 0");
        }
        catch (FormatException wrong)
        {
            fault = wrong.Message;
            return default;
        }
    }

    /// <inheritdoc/>
    public string? ReadError(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonBody.Parse(body);
            return $"{JsonBody.Text(json.RootElement, "msg")} (code {JsonBody.Integer(json.RootElement, "code")})";
        }
        catch (FormatException)
        {
            // A proxy's or a load balancer's page, which tells nothing that the status does not.
            return null;
        }
    }
}
