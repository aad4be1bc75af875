using System.Text.Json;
using System.Text.RegularExpressions;
using Tape.Core.Values;
using Tape.TestKit.Venues;
using static Tape.Venues.Tests.JsonOracle;

namespace Tape.Venues.Tests.Bybit;

/// <summary>Bybit's frames decoded the slow and plain way over <see cref="JsonDocument"/>, written from the protocol and not from the decoder.</summary>
internal static class BybitOracle
{
    private static readonly Dictionary<string, string> Timeframes = new()
    {
        ["1"] = "1m",
        ["3"] = "3m",
        ["5"] = "5m",
        ["15"] = "15m",
        ["30"] = "30m",
        ["60"] = "1h",
        ["120"] = "2h",
        ["240"] = "4h",
        ["360"] = "6h",
        ["720"] = "12h",
        ["D"] = "1d",
        ["W"] = "1w",
        ["M"] = "1M",
    };

    public static VenueVerdict Decode(byte[] frame) => Judge(frame, Events);

    private static List<string> Events(JsonElement root)
    {
        var lines = new List<string>();
        if (root.ValueKind != JsonValueKind.Object) return lines;
        if (Member(root, "topic") is not { } topic)
        {
            return Member(root, "op") is null && Member(root, "data") is not null ? throw new FormFault("data without topic") : lines;
        }

        var name = Regex.Match(Text(topic), @"\A(?:(publicTrade|tickers|allLiquidation)|(orderbook)\.([0-9]+)|(kline)\.([0-9A-Z]+))\.(.+)\z",
            RegexOptions.Singleline);
        if (!name.Success || (name.Groups[4].Success && !Timeframes.ContainsKey(name.Groups[5].Value))) return lines;
        switch (name.Groups[1].Value + name.Groups[2].Value + name.Groups[4].Value)
        {
            case "publicTrade": Each(root, element => Trade(root, element, lines)); break;
            case "allLiquidation": Each(root, element => Liquidation(root, element, lines)); break;
            case "kline": Each(root, element => Candle(root, element, name.Groups[6].Value, Timeframes[name.Groups[5].Value], lines)); break;
            case "tickers": Tickers(root, Object(root, "data"), lines); break;
            default: Book(root, Object(root, "data"), name.Groups[3].Value == "1", lines); break;
        }

        return lines;
    }

    private static void Each(JsonElement root, Action<JsonElement> add)
    {
        if (Needed(root, "data") is not { ValueKind: JsonValueKind.Array } data) throw new FormFault("data is no array");
        OptionalTime(root, "ts");
        foreach (var element in data.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Object) throw new FormFault("an element is no object");
            add(element);
        }
    }

    private static void Trade(JsonElement root, JsonElement data, List<string> lines)
    {
        var flags = string.Join(',', new[] { (Name: "BT", Flag: "block"),
            (Name: "RPI", Flag: "rpi") }.Where(mark => Member(data, mark.Name) is not null && Flag(data, mark.Name)).Select(mark => mark.Flag));
        lines.Add(EventText.Line("trades", lines.Count, Name(data, "s"), Time(data, "T"), OptionalTime(root, "ts"), Number(data, "p"), Number(data, "v"),
            TakerSide(data, "Buy", "Sell"), Name(data, "i"), Lowest, Lowest, flags.Length == 0 ? null : flags,
            double.NaN, false));
    }

    private static void Liquidation(JsonElement root, JsonElement data, List<string> lines)
        => lines.Add(EventText.Line("liquidations", lines.Count, Name(data, "s"), Time(data, "T"), OptionalTime(root, "ts"), Number(data, "p"),
            Number(data, "v"), TakerSide(data, "Sell", "Buy"), double.NaN));

    private static Side TakerSide(JsonElement data, string buy, string sell)
        => Text(Needed(data, "S")) is var side && side == buy ? Side.Buy : side == sell ? Side.Sell : throw new FormFault("side");

    private static void Candle(JsonElement root, JsonElement data, string symbol, string timeframe, List<string> lines)
    {
        var close = OptionalTime(data, "end");
        lines.Add(EventText.Line("candles", lines.Count, symbol, Time(root, "ts"), Lowest, timeframe, Time(data, "start") / 1_000_000,
            close == Lowest ? close : close / 1_000_000,
            Number(data, "open"), Number(data, "high"), Number(data, "low"), Number(data, "close"), Number(data, "volume"), Number(data, "turnover"),
                double.NaN, Lowest, Flag(data, "confirm")));
    }

    private static void Tickers(JsonElement root, JsonElement data, List<string> lines)
    {
        var (symbol, time) = (Name(data, "symbol"), Time(root, "ts"));
        var next = QuotedTime(data, "nextFundingTime");
        Add("bbo", [.. new[] { "bid1Price", "bid1Size", "ask1Price", "ask1Size" }.Select(name => (object)OptionalNumber(data, name)), Lowest]);
        Add("mark_price", [OptionalNumber(data, "markPrice"), OptionalNumber(data, "indexPrice")]);
        var hours = QuotedInteger(data, "fundingIntervalHour");
        if (hours != Lowest && hours is < 0 or > 100_000) throw new FormFault("fundingIntervalHour");
        Add("funding", [OptionalNumber(data, "fundingRate"), next == 0 ? Lowest : next, hours == Lowest ? hours : hours * 3600, double.NaN]);
        Add("open_interest", [OptionalNumber(data, "openInterest"), OptionalNumber(data, "openInterestValue")]);

        void Add(string table, object[] columns)
        {
            if (columns.Any(column => column is not (double.NaN or Lowest))) lines.Add(EventText.Line(table, lines.Count, symbol, time, Lowest, columns));
        }
    }

    private static void Book(JsonElement root, JsonElement data, bool isQuote, List<string> lines)
    {
        var kind = Text(Needed(root, "type")) switch { "snapshot" => "Snapshot", "delta" => "Delta", _ => throw new FormFault("type") };
        var (symbol, engine, sent) = (Name(data, "s"), OptionalTime(root, "cts"), OptionalTime(root, "ts"));
        if (engine == Lowest) (engine, sent) = (Time(root, "ts"), Lowest);
        var id = Integer(data, "u");
        var (bids, asks) = (Levels(data, "b", 2, 2), Levels(data, "a", 2, 2));
        if (isQuote)
        {
            var (bid, ask) = (bids.Append((double.NaN, double.NaN)).First(level => level.Item2 != 0),
                asks.Append((double.NaN, double.NaN)).First(level => level.Item2 != 0));
            lines.Add(EventText.Line("bbo", 0, symbol, engine, sent, bid.Item1, bid.Item2, ask.Item1, ask.Item2, id));
            return;
        }

        AddBook(lines, data, ("b", "a"), (bids, asks), (symbol, engine, sent), [kind, Lowest, id, Lowest, OptionalInteger(data, "seq")]);
    }
}
