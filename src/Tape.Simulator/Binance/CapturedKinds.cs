namespace Tape.Simulator.Binance;

/// <summary>Which channel a captured frame belongs to, and which route delivers the channel.</summary>
internal static class CapturedKinds
{
    private static readonly string[] _public = ["bookTicker", "depth", "rpiDepth", "trade"];

    /// <summary>The channel of a stream name: <c>btcusdt@depth@100ms</c> gives <c>depth</c>, <c>!forceOrder@arr</c> gives <c>forceOrder</c>.</summary>
    public static string? OfStream(string name)
    {
        var parts = name.Split('@');
        if (name.StartsWith('!')) return Plain(parts[0][1..]);
        return parts.Length > 1 ? Plain(parts[1]) : null;
    }

    /// <summary>The channel of an event type: <c>depthUpdate</c> gives <c>depth</c>.</summary>
    public static string? OfEvent(string type) => type switch
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

    /// <summary>The route that delivers a channel.</summary>
    public static string RouteOf(string kind) => _public.Contains(kind) ? BinanceRoute.Public : BinanceRoute.Market;

    /// <summary>A channel without its interval (<c>kline_1m</c>) and depth (<c>depth20</c>).</summary>
    private static string Plain(string channel) => channel.Split('_')[0].TrimEnd('0', '1', '2', '5');
}
