using Tape.Venues.Contract;
using Tape.Venues.Frames;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>
/// Frames of Binance USDⓈ-M futures to events. Prices and sizes are JSON strings in base units, times are integers in milliseconds, ids
/// integers. A frame is read in one pass that notes where the fields lie, and each event object becomes rows at its end. A frame is wrapped
/// (<c>{"stream":…,"data":…}</c>, the data an object or an array), a bare event or array of them, or a control message.
/// Optional are the fields that came later (<c>st</c>, <c>X</c>), those missing in old frames (<c>i</c>, <c>r</c>), and ids and times beside the main ones.
/// </summary>
/// <remarks>
/// Begin to read here: this file is the full pass, which alone decides what a frame means. It ends in <see cref="Interpret"/> (BinanceDecoder.Events.cs),
/// where an event object becomes rows, a trade in <see cref="AddTrade"/>. Before it, <see cref="Decode"/> tries two faster ways; without them all rows would be
/// the same. By layout (BinanceDecoder.Layouts.cs, <see cref="FrameLayout"/>) every value lies at a known place; by shape (BinanceDecoder.Shapes.cs,
/// <see cref="FrameShape"/>) names and their order are known, and values have any length. Both are learnt from frames that the full pass accepted, give its
/// events or give up, and end in <c>Emit</c>.
/// </remarks>
public sealed partial class BinanceDecoder : JsonFrameDecoder
{
    private const ulong LevelFields = (1UL << Field.BidPrice) | (1UL << Field.AskPrice);

    private readonly FrameFields _root = new(BinanceField.Names, LevelFields, nullFields: 1UL << BinanceField.Result);
    private readonly FrameFields _data = new(BinanceField.Names, LevelFields);
    private readonly FrameFields _inner = new(BinanceField.Names);

    private JsonToken _stream;
    private bool _sawKnown;
    private bool _sawUnknown;

    private protected override FrameFields Root => _root;

    /// <inheritdoc/>
    public override FrameOutcome Decode(ReadOnlySpan<byte> frame, EventBuffer events)
    {
        Begin(events);
        if (TryLayouts(frame) || TryShapes(frame)) return FrameOutcome.Events;
        _stream = default;
        var outcome = DecodeInFull(frame);
        if (outcome == FrameOutcome.Events) Learn(frame);
        return outcome;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> StreamName(ReadOnlySpan<byte> frame)
    {
        if (!frame.StartsWith(Opening)) return default;
        var name = frame[Opening.Length..];
        var end = name.IndexOf((byte)'"');
        return end < 0 ? default : name[..end];
    }

    private protected override void StartEvents()
    {
        base.StartEvents();
        _sawKnown = _sawUnknown = false;
    }

    private protected override bool ReadFrame(ref JsonScanner json, ref FrameOutcome outcome)
        => json.Peek() == '[' ? ReadData(ref json, 0) : base.ReadFrame(ref json, ref outcome);

    private protected override FrameOutcome FinishRoot(ReadOnlySpan<byte> frame)
    {
        if (_root.Has(BinanceField.Stream))
        {
            FinishWrapped(frame);
            return FrameOutcome.Nothing;
        }

        var hasData = _sawKnown;
        StartEvents();
        if (_root.Has(Field.EventType)) Interpret(frame, _root);
        else if (hasData) Wrong(_root, BinanceField.Stream, "is missing beside data");
        else return ReadControl(frame);
        return FrameOutcome.Nothing;
    }

    /// <summary>
    /// Checks the envelope. The stream name nearly always comes before the data; where it came later, or twice, the data is read again under the right one.
    /// </summary>
    private void FinishWrapped(ReadOnlySpan<byte> frame)
    {
        ref readonly var stream = ref _root[BinanceField.Stream];
        if (!Text(frame, _root, BinanceField.Stream, out ReadOnlySpan<byte> name)) return;
        if (!_root.Has(BinanceField.Data) || _root[BinanceField.Data].Kind is not (JsonKind.Object or JsonKind.Array))
        {
            Mistyped(_root, BinanceField.Data, "an object or an array beside stream");
            return;
        }

        if (stream != _stream)
        {
            _stream = stream;
            var again = new JsonScanner(frame, _root[BinanceField.Data].Start);
            ReadData(ref again, 1);
        }

        if (!_sawUnknown || FormFault is not null) return;
        if (Text(frame, _root, BinanceField.Stream, out name) && BinanceStream.IsKnown(name))
            Wrong(_root, BinanceField.Data, "is not an event that belongs on its stream");
    }

    /// <summary>The data of a frame is made use of on the way.</summary>
    private protected override bool ReadContainer(ref JsonScanner json, FrameFields fields, int field, int depth, out JsonToken token)
    {
        if (field != BinanceField.Data || fields != _root) return base.ReadContainer(ref json, fields, field, depth, out token);
        var (start, kind) = (json.Position, json.Peek() == '{' ? JsonKind.Object : JsonKind.Array);
        _stream = _root.Has(BinanceField.Stream) ? _root[BinanceField.Stream] : default;
        token = default;
        if (!ReadData(ref json, depth)) return false;
        token = new JsonToken(start, json.Position - start, kind);
        return true;
    }

    /// <summary>Reads event objects: one, or an array of them.</summary>
    private bool ReadData(ref JsonScanner json, int depth)
    {
        StartEvents();
        return json.Peek() == '{' ? ReadElement(ref json, depth) : ReadElements(ref json, depth);
    }

    private protected override bool ReadElement(ref JsonScanner json, int depth)
    {
        if (json.Peek() == '{')
        {
            if (!ScanObject(ref json, _data, depth + 1)) return false;
            Interpret(json.Json, _data);
            return true;
        }

        _sawUnknown = true;
        return json.ReadValue(depth, out _);
    }
}
