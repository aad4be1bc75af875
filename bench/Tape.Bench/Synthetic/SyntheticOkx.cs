namespace Tape.Bench.Synthetic;

/// <summary>Made-up OKX frames.</summary>
internal sealed class SyntheticOkx(Random random) : FrameMaker(random)
{
    private static readonly (string Name, double Price, int Decimals)[] Symbols =
        [("BTC-USDT-SWAP", 84_551.1, 1), ("ETH-USDT-SWAP", 2_674.6, 2), ("SOL-USDT-SWAP", 171.28, 2), ("PEPE-USDT-SWAP", 0.0000102843, 10),
            ("BTC-USDC-SWAP", 84_549.9, 1)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> KindNames { get; } =
        ["trades", "bbo-tbt", "tickers", "mark-price", "funding-rate", "open-interest", "books", "candle1m"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Mixed { get; } = ["trades", "bbo-tbt"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Rare { get; } =
    [
        """{"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{"details":[{"bkLoss":"0","bkPx":"0.4162","ccy":"","posSide":"short","side":"buy","sz":"2137","ts":"1790526539033"}],"instFamily":"A-USDT","instId":"A-USDT-SWAP","instType":"SWAP","uly":"A-USDT"}]}""",
        """{"arg":{"channel":"books","instId":"BTC-USDT-SWAP"},"action":"snapshot","data":[{"asks":[],"bids":[],"ts":"1790526539033","checksum":0,"prevSeqId":-1,"seqId":342177337428}]}""",
        """{"arg":{"channel":"index-tickers","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","idxPx":"83043.9","open24h":"83990.9","ts":"1790526539033"}]}""",
        """{"data":[{"instId":"A-USDT-SWAP","markPx":"1","ts":"5"}],"arg":{"instId":"A-USDT-SWAP","channel":"mark-price"}}""",
        """{"id":"18","event":"error","msg":"Wrong URL or channel","code":"60018","connId":"e1f69f02"}""",
        """{"id":"17","event":"subscribe","arg":{"channel":"trades","instId":"BTC-USDT-SWAP"},"connId":"22b47786"}""",
    ];

    protected override string Text(string kind)
    {
        var (symbol, price, decimals) = Symbols[Random.Next(Symbols.Length)];
        return kind switch
        {
            "trades" => Wrap(kind, symbol, $$"""{"instId":"{{symbol}}","tradeId":"{{Id}}","px":"{{Near(price, decimals)}}","sz":"{{Size(2)}}","side":"{{(Random.Next(2) == 0 ? "buy" : "sell")}}","ts":"{{Milliseconds}}","count":"{{Random.Next(1, 9)}}","source":"0","seqId":{{Id * 100}}}"""),
            "bbo-tbt" => Wrap(kind, symbol, $$"""{"asks":[["{{Near(price, decimals)}}","{{Size(2)}}","0","71"]],"bids":[["{{Near(price, decimals)}}","{{Size(2)}}","0","8"]],"ts":"{{Milliseconds}}","seqId":{{Id * 100}}}"""),
            "tickers" => Wrap(kind, symbol, $$"""{"instType":"SWAP","instId":"{{symbol}}","last":"{{Near(price, decimals)}}","lastSz":"{{Size(2)}}","askPx":"{{Near(price, decimals)}}","askSz":"{{Size(2)}}","bidPx":"{{Near(price, decimals)}}","bidSz":"{{Size(2)}}","open24h":"{{Near(price, decimals)}}","high24h":"{{Near(price, decimals)}}","low24h":"{{Near(price, decimals)}}","sodUtc0":"{{Near(price, decimals)}}","sodUtc8":"{{Near(price, decimals)}}","volCcy24h":"10211.5","vol24h":"1021152.4","ts":"{{Milliseconds}}"}"""),
            "mark-price" => Wrap(kind, symbol, $$"""{"instId":"{{symbol}}","instType":"SWAP","markPx":"{{Near(price, decimals)}}","ts":"{{Milliseconds}}"}"""),
            "funding-rate" => Wrap(kind, symbol, $$"""{"formulaType":"withRate","fundingRate":"0.0000{{Random.Next(1000, 9999)}}","fundingTime":"1790784000000","instId":"{{symbol}}","instType":"SWAP","nextFundingRate":"","nextFundingTime":"1790812800000","premium":"-0.0005","settState":"settled","ts":"{{Milliseconds}}"}"""),
            "open-interest" => Wrap(kind, symbol, $$"""{"instId":"{{symbol}}","instType":"SWAP","oi":"{{Random.Next(1_000_000)}}.99000000925","oiCcy":"28744.8699000000925","oiUsd":"{{Near(price * 20_000, 12)}}","ts":"{{Milliseconds}}"}"""),
            "candle1m" => Wrap(kind, symbol, $$"""["{{Milliseconds / 60_000 * 60_000}}","{{Near(price, decimals)}}","{{Near(price, decimals)}}","{{Near(price, decimals)}}","{{Near(price, decimals)}}","1330.07","13.3007","889750.68514","0"]"""),
            _ => Wrap(kind, symbol, $$"""{"asks":[{{Levels(price, decimals, ",\"0\",\"3\"")}}],"bids":[{{Levels(price, decimals, ",\"0\",\"1\"")}}],"ts":"{{Milliseconds}}","checksum":0,"seqId":{{Id * 100}},"prevSeqId":{{(Id * 100) - 7}}}""", "\"action\":\"update\","),
        };
    }

    private static string Wrap(string channel, string symbol, string data, string action = "") => $$"""{"arg":{"channel":"{{channel}}","instId":"{{symbol}}"},{{action}}"data":[{{data}}]}""";
}
