namespace Tape.Bench.Synthetic;

/// <summary>Made-up Binance frames.</summary>
internal sealed class SyntheticBinance(Random random) : FrameMaker(random)
{
    private static readonly (string Name, double Price, int Decimals)[] Symbols =
        [("BTCUSDT", 84_551.1, 2), ("ETHUSDT", 2_674.6, 2), ("SOLUSDT", 171.28, 4), ("1000PEPEUSDT", 0.0102843, 7), ("BTCUSDC", 84_549.9, 1)];

    /// <summary>Kinds of frames that are made.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["aggTrade", "bookTicker", "depth", "markPrice"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> KindNames => Kinds;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mixed { get; } = ["aggTrade", "trade", "bookTicker"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Rare { get; } =
    [
        """{"stream":"!forceOrder@arr","data":{"e":"forceOrder","E":1790526547773,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"9243","p":"0.1005200","X":"FILLED","z":"9243","T":1790526546763,"st":1}}}""",
        """{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1790526539304,"s":"BTCUSDT","k":{"t":1790526480000, "T":1790526539999, "s":"BTCUSDT", "i":"1m", "o":"84550.20", "c":"84551.10", "h":"84558.90", "l":"84536.70", "v":"104.194", "n":1483, "x":false, "q":"8809619.55440"}}}""",
        """{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"INSURANCE_FUND","m":false}}""",
        """[{"e":"markPriceUpdate","E":1790755199000,"s":"BTCUSDT","p":"83259.6","T":1790755200000,"r":""},{"e":"other"}]""",
        """{"e":"depthUpdate","E":1,"T":2,"s":"BTCUSDT","U":157,"u":160,"pu":149,"b":[],"a":[]}""",
        """{"error":{"code":4,"msg":"Too many subscriptions"},"id":4}""",
        """{"result":null,"id":1}""",
    ];

    protected override string Text(string kind)
    {
        var (symbol, price, decimals) = Symbols[Random.Next(Symbols.Length)];
        return kind switch
        {
            "aggTrade" => AggregateTrade(symbol, Near(price, decimals), Size()),
            "bookTicker" => BookTicker(symbol, Near(price, decimals), Near(price, decimals)),
            "markPrice" => MarkPrice(symbol, price),
            _ => Depth(symbol, price, decimals),
        };
    }

    private string AggregateTrade(string symbol, string price, string size)
        => Wrap(symbol, "aggTrade", $$"""{"e":"aggTrade","E":{{Milliseconds + 150}},"a":{{Id}},"s":"{{symbol}}","p":"{{price}}","q":"{{size}}","nq":"{{size}}","f":{{Id * 2}},"l":{{(Id * 2) + 1}},"T":{{Milliseconds}},"m":{{(Random.Next(2) == 0 ? "true" : "false")}},"st":1}""");

    private string BookTicker(string symbol, string bid, string ask)
        => Wrap(symbol, "bookTicker", $$"""{"e":"bookTicker","u":{{Id * 3000}},"s":"{{symbol}}","ps":"{{symbol}}","b":"{{bid}}","B":"{{Size()}}","a":"{{ask}}","A":"{{Size()}}","T":{{Milliseconds}},"E":{{Milliseconds + 1}},"st":1}""");

    private string MarkPrice(string symbol, double price)
        => Wrap(symbol, "markPrice@1s", $$"""{"e":"markPriceUpdate","E":{{Milliseconds}},"s":"{{symbol}}","p":"{{Near(price, 8)}}","ap":"{{Near(price, 8)}}","P":"{{Near(price, 8)}}","i":"{{Near(price, 8)}}","r":"0.0000{{Random.Next(1000, 9999)}}","T":1790553600000,"st":1}""");

    private string Depth(string symbol, double price, int decimals)
    {
        var (bids, asks) = (Levels(price, decimals), Levels(price, decimals));
        return Wrap(symbol, "depth@100ms", $$"""{"e":"depthUpdate","E":{{Milliseconds + 1}},"T":{{Milliseconds}},"s":"{{symbol}}","ps":"{{symbol}}","U":{{Id * 3000}},"u":{{(Id * 3000) + 700}},"pu":{{(Id * 3000) - 1}},"b":[{{bids}}],"a":[{{asks}}],"st":1}""");
    }

    private static string Wrap(string symbol, string channel, string data) => $$"""{"stream":"{{symbol.ToLowerInvariant()}}@{{channel}}","data":{{data}}}""";
}
