using System.Globalization;
using System.Text;

namespace Tape.Cli.Bench;

/// <summary>Made-up Binance frames in today's form, the same for the same seed.</summary>
internal sealed class SyntheticBinance(Random random)
{
    private static readonly (string Name, double Price, int Decimals)[] Symbols =
        [("BTCUSDT", 84_551.1, 2), ("ETHUSDT", 2_674.6, 2), ("SOLUSDT", 171.28, 4), ("1000PEPEUSDT", 0.0102843, 7), ("BTCUSDC", 84_549.9, 1)];

    private long _milliseconds = 1_790_526_539_033;
    private long _id = 3_466_782_974;

    /// <summary>Kinds of frames that <see cref="Frame"/> makes.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["aggTrade", "bookTicker", "depth", "markPrice"];

    /// <summary>The next frame of a kind.</summary>
    public byte[] Frame(string kind)
    {
        _milliseconds += random.Next(0, 40);
        _id += random.Next(1, 90);
        var (symbol, price, decimals) = Symbols[random.Next(Symbols.Length)];
        var text = kind switch
        {
            "aggTrade" => AggregateTrade(symbol, Near(price, decimals)),
            "bookTicker" => BookTicker(symbol, Near(price, decimals), Near(price, decimals)),
            "markPrice" => MarkPrice(symbol, price),
            _ => Depth(symbol, price, decimals),
        };
        return Encoding.UTF8.GetBytes(text);
    }

    private string AggregateTrade(string symbol, string price)
        => Wrap(symbol, "aggTrade", $$"""{"e":"aggTrade","E":{{_milliseconds + 150}},"a":{{_id}},"s":"{{symbol}}","p":"{{price}}","q":"{{Size(out var size)}}","nq":"{{size}}","f":{{_id * 2}},"l":{{(_id * 2) + 1}},"T":{{_milliseconds}},"m":{{(random.Next(2) == 0 ? "true" : "false")}},"st":1}""");

    private string BookTicker(string symbol, string bid, string ask)
        => Wrap(symbol, "bookTicker", $$"""{"e":"bookTicker","u":{{_id * 3000}},"s":"{{symbol}}","ps":"{{symbol}}","b":"{{bid}}","B":"{{Size(out _)}}","a":"{{ask}}","A":"{{Size(out _)}}","T":{{_milliseconds}},"E":{{_milliseconds + 1}},"st":1}""");

    private string MarkPrice(string symbol, double price)
        => Wrap(symbol, "markPrice@1s", $$"""{"e":"markPriceUpdate","E":{{_milliseconds}},"s":"{{symbol}}","p":"{{Near(price, 8)}}","ap":"{{Near(price, 8)}}","P":"{{Near(price, 8)}}","i":"{{Near(price, 8)}}","r":"0.0000{{random.Next(1000, 9999)}}","T":1790553600000,"st":1}""");

    private string Depth(string symbol, double price, int decimals)
    {
        var (bids, asks) = (Levels(price, decimals), Levels(price, decimals));
        return Wrap(symbol, "depth@100ms", $$"""{"e":"depthUpdate","E":{{_milliseconds + 1}},"T":{{_milliseconds}},"s":"{{symbol}}","ps":"{{symbol}}","U":{{_id * 3000}},"u":{{(_id * 3000) + 700}},"pu":{{(_id * 3000) - 1}},"b":[{{bids}}],"a":[{{asks}}],"st":1}""");
    }

    private string Levels(double price, int decimals)
        => string.Join(',', Enumerable.Range(0, random.Next(1, 40)).Select(_ => $"[\"{Near(price, decimals)}\",\"{Size(out var _)}\"]"));

    private static string Wrap(string symbol, string channel, string data) => $$"""{"stream":"{{symbol.ToLowerInvariant()}}@{{channel}}","data":{{data}}}""";

    private string Near(double price, int decimals)
        => (price * (1 + (random.NextDouble() / 1000))).ToString("F" + decimals, CultureInfo.InvariantCulture);

    private string Size(out string size) => size = (random.Next(1, 20_000) / 1000.0).ToString("F3", CultureInfo.InvariantCulture);
}
