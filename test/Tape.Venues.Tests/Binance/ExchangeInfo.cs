using System.Text;

namespace Tape.Venues.Tests.Binance;

/// <summary>Lists of instruments in the venue's form, written for these tests.</summary>
internal static class ExchangeInfo
{
    public const string Perpetual =
        """
        {"symbol":"BTCUSDT","pair":"BTCUSDT","contractType":"PERPETUAL","deliveryDate":4133404800000,"onboardDate":1569398400000,"status":"TRADING","maintMarginPercent":"2.5000","baseAsset":"BTC","quoteAsset":"USDT","marginAsset":"USDT","pricePrecision":2,"quantityPrecision":3,"underlyingType":"COIN","underlyingSubType":["PoW"],"filters":[{"maxPrice":"4529764","filterType":"PRICE_FILTER","tickSize":"0.10","minPrice":"556.80"},{"filterType":"LOT_SIZE","maxQty":"1000","stepSize":"0.001","minQty":"0.001"},{"filterType":"MARKET_LOT_SIZE","stepSize":"0.002","maxQty":"120","minQty":"0.001"},{"limit":200,"filterType":"MAX_NUM_ORDERS"},{"filterType":"MIN_NOTIONAL","notional":"50"}],"orderTypes":["LIMIT","MARKET"]}
        """;

    public const string Quarterly =
        """
        {"symbol":"BTCUSDT_261225","contractType":"CURRENT_QUARTER","deliveryDate":1798185600000,"onboardDate":0,"status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","marginAsset":"USDT","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.10"},{"filterType":"LOT_SIZE","stepSize":"0.001"}]}
        """;

    public static byte[] Of(params string[] symbols) => Encoding.UTF8.GetBytes($$"""{"timezone":"UTC","serverTime":1798000000000,"rateLimits":[],"symbols":[{{string.Join(',', symbols)}}]}""");

    /// <summary>The perpetual with another symbol and status.</summary>
    public static string Like(string symbol, string status = "TRADING", string type = "PERPETUAL") =>
        Perpetual.Replace("\"symbol\":\"BTCUSDT\"", $"\"symbol\":\"{symbol}\"").Replace("\"TRADING\"", $"\"{status}\"").Replace("\"PERPETUAL\"", $"\"{type}\"");
}
