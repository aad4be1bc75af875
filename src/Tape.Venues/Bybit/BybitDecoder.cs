using Tape.Venues.Contract;
using Tape.Venues.Frames;
using Tape.Venues.Json;

namespace Tape.Venues.Bybit;

/// <summary>
/// Frames of Bybit's v5 public topics for linear contracts to events. Prices, sizes and rates are JSON strings in base units, times integers in
/// milliseconds (in tickers: strings). Members of the envelope come in any order: a single data object is made use of at the end;
/// rows of an array are made as it is read, and once more where topic or time came behind it.
/// </summary>
public sealed partial class BybitDecoder : JsonFrameDecoder
{
    private readonly FrameFields _root = new(BybitField.Names);
    private readonly FrameFields _data = new(BybitField.Names, (1UL << BybitField.Bids) | (1UL << BybitField.Asks));

    // What the array of the data was read under.
    private BybitKind _kind;
    private JsonToken _topic;
    private JsonToken _time;
    private long _sent;
    private TextRef _symbol;
    private TextRef _timeframe;

    private protected override FrameFields Root => _root;

    private static ReadOnlySpan<byte> Opening => "{\"topic\":\""u8;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> StreamName(ReadOnlySpan<byte> frame)
    {
        if (!frame.StartsWith(Opening)) return MemberText(frame, "topic"u8);
        var name = frame[Opening.Length..];
        var end = name.IndexOf((byte)'"');
        return end < 0 ? default : name[..end];
    }

    private protected override LevelList ListOf(int field) => field == BybitField.Bids ? Bids : Asks;

    /// <summary>The data of a frame is made use of on the way.</summary>
    private protected override bool ReadContainer(ref JsonScanner json, FrameFields fields, int field, int depth, out JsonToken token)
    {
        if (field != BybitField.Data || fields != _root) return base.ReadContainer(ref json, fields, field, depth, out token);
        var start = json.Position;
        var isObject = json.Peek() == '{';
        token = default;
        if (!(isObject ? ScanObject(ref json, _data, depth + 1) : ReadArray(ref json, depth))) return false;
        token = new JsonToken(start, json.Position - start, isObject ? JsonKind.Object : JsonKind.Array);
        return true;
    }

    private bool ReadArray(ref JsonScanner json, int depth)
    {
        StartEvents();
        (_topic, _time) = (Known(BybitField.Topic), Known(BybitField.SentTime));
        var topic = new BybitTopic(_topic.Kind == JsonKind.String && TextOf(json.Json, _topic, out var text) ? text : default);
        _kind = topic.Kind == BybitKind.Candles && !_root.Has(BybitField.SentTime) ? BybitKind.Unknown : topic.Kind;
        if (_kind == BybitKind.Candles) (_symbol, _timeframe) = (Events.AddText(topic.Symbol), Events.AddText(BybitTimeframe.Of(topic.Detail)));
        OptionalTime(json.Json, _root, BybitField.SentTime, out _sent);
        return ReadElements(ref json, depth);
    }

    private protected override bool ReadElement(ref JsonScanner json, int depth)
    {
        if (_kind is not (BybitKind.Trades or BybitKind.Liquidations or BybitKind.Candles)) return json.ReadValue(depth, out _);
        if (json.Peek() != '{')
        {
            FormFault ??= $"byte {json.Position}: an element of data must be an object";
            return json.ReadValue(depth, out _);
        }

        if (_kind == BybitKind.Trades) return ReadTrade(ref json, depth);
        if (!ScanObject(ref json, _data, depth + 1)) return false;
        if (_kind == BybitKind.Liquidations) AddLiquidation(json.Json);
        else AddCandle(json.Json);
        return true;
    }

    /// <summary>Trades come many to a frame, and look alike.</summary>
    private bool ReadTrade(ref JsonScanner json, int depth)
    {
        var from = json.Position;
        var toExcl = from + json.Json[from..].IndexOf((byte)'}') + 1;
        if (TryElement(json.Json, from, toExcl))
        {
            json.Position = toExcl;
            AddTrade(json.Json);
            return true;
        }

        if (!ScanObject(ref json, _data, depth + 1)) return false;
        AddTrade(json.Json);
        if (FormFault is null) LearnElement(json.Json, from, json.Position, _elementObjects ??= [_data]);
        return true;
    }

    private protected override FrameOutcome FinishRoot(ReadOnlySpan<byte> frame)
    {
        if (!_root.Has(BybitField.Topic)) return FinishWithoutTopic(frame);
        if (!Text(frame, _root, BybitField.Topic, out ReadOnlySpan<byte> name)) return FrameOutcome.Nothing;
        var kind = new BybitTopic(name).Kind;
        if (kind == BybitKind.Unknown)
        {
            StartEvents();
            return FrameOutcome.Nothing;
        }

        if (kind is BybitKind.Tickers or BybitKind.Quote or BybitKind.Book) FinishObject(frame, kind);
        else FinishArray(frame, kind);
        return FrameOutcome.Nothing;
    }

    private void FinishObject(ReadOnlySpan<byte> frame, BybitKind kind)
    {
        StartEvents();
        if (!Is(_root, BybitField.Data, JsonKind.Object, "an object")) return;
        if (kind == BybitKind.Tickers) AddTickers(frame);
        else AddBook(frame, kind);
    }

    private void FinishArray(ReadOnlySpan<byte> frame, BybitKind kind)
    {
        if (!Is(_root, BybitField.Data, JsonKind.Array, "an array") || (kind == BybitKind.Candles && !Time(frame, _root, BybitField.SentTime, out _))) return;
        if (_topic == Known(BybitField.Topic) && _time == Known(BybitField.SentTime)) return;
        var again = new JsonScanner(frame, _root[BybitField.Data].Start);
        ReadArray(ref again, 1);
    }

    /// <summary>A control message; or a data frame whose topic is lost, which is damage.</summary>
    private FrameOutcome FinishWithoutTopic(ReadOnlySpan<byte> frame)
    {
        StartEvents();
        if (_root.Has(BybitField.Operation)) return ReadControl(frame);
        if (_root.Has(BybitField.Data)) Wrong(_root, BybitField.Topic, "is missing beside data");
        return FrameOutcome.Nothing;
    }
}
