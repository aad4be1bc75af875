namespace Tape.Bench.Gaps;

/// <summary>The smallest frame of each channel that its decoder takes: only ids matter here.</summary>
internal static class FrameTexts
{
    private const string SoldOut = """
        "S":"SELL","o":"LIMIT","f":"IOC","q":"1","p":"100","ap":"100","X":"FILLED","l":"1","z":"1"
        """;

    private const string BinanceOnes = """
        "o":"1","c":"1","h":"1","l":"1","v":"1","n":1,"x":false,"q":"1"
        """;

    private const string BybitOnes = """
        "open":"1","close":"1","high":"1","low":"1","volume":"1","turnover":"1"
        """;

    private const string BoughtUp = """
        "S":"Buy","v":"0.001","p":"100.5","L":"PlusTick"
        """;

    private const string LiquidatedSwap = """
        "instFamily":"BTC-USDT","instId":"BTC-USDT-SWAP","instType":"SWAP","uly":"BTC-USDT"
        """;

    /// <summary>A frame.</summary>
    /// <param name="wire">The venue's name of the stream.</param>
    /// <param name="before">The id before it.</param>
    /// <param name="id">Its own id, the last one where it stands for several.</param>
    /// <param name="isSnapshot">Whether it is a full book, on channels that send such.</param>
    public static byte[] Of(StreamKey key, string wire, long before, long id, bool isSnapshot, long at)
    {
        var ms = at / UnixNanos.PerMillisecond;
        var text = key.Venue switch
        {
            "binance" => $$"""{"stream":"{{wire}}","data":{{Binance(key, before, id, ms)}}}""",
            "bybit" => $$"""{"topic":"{{wire}}","type":"{{BybitType(key, isSnapshot)}}","ts":{{ms}},"data":{{Bybit(key, id, ms)}}}""",
            _ => $$"""
                {"arg":{"channel":"{{key.Channel}}",{{OkxTarget(key)}}},{{OkxAction(key, isSnapshot)}}"data":[{{Okx(key, before, id, isSnapshot, ms)}}]}
                """,
        };
        return Encoding.UTF8.GetBytes(text);
    }

    private static string Binance(StreamKey key, long before, long id, long ms) => key.Channel.Split('@')[0] switch
    {
        "aggTrade" => $$"""{"e":"aggTrade","E":{{ms}},"a":{{id}},"s":"{{key.Symbol}}","p":"100.5","q":"0.030","f":{{id}},"l":{{id}},"T":{{ms}},"m":false}""",
        "trade" => $$"""{"e":"trade","E":{{ms}},"T":{{ms}},"s":"{{key.Symbol}}","t":{{id}},"p":"100.5","q":"0.006","X":"MARKET","m":false}""",
        "bookTicker" => $$"""{"e":"bookTicker","u":{{id}},"s":"{{key.Symbol}}","b":"100.4","B":"2","a":"100.5","A":"3","T":{{ms}},"E":{{ms}}}""",
        "markPrice" => $$"""{"e":"markPriceUpdate","E":{{ms}},"s":"{{key.Symbol}}","p":"100.5","P":"100.5","i":"100.6","r":"0.0001","T":{{ms}}}""",
        "forceOrder" => $$$"""{"e":"forceOrder","E":{{{ms}}},"o":{"s":"{{{key.Symbol}}}",{{{SoldOut}}},"T":{{{ms}}}}}""",
        "depth" => $$"""
            {"e":"depthUpdate","E":{{ms}},"T":{{ms}},"s":"{{key.Symbol}}","U":{{before + 1}},"u":{{id}},"pu":{{before}},"b":[["100.4","10"]],"a":[]}
            """,
        "kline_1m" => $$$"""
            {"e":"kline","E":{{{ms}}},"s":"{{{key.Symbol}}}","k":{"t":{{{ms}}},"T":{{{ms + 59_999}}},"s":"{{{key.Symbol}}}","i":"1m",{{{BinanceOnes}}}}}
            """,
        _ => $$"""{"e":"24hrTicker","E":{{ms}},"s":"{{key.Symbol}}"}""",
    };

