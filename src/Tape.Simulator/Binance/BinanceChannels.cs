using System.Text.Json;
using Tape.Simulator.Replay;
using Tape.Venues.Binance;
using Tape.Venues.Contract;

namespace Tape.Simulator.Binance;

/// <summary>Which channel a captured frame belongs to, and which route delivers the channel. Not thread-safe.</summary>
public sealed class BinanceChannels : ChannelMap
{
    private static readonly string[] _public = ["bookTicker", "depth", "rpiDepth", "trade"];
    private readonly FrameDecoder _decoder = new BinanceVenue().CreateDecoder();

    internal override string Venue => "binance";

    /// <summary>
    /// The channel of a stream name, whose symbol is lower case: <c>btcusdt@depth@100ms</c> gives <c>depth</c>, <c>!forceOrder@arr</c> gives <c>forceOrder</c>.
    /// </summary>
    internal override string? OfStream(string name)
    {
        var parts = name.Split('@');
        if (name.StartsWith('!')) return Plain(parts[0][1..]);
        return parts.Length > 1 && parts[0] == parts[0].ToLowerInvariant() ? Plain(parts[1]) : null;
    }

    /// <summary>By its stream name or event type.</summary>
    internal override string? OfFrame(byte[] frame)
    {
        try
        {
            using var document = JsonDocument.Parse(frame);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0) root = root[0];
            if (root.ValueKind != JsonValueKind.Object) return null;
            if (root.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.String) return OfStream(stream.GetString()!);
            return root.TryGetProperty("e", out var type) && type.ValueKind == JsonValueKind.String ? OfEvent(type.GetString()!) : null;
        }
        catch (JsonException)
        {
            // A captured line that is not JSON is no frame of the venue; serving it is what the garbage fault is for.
            return null;
        }
    }

    internal override string? StreamOf(ReadOnlySpan<byte> frame) => _decoder.StreamName(frame) is { Length: > 0 } name ? Encoding.UTF8.GetString(name) : null;

    internal override string RouteOf(string channel) => _public.Contains(channel) ? BinanceRoute.Public : BinanceRoute.Market;

    /// <summary>The channel of an event type: <c>depthUpdate</c> gives <c>depth</c>.</summary>
    private static string? OfEvent(string type) => type switch
    {
        "depthUpdate" => "depth",
        "markPriceUpdate" => "markPrice",
        "24hrTicker" => "ticker",
        "24hrMiniTicker" => "miniTicker",
        "assetIndexUpdate" => "assetIndex",
        "continuous_kline" => "continuousKline",
        "TRADE_LITE" or "ORDER_TRADE_UPDATE" or "ACCOUNT_UPDATE" => null,
        _ => Plain(type),
    };

    /// <summary>A channel without its interval (<c>kline_1m</c>) and depth (<c>depth20</c>).</summary>
    private static string Plain(string channel) => channel.Split('_')[0].TrimEnd('0', '1', '2', '5');
}
