namespace Tape.Bench.Synthetic;

/// <summary>Made-up Bybit frames. Tickers are mostly deltas of a few fields, as the venue sends them.</summary>
internal sealed class SyntheticBybit(Random random) : FrameMaker(random)
{
    private static readonly (string Name, double Price, int Decimals)[] Symbols =
        [("BTCUSDT", 84_551.1, 2), ("ETHUSDT", 2_674.6, 2), ("SOLUSDT", 171.28, 3), ("1000PEPEUSDT", 0.0102843, 7), ("BTCPERP", 84_549.9, 2)];

    /// <summary>
    /// What deltas of tickers hold, about as often as in a captured session: the best bid or offer mostly, mark and index price now and then.
    /// </summary>
    private static readonly string[][] TickerDeltas =
    [
        ["bid1Size"], ["bid1Size"], ["ask1Size"], ["ask1Size"], ["bid1Size", "ask1Size"], ["bid1Price", "bid1Size"], ["ask1Price", "ask1Size"],
        ["lastPrice", "bid1Price", "bid1Size", "ask1Price", "ask1Size"], ["markPrice"], ["markPrice", "indexPrice"], ["indexPrice", "bid1Size"],
            ["openInterest", "openInterestValue"],
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> KindNames { get; } = ["publicTrade", "orderbook.1", "tickers", "orderbook.50", "allLiquidation", "kline.1"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mixed { get; } = ["publicTrade", "orderbook.1"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Rare { get; } =
    [
        """{"topic":"orderbook.1.BTCUSDT","type":"delta","ts":1790526539033,"data":{"s":"BTCUSDT","b":[["84551.10","0"],["84551.00","3.2"]],"a":[],"u":18521288,"seq":1}}""",
        """{"topic":"tickers.BTC-26DEC31","type":"snapshot","data":{"symbol":"BTC-26DEC31","fundingRate":"","nextFundingTime":"","ask1Price":"88000","bid1Price":""},"cs":3,"ts":1790526539033}""",
        """{"data":[{"T":3,"s":"A","S":"Buy","v":"1","p":"2","i":"j"}],"ts":7,"topic":"publicTrade.A"}""",
        """{"success":false,"ret_msg":"Invalid topic","conn_id":"x","req_id":"1","op":"subscribe"}""",
        """{"success":true,"ret_msg":"pong","conn_id":"x","req_id":"","op":"ping"}""",
    ];

    protected override string Text(string kind)
    {
        var (symbol, price, decimals) = Symbols[Random.Next(Symbols.Length)];
        return kind switch
        {
            "publicTrade" => Trades(symbol, price, decimals),
            "orderbook.1" => Book("1", "snapshot", symbol, $"[\"{Near(price, decimals)}\",\"{Size()}\"]", $"[\"{Near(price, decimals)}\",\"{Size()}\"]"),
            "orderbook.50" => Book("50", "delta", symbol, Levels(price, decimals), Levels(price, decimals)),
            "tickers" => Ticker(symbol, price, decimals),
            "allLiquidation" => $$"""{"topic":"allLiquidation.{{symbol}}","type":"snapshot","ts":{{Milliseconds + 5}},"data":[{"T":{{Milliseconds}},"s":"{{symbol}}","S":"{{SideName}}","v":"{{Size()}}","p":"{{Near(price, decimals)}}"}]}""",
            _ => $$"""{"topic":"kline.1.{{symbol}}","data":[{"start":{{Milliseconds / 60_000 * 60_000}},"end":{{(Milliseconds / 60_000 * 60_000) + 59_999}},"interval":"1","open":"{{Near(price, decimals)}}","close":"{{Near(price, decimals)}}","high":"{{Near(price, decimals)}}","low":"{{Near(price, decimals)}}","volume":"{{Size()}}","turnover":"{{Size()}}","confirm":false,"timestamp":{{Milliseconds}}}],"ts":{{Milliseconds}},"type":"snapshot"}""",
        };
    }

    private string SideName => Random.Next(2) == 0 ? "Buy" : "Sell";

    private string Trades(string symbol, double price, int decimals)
    {
        var trades = Enumerable.Range(0, Random.Next(3) == 0 ? Random.Next(2, 9) : 1).Select(_ =>
            $$"""{"T":{{Milliseconds}},"s":"{{symbol}}","S":"{{SideName}}","v":"{{Size()}}","p":"{{Near(price, decimals)}}","L":"{{(Random.Next(2) == 0 ? "PlusTick" : "ZeroMinusTick")}}","i":"{{Uuid()}}","BT":false,"RPI":false,"seq":{{Id * 100}}}""");
        return $$"""{"topic":"publicTrade.{{symbol}}","type":"snapshot","ts":{{Milliseconds + 2}},"data":[{{string.Join(',', trades)}}]}""";
    }

    private string Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.NextBytes(bytes);
        return new Guid(bytes).ToString("D", CultureInfo.InvariantCulture);
    }

    private string Book(string depth, string type, string symbol, string bids, string asks)
        => $$"""{"topic":"orderbook.{{depth}}.{{symbol}}","type":"{{type}}","ts":{{Milliseconds + 3}},"data":{"s":"{{symbol}}","b":[{{bids}}],"a":[{{asks}}],"u":{{Id}},"seq":{{Id * 100}}},"cts":{{Milliseconds}}}""";

    private string Ticker(string symbol, double price, int decimals)
    {
        var fields = TickerDeltas[Random.Next(TickerDeltas.Length)]
            .Select(name => $"\"{name}\":\"{(name.EndsWith("Size", StringComparison.Ordinal) ? Size() : Near(price, decimals))}\"");
        return $$"""{"topic":"tickers.{{symbol}}","type":"delta","data":{"symbol":"{{symbol}}",{{string.Join(',', fields)}}},"cs":{{Id * 100}},"ts":{{Milliseconds}}}""";
    }
}