    private static string BybitType(StreamKey key, bool isSnapshot) => isSnapshot || key.Channel == "orderbook.1" ? "snapshot" : "delta";

    private static string Bybit(StreamKey key, long id, long ms) => key.Channel switch
    {
        "publicTrade" => $$"""[{"T":{{ms}},"s":"{{key.Symbol}}",{{BoughtUp}},"i":"f6f37bc9-6ffa-5533-a943-{{id:x12}}","BT":false,"seq":{{id}}}]""",
        "tickers" => $$"""{"symbol":"{{key.Symbol}}","markPrice":"100.5"}""",
        "allLiquidation" => $$"""[{"T":{{ms}},"s":"{{key.Symbol}}","S":"Sell","v":"20","p":"100"}]""",
        "kline.1" => $$"""[{"start":{{ms}},"end":{{ms + 59_999}},"interval":"1",{{BybitOnes}},"confirm":false,"timestamp":{{ms}}}]""",
        _ => $$"""{"s":"{{key.Symbol}}","b":[["100.4","2"]],"a":[["100.5","1"]],"u":{{id}},"seq":{{id}}}""",
    };

    private static string OkxTarget(StreamKey key) => key.Channel == "liquidation-orders" ? "\"instType\":\"SWAP\"" : $"\"instId\":\"{key.Symbol}\"";

    private static string OkxAction(StreamKey key, bool isSnapshot) => key.Channel == "books" ? $"\"action\":\"{(isSnapshot ? "snapshot" : "update")}\"," : "";

    private static string OkxTrade(long id, long ms) => $$"""
        "tradeId":"{{id}}","px":"100.5","sz":"1","side":"buy","ts":"{{ms}}"
        """;

    private static string OkxFunding(long ms) => $$"""
        "fundingRate":"0.0001","fundingTime":"{{ms}}","nextFundingRate":"","nextFundingTime":"{{ms}}"
        """;

    private static string Okx(StreamKey key, long before, long id, bool isSnapshot, long ms) => key.Channel switch
    {
        "trades" => $$"""{"instId":"{{key.Symbol}}",{{OkxTrade(id, ms)}},"count":"{{id - before}}","source":"0","seqId":{{id}}}""",
        "trades-all" => $$"""{"instId":"{{key.Symbol}}",{{OkxTrade(id, ms)}}}""",
        "bbo-tbt" => $$"""{"asks":[["100.5","4","0","1"]],"bids":[["100.4","2","0","1"]],"ts":"{{ms}}","seqId":{{id}}}""",
        "mark-price" => $$"""{"instType":"SWAP","instId":"{{key.Symbol}}","markPx":"100.5","ts":"{{ms}}"}""",
        "index-tickers" => $$"""{"instId":"{{key.Symbol}}","idxPx":"100.5","ts":"{{ms}}"}""",
        "funding-rate" => $$"""{"instType":"SWAP","instId":"{{key.Symbol}}",{{OkxFunding(ms)}},"ts":"{{ms}}"}""",
        "open-interest" => $$"""{"instType":"SWAP","instId":"{{key.Symbol}}","oi":"22","oiCcy":"1","oiUsd":"3","ts":"{{ms}}"}""",
        "liquidation-orders" => $$"""
            {"details":[{"bkLoss":"0","bkPx":"100","ccy":"","posSide":"short","side":"buy","sz":"13","ts":"{{ms}}"}],{{LiquidatedSwap}}}
            """,
        "tickers" => $$"""{"instType":"SWAP","instId":"{{key.Symbol}}","last":"1","askPx":"100.5","askSz":"1","bidPx":"100.4","bidSz":"1","ts":"{{ms}}"}""",
        "candle1m" => $$"""["{{ms}}","1","1","1","1","1","1","1","0"]""",
        _ => $$"""{"asks":[["100.5","4","0","1"]],"bids":[],"ts":"{{ms}}","checksum":0,"prevSeqId":{{(isSnapshot ? -1 : before)}},"seqId":{{id}}}""",
    };
}
