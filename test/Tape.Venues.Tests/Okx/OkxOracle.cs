using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tape.Core.Values;
using Tape.TestKit.Venues;
using static Tape.Venues.Tests.JsonOracle;

namespace Tape.Venues.Tests.Okx;

/// <summary>OKX's frames decoded the slow and plain way over <see cref="JsonDocument"/>, written from the protocol and not from the decoder.</summary>
internal static class OkxOracle
{
    private const string Timeframes = @"\Acandle((?:1|3|5|15|30)m|1s|(?:1|2|4|6|12)H|[1235]D|1W|[13]M)(?:utc)?\z";

    public static VenueVerdict Decode(byte[] frame) =>
        Encoding.Latin1.GetString(frame).Trim(' ', '\t', '\r', '\n') == "pong" ? new VenueVerdict(null, []) : Judge(frame, Events);

    private static List<string> Events(JsonElement root)
    {
        var lines = new List<string>();
        if (root.ValueKind != JsonValueKind.Object || Member(root, "event") is not null) return lines;
        if (Member(root, "arg") is null) return Member(root, "data") is null ? lines : throw new FormFault("data without arg");
        var argument = Object(root, "arg");
        var channel = Text(Needed(argument, "channel"));
        Action<JsonElement>? add = channel switch
        {
            "trades" or "trades-all" => data => Trade(data, lines),
            "bbo-tbt" => data => Quote(argument, data, lines),
            "tickers" => data => Ticker(data, lines),
            "mark-price" => data => lines.Add(
                EventText.Line("mark_price", lines.Count, Name(data, "instId"), QuotedTime(data), Lowest, Number(data, "markPx"), double.NaN)),
            "index-tickers" => data => lines.Add(
                EventText.Line("mark_price", lines.Count, Name(data, "instId"), QuotedTime(data), Lowest, double.NaN, Number(data, "idxPx"))),
            "funding-rate" => data => Funding(data, lines),
            "open-interest" => data => lines.Add(
                EventText.Line("open_interest", lines.Count, Name(data, "instId"), QuotedTime(data), Lowest, Number(data, "oi"),
                OptionalNumber(data, "oiUsd"))),
            "liquidation-orders" => data => Liquidations(data, lines),
            "books" or "books-l2-tbt" or "books50-l2-tbt" =>
                data => Book(argument, Kind(root) ?? (OptionalInteger(data, "prevSeqId") == -1 ? "Snapshot" : throw new FormFault("action")), data, lines),
            "books5" => data => Book(argument, "Snapshot", data, lines),
            _ when Regex.Match(channel, Timeframes) is { Success: true } bar => data => Candle(argument, bar.Groups[1].Value, data, lines),
            _ => null,
        };
        if (add is null) return lines;
        if (Needed(root, "data") is not { ValueKind: JsonValueKind.Array } array) throw new FormFault("data is no array");
        if (channel.StartsWith("books", StringComparison.Ordinal) && channel != "books5") Kind(root);
        if (channel is "bbo-tbt" || channel.StartsWith("books", StringComparison.Ordinal) || channel.StartsWith("candle", StringComparison.Ordinal))
            Name(argument, "instId");
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != (channel.StartsWith("candle", StringComparison.Ordinal) ? JsonValueKind.Array : JsonValueKind.Object))
                throw new FormFault("an element of another kind");
            add(element);
        }

        return lines;
    }

    private static long QuotedTime(JsonElement data) => QuotedTime(data, "ts");

    private static long QuotedTime(JsonElement data, string name) =>
        JsonOracle.QuotedTime(data, name) is var time && time != Lowest ? time : throw new FormFault($"{name} is missing");

    private static string? Kind(JsonElement root) =>
        Member(root, "action") is not { } action
        ? null : Text(action) switch { "snapshot" => "Snapshot", "update" => "Delta", _ => throw new FormFault("action") };

    private static Side TakerSide(JsonElement data) =>
        Text(Needed(data, "side")) switch { "buy" => Side.Buy, "sell" => Side.Sell, _ => throw new FormFault("side") };

    private static void Trade(JsonElement data, List<string> lines)
    {
        var (count, first, last) = (QuotedInteger(data, "count"), Lowest, Lowest);
        if (count != Lowest)
        {
            last = QuotedInteger(data, "tradeId");
            if (count < 1 || last < 0) throw new FormFault("count");
            first = last - count + 1;
        }

        var source = Member(data, "source") is { } given ? Text(given) : "";
        lines.Add(EventText.Line("trades", lines.Count, Name(data, "instId"), QuotedTime(data), Lowest, Number(data, "px"), Number(data, "sz"), TakerSide(data),
            Name(data, "tradeId"), first, last, source == "1" ? "elp" : null, double.NaN, false));
    }

    private static void Quote(JsonElement argument, JsonElement data, List<string> lines)
    {
        var (bids, asks) = (Levels(data, "bids", 2, int.MaxValue), Levels(data, "asks", 2, int.MaxValue));
        var (bid, ask) = (bids.Append((double.NaN, double.NaN)).First(), asks.Append((double.NaN, double.NaN)).First());
        lines.Add(EventText.Line("bbo", lines.Count, Name(argument, "instId"), QuotedTime(data), Lowest, bid.Item1, bid.Item2, ask.Item1, ask.Item2,
            OptionalInteger(data, "seqId")));
    }

    private static void Ticker(JsonElement data, List<string> lines)
        => lines.Add(EventText.Line("bbo", lines.Count, Name(data, "instId"), QuotedTime(data), Lowest,
            [.. new[] { "bidPx", "bidSz", "askPx", "askSz" }.Select(name => (object)OptionalNumber(data, name)), Lowest]));

    private static void Funding(JsonElement data, List<string> lines)
    {
        var (rate, next) = (OptionalNumber(data, "fundingRate"), JsonOracle.QuotedTime(data, "fundingTime"));
        var (later, settled) = (JsonOracle.QuotedTime(data, "nextFundingTime"), OptionalNumber(data, "settFundingRate"));
        if (Member(data, "ts") is not { } time || (time.ValueKind == JsonValueKind.String && TryText(time) == "")) return;
        if (double.IsNaN(rate) && next == Lowest) return;
        lines.Add(EventText.Line("funding", lines.Count, Name(data, "instId"), QuotedTime(data), Lowest, rate, next,
            next > 0 && later > next ? (later - next) / 1_000_000_000 : Lowest, settled));
    }

    private static void Liquidations(JsonElement data, List<string> lines)
    {
        var symbol = Name(data, "instId");
        if (Needed(data, "details") is not { ValueKind: JsonValueKind.Array } details) throw new FormFault("details are no array");
        foreach (var detail in details.EnumerateArray())
        {
            if (detail.ValueKind != JsonValueKind.Object) throw new FormFault("a detail is no object");
            lines.Add(EventText.Line("liquidations", lines.Count, symbol, QuotedTime(detail), Lowest, Number(detail, "bkPx"), Number(detail, "sz"),
                TakerSide(detail), double.NaN));
        }
    }

    private static void Book(JsonElement argument, string kind, JsonElement data, List<string> lines)
        => AddBook(lines, data, ("bids", "asks"), (Levels(data, "bids", 2, int.MaxValue), Levels(data, "asks", 2, int.MaxValue)),
            (Name(argument, "instId"), QuotedTime(data), Lowest),
            [kind, Lowest, OptionalInteger(data, "seqId"), OptionalInteger(data, "prevSeqId"), Lowest]);

    private static void Candle(JsonElement argument, string bar, JsonElement data, List<string> lines)
    {
        if (data.GetArrayLength() < 9) throw new FormFault("a short candle");
        var symbol = Name(argument, "instId");
        var timeframe = bar.EndsWith('M') ? bar : bar.ToLowerInvariant();
        var cells = data.EnumerateArray().ToArray();
        var numbers = cells[1..8].Select(Number).ToArray();
        if (!long.TryParse(Text(cells[0]), out _)) throw new FormFault("open time");
        using var time = JsonDocument.Parse($$"""{"ts":{{cells[0].GetRawText()}}}""");
        var open = QuotedTime(time.RootElement, "ts");
        var isClosed = Text(cells[8]) switch { "0" => false, "1" => true, _ => throw new FormFault("confirm") };
        lines.Add(EventText.Line("candles", lines.Count, symbol, open, Lowest, timeframe, open / 1_000_000, Lowest, numbers[0], numbers[1], numbers[2],
            numbers[3],
            numbers[symbol.Split('-').Length == 2 ? 4 : 5], numbers[6], double.NaN, Lowest, isClosed));
    }
}
