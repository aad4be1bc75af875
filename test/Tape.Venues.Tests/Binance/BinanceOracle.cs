using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tape.Core.Values;
using Tape.TestKit.Venues;

namespace Tape.Venues.Tests.Binance;

/// <summary>Binance's frames decoded the slow and plain way over <see cref="JsonDocument"/>, written from the protocol and not from the decoder.</summary>
internal static partial class BinanceOracle
{
    private const long Lowest = long.MinValue;

    public static VenueVerdict Decode(byte[] frame)
    {
        try
        {
            var reader = new Utf8JsonReader(frame);
            while (reader.Read())
            {
            }

            using var document = JsonDocument.Parse(frame);
            return new VenueVerdict(null, Events(document.RootElement));
        }
        catch (JsonException fault)
        {
            return new VenueVerdict(fault.Message, []);
        }
        catch (FormFault fault)
        {
            return new VenueVerdict(fault.Message, []);
        }
    }

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
        return elements.Any(element => element.ValueKind == JsonValueKind.Object && Member(element, "e") is { ValueKind: JsonValueKind.String } type && TryText(type) is { } text && IsKnownType(text));
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
        lines.Add(EventText.Line("trades", lines.Count, Symbol(data), Time(data, "T"), OptionalTime(data, "E"), Number(data, "p"), Number(data, "q"),
            Flag(data, "m") ? Side.Sell : Side.Buy, Integer(data, isAggregate ? "a" : "t").ToString(CultureInfo.InvariantCulture),
            isAggregate ? OptionalInteger(data, "f") : Lowest, isAggregate ? OptionalInteger(data, "l") : Lowest, execution is "MARKET" or "" ? null : execution));
    }

    private static void Quote(JsonElement data, List<string> lines)
        => lines.Add(EventText.Line("bbo", lines.Count, Symbol(data), Time(data, "T"), OptionalTime(data, "E"),
            Number(data, "b"), Number(data, "B"), Number(data, "a"), Number(data, "A"), Integer(data, "u")));

    private static void MarkPrice(JsonElement data, List<string> lines)
    {
        var (symbol, time, rate, next) = (Symbol(data), Time(data, "E"), OptionalNumber(data, "r"), OptionalTime(data, "T"));
        lines.Add(EventText.Line("mark_price", lines.Count, symbol, time, Lowest, Number(data, "p"), OptionalNumber(data, "i")));
        if (!double.IsNaN(rate) && next != 0) lines.Add(EventText.Line("funding", lines.Count, symbol, time, Lowest, rate, next));
    }

    private static void Liquidation(JsonElement data, List<string> lines)
    {
        var order = Object(data, "o");
        var sent = OptionalTime(data, "E");
        if (OptionalInteger(order, "st") == 2) return;
        var side = Text(Needed(order, "S")) switch { "BUY" => Side.Buy, "SELL" => Side.Sell, _ => throw new FormFault("side") };
        lines.Add(EventText.Line("liquidations", lines.Count, Symbol(order), Time(order, "T"), sent, Number(order, "p"), Number(order, "z"), side));
    }

    private static void Depth(JsonElement data, string stream, List<string> lines)
    {
        var kind = Regex.IsMatch(stream, @"\A[^@!][^@]*@depth(5|10|20)(@|\z)|\A@depth(5|10|20)(@|\z)|\A!depth(5|10|20)(@|\z)") ? "Snapshot" : "Delta";
        var (symbol, time, sent) = (Symbol(data), Time(data, "T"), OptionalTime(data, "E"));
        object[] ids = [OptionalInteger(data, "U"), Integer(data, "u"), OptionalInteger(data, "pu")];
        var names = data.EnumerateObject().Select(Name).ToList();
        string[] order = names.LastIndexOf("b") < names.LastIndexOf("a") ? ["b", "a"] : ["a", "b"];
        var before = lines.Count;
        foreach (var side in order)
        {
            var levels = Needed(data, side);
            if (levels.ValueKind != JsonValueKind.Array) throw new FormFault("levels");
            foreach (var level in levels.EnumerateArray())
            {
                if (level.ValueKind != JsonValueKind.Array || level.GetArrayLength() != 2) throw new FormFault("level");
                lines.Add(EventText.Line("book", lines.Count, symbol, time, sent, [side == "b" ? Side.Buy : Side.Sell, Number(level[0]), Number(level[1]), kind, .. ids]));
            }
        }

        if (lines.Count == before) lines.Add(EventText.Line("book", lines.Count, symbol, time, sent, [Side.None, double.NaN, double.NaN, kind, .. ids]));
    }

    private static void Candle(JsonElement data, List<string> lines)
    {
        var candle = Object(data, "k");
        var timeframe = Text(Needed(candle, "i"));
        if (timeframe.Length == 0) throw new FormFault("timeframe");
        var close = OptionalTime(candle, "T");
        lines.Add(EventText.Line("candles", lines.Count, Symbol(data), Time(data, "E"), Lowest, timeframe, Time(candle, "t") / 1_000_000, close == Lowest ? close : close / 1_000_000,
            Number(candle, "o"), Number(candle, "h"), Number(candle, "l"), Number(candle, "c"), Number(candle, "v"), Number(candle, "q"), double.NaN, Integer(candle, "n"), Flag(candle, "x")));
    }

    private static bool IsKnownType(string type) => type is "aggTrade" or "trade" or "bookTicker" or "markPriceUpdate" or "forceOrder" or "depthUpdate" or "kline";

    private static bool IsKnownChannel(string stream)
        => Regex.IsMatch(stream, @"\A(!|[^@!]?[^@]*@)(aggTrade|trade|bookTicker|markPrice|forceOrder|kline_[^@]*|depth|depth5|depth10|depth20)(@|\z)") && !(stream.StartsWith('!') && stream.IndexOf('@') is > 0 and var at && !Regex.IsMatch(stream[1..at], @"\A(aggTrade|trade|bookTicker|markPrice|forceOrder|kline_.*|depth|depth5|depth10|depth20)\z"));

    /// <summary>The last member of a name, null and absent being the same.</summary>
    private static JsonElement? Member(JsonElement element, string name)
    {
        JsonElement? last = null;
        foreach (var member in element.EnumerateObject())
        {
            if (Name(member) == name) last = member.Value;
        }

        return last is { ValueKind: JsonValueKind.Null } ? null : last;
    }

    private static string? Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement Needed(JsonElement element, string name) => Member(element, name) ?? throw new FormFault($"{name} is missing");

    private static JsonElement Object(JsonElement element, string name)
        => Needed(element, name) is { ValueKind: JsonValueKind.Object } found ? found : throw new FormFault($"{name} is no object");

    private static string? TryText(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Text(JsonElement element)
        => element.ValueKind == JsonValueKind.String ? TryText(element) ?? throw new FormFault("invalid text") : throw new FormFault("no string");

    private static string Symbol(JsonElement element) => Text(Needed(element, "s")) is { Length: > 0 } symbol ? symbol : throw new FormFault("empty symbol");

    private static bool Flag(JsonElement element, string name) => Needed(element, name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new FormFault($"{name} is no boolean"),
    };

    private static double Number(JsonElement element, string name) => Number(Needed(element, name));

    private static double Number(JsonElement element)
    {
        var text = Text(element);
        if (!NumberForm().IsMatch(text)) throw new FormFault("no number");
        var value = double.Parse(text, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? value : throw new FormFault("infinite");
    }

    private static double OptionalNumber(JsonElement element, string name)
        => Member(element, name) is not { } found || (found.ValueKind == JsonValueKind.String && TryText(found) == "") ? double.NaN : Number(found);

    private static long Integer(JsonElement element, string name)
    {
        var found = Needed(element, name);
        var raw = found.ValueKind == JsonValueKind.Number ? found.GetRawText() : "";
        return IntegerForm().IsMatch(raw) && long.TryParse(raw, CultureInfo.InvariantCulture, out var value) && value != Lowest ? value : throw new FormFault($"{name} is no integer");
    }

    private static long OptionalInteger(JsonElement element, string name) => Member(element, name) is null ? Lowest : Integer(element, name);

    private static long Time(JsonElement element, string name)
    {
        try
        {
            return checked(Integer(element, name) * 1_000_000);
        }
        catch (OverflowException)
        {
            throw new FormFault($"{name} is beyond 64-bit nanoseconds");
        }
    }

    private static long OptionalTime(JsonElement element, string name) => Member(element, name) is null ? Lowest : Time(element, name);

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex NumberForm();

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)\z")]
    private static partial Regex IntegerForm();

    private sealed class FormFault(string message) : Exception(message);
}
