using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tape.Core.Values;
using Tape.TestKit.Venues;
using static Tape.Venues.Tests.JsonOracle;

namespace Tape.Venues.Tests.Binance;

/// <summary>Binance's frames decoded the slow and plain way over <see cref="JsonDocument"/>, written from the protocol and not from the decoder.</summary>
internal static class BinanceOracle
{
    public static VenueVerdict Decode(byte[] frame) => Judge(frame, Events);

    private static List<string> Events(JsonElement root)
    {
        var lines = new List<string>();
        if (root.ValueKind == JsonValueKind.Array) return AddAll(root, "", lines).Lines;
        if (root.ValueKind != JsonValueKind.Object) return lines;
        if (Member(root, "stream") is { } stream)
        {
            var name = Text(stream);
            var data = Member(root, "data");
            if (data?.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) throw new FormFault("stream without data");
            if (AddAll(data.Value, name, lines).HasUnknown && IsKnownChannel(name)) throw new FormFault("an event that does not belong here");
        }
        else if (Member(root, "e") is not null)
        {
            AddOne(root, "", lines);
        }
        else if (Member(root, "data") is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } data && HasKnown(data))
        {
            throw new FormFault("data without stream");
        }

        return lines;
    }

    private static bool HasKnown(JsonElement data)
    {
        var elements = data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().ToArray() : [data];
        return elements.Any(element => element.ValueKind == JsonValueKind.Object && Member(element, "e") is { ValueKind: JsonValueKind.String } type
            && TryText(type) is { } text && IsKnownType(text));
    }

    private static (List<string> Lines, bool HasUnknown) AddAll(JsonElement data, string stream, List<string> lines)
    {
        var hasUnknown = false;
        foreach (var element in data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().ToArray() : [data])
            hasUnknown |= element.ValueKind != JsonValueKind.Object || !AddOne(element, stream, lines);
        return (lines, hasUnknown);
    }

    private static bool AddOne(JsonElement data, string stream, List<string> lines)
    {
        if (Member(data, "e") is not { } typeElement) return false;
        var type = Text(typeElement);
        if (!IsKnownType(type)) return false;
        if (OptionalInteger(data, "st") == 2) return true;
        switch (type)
        {
            case "aggTrade" or "trade": Trade(data, type, lines); break;
            case "bookTicker": Quote(data, lines); break;
            case "markPriceUpdate": MarkPrice(data, lines); break;
            case "forceOrder": Liquidation(data, lines); break;
            case "depthUpdate": Depth(data, stream, lines); break;
            case "kline": Candle(data, lines); break;
        }

        return true;
    }

    private static void Trade(JsonElement data, string type, List<string> lines)
    {
        var isAggregate = type == "aggTrade";
        var execution = Member(data, "X") is { } x ? Text(x) : null;
        lines.Add(EventText.Line("trades", lines.Count, Name(data, "s"), Time(data, "T"), OptionalTime(data, "E"), Number(data, "p"), Number(data, "q"),
            Flag(data, "m") ? Side.Sell : Side.Buy, Integer(data, isAggregate ? "a" : "t").ToString(CultureInfo.InvariantCulture),
            isAggregate ? OptionalInteger(data, "f") : Lowest, isAggregate ? OptionalInteger(data, "l") : Lowest,
                execution is "MARKET" or "" ? null : execution, OptionalNumber(data, "nq"), Number(data, "p") == 0 || execution == "NA"));
    }

    private static void Quote(JsonElement data, List<string> lines)
        => lines.Add(EventText.Line("bbo", lines.Count, Name(data, "s"), Time(data, "T"), OptionalTime(data, "E"),
            Number(data, "b"), Number(data, "B"), Number(data, "a"), Number(data, "A"), Integer(data, "u")));

    private static void MarkPrice(JsonElement data, List<string> lines)
    {
        var (symbol, time, rate, next) = (Name(data, "s"), Time(data, "E"), OptionalNumber(data, "r"), OptionalTime(data, "T"));
        lines.Add(EventText.Line("mark_price", lines.Count, symbol, time, Lowest, Number(data, "p"), OptionalNumber(data, "i")));
        if (!double.IsNaN(rate) && next != 0) lines.Add(EventText.Line("funding", lines.Count, symbol, time, Lowest, rate, next, Lowest,
            double.NaN));
    }

    private static void Liquidation(JsonElement data, List<string> lines)
    {
        var order = Object(data, "o");
        var sent = OptionalTime(data, "E");
        if (OptionalInteger(order, "st") == 2) return;
        var side = Text(Needed(order, "S")) switch { "BUY" => Side.Buy, "SELL" => Side.Sell, _ => throw new FormFault("side") };
        lines.Add(EventText.Line("liquidations", lines.Count, Name(order, "s"), Time(order, "T"), sent, Number(order, "p"), Number(order, "z"), side,
            OptionalNumber(order, "ap")));
    }

    private static void Depth(JsonElement data, string stream, List<string> lines)
    {
        var kind = Regex.IsMatch(stream, @"\A[^@!][^@]*@depth(5|10|20)(@|\z)|\A@depth(5|10|20)(@|\z)|\A!depth(5|10|20)(@|\z)") ? "Snapshot" : "Delta";
        var (symbol, time, sent) = (Name(data, "s"), Time(data, "T"), OptionalTime(data, "E"));
        object[] ids = [OptionalInteger(data, "U"), Integer(data, "u"), OptionalInteger(data, "pu"), Lowest];
        List<string> rows = Regex.IsMatch(stream, @"\A([^@!][^@]*)?@rpiDepth(@|\z)|\A!rpiDepth(@|\z)") ? [] : lines;
        AddBook(rows, data, ("b", "a"), (Levels(data, "b", 2, 2), Levels(data, "a", 2, 2)), (symbol, time, sent), [kind, .. ids]);
    }

    private static void Candle(JsonElement data, List<string> lines)
    {
        var candle = Object(data, "k");
        var timeframe = Text(Needed(candle, "i"));
        if (timeframe.Length == 0) throw new FormFault("timeframe");
        var close = OptionalTime(candle, "T");
        lines.Add(EventText.Line("candles", lines.Count, Name(data, "s"), Time(data, "E"), Lowest, timeframe, Time(candle, "t") / 1_000_000,
            close == Lowest ? close : close / 1_000_000,
            Number(candle, "o"), Number(candle, "h"), Number(candle, "l"), Number(candle, "c"), Number(candle, "v"), Number(candle, "q"), double.NaN,
                Integer(candle, "n"), Flag(candle, "x")));
    }

    private static bool IsKnownType(string type) =>
        type is "aggTrade" or "trade" or "bookTicker" or "markPriceUpdate" or "forceOrder" or "depthUpdate" or "kline";

    private static bool IsKnownChannel(string stream)
        => Regex.IsMatch(stream, @"\A(!|[^@!]?[^@]*@)(aggTrade|trade|bookTicker|markPrice|forceOrder|kline_[^@]*|depth|depth5|depth10|depth20)(@|\z)")
            && !(stream.StartsWith('!') && stream.IndexOf('@') is > 0 and var at
            && !Regex.IsMatch(stream[1..at], @"\A(aggTrade|trade|bookTicker|markPrice|forceOrder|kline_.*|depth|depth5|depth10|depth20)\z"));
}
