using Tape.Venues.Contract;
using Tape.Venues.Frames;
using Tape.Venues.Json;

namespace Tape.Venues.Okx;

/// <summary>
/// Frames of OKX's v5 public and business channels to events. Numbers and times (milliseconds) are JSON strings, sequence ids integers; an empty string says
/// nothing. Quantities are as sent: contracts for swaps. A frame names its channel in <c>arg</c> and has an array of data, whose elements become rows as they
/// are read; where <c>arg</c> or <c>action</c> came behind the data, or twice, the data is read again under the right one. One frame is no JSON: <c>pong</c>.
/// </summary>
public sealed partial class OkxDecoder : JsonFrameDecoder
{
    private readonly FrameFields _root = new(OkxField.Names);
    private readonly FrameFields _argument = new(OkxField.Names);
    private readonly FrameFields _data = new(OkxField.Names, (1UL << OkxField.Bids) | (1UL << OkxField.Asks));
    private readonly FrameFields _detail = new(OkxField.Names);

    // What the data was read under.
    private OkxKind _kind;
    private JsonToken _readArgument;
    private JsonToken _readAction;
    private TextRef _symbol;
    private TextRef _timeframe;
    private bool _isSpot;
    private BookKind? _bookKind;

    private protected override FrameFields Root => _root;

    /// <summary>Levels are price, quantity, an obsolete field and the number of orders.</summary>
    private protected override bool MayLevelsBeLonger => true;

    private protected override LevelList ListOf(int field) => field == OkxField.Bids ? Bids : Asks;

    private protected override bool ReadFrame(ref JsonScanner json, ref FrameOutcome outcome)
    {
        if (json.Peek() != 'p' || !json.Json[json.Position..].StartsWith("pong"u8)) return base.ReadFrame(ref json, ref outcome);
        json.Position += "pong"u8.Length;
        return true;
    }

    /// <summary>What a frame says about its data, and the data, are made use of on the way.</summary>
    private protected override bool ReadContainer(ref JsonScanner json, FrameFields fields, int field, int depth, out JsonToken token)
    {
        var (start, first) = (json.Position, json.Peek());
        var isArgument = field == OkxField.Argument && first == '{';
        if (fields != _root || !(isArgument || (field == OkxField.Data && first == '['))) return base.ReadContainer(ref json, fields, field, depth, out token);
        token = default;
        if (!(isArgument ? ScanObject(ref json, _argument, depth + 1) : ReadArray(ref json, depth, isWhole: false))) return false;
        token = new JsonToken(start, json.Position - start, isArgument ? JsonKind.Object : JsonKind.Array);
        return true;
    }

    /// <param name="json">Stands at the opening bracket.</param>
    /// <param name="depth">Containers open around it.</param>
    /// <param name="isWhole">Whether the envelope has been read to its end, so that what it lacks it does not have.</param>
    private bool ReadArray(ref JsonScanner json, int depth, bool isWhole)
    {
        StartEvents();
        (_readArgument, _readAction) = (Known(OkxField.Argument), Known(OkxField.Action));
        _kind = OkxKind.Unknown;
        if (_readArgument.Kind == JsonKind.Object && Text(json.Json, _argument, OkxField.Channel, out ReadOnlySpan<byte> channel))
            Prepare(json.Json, channel, isWhole);
        return ReadElements(ref json, depth);
    }

    /// <summary>Notes what all rows of the data have in common.</summary>
    private void Prepare(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> channel, bool isWhole)
    {
        var kind = OkxKinds.Of(channel);
        var lacksAction = kind == OkxKind.Book && _readAction.Kind == JsonKind.None;
        if (lacksAction && !isWhole) return;
        if (kind == OkxKind.Candles) _timeframe = Events.AddText(OkxKinds.Timeframe(channel));
        if (kind is OkxKind.Quote or OkxKind.Book or OkxKind.BookSnapshot or OkxKind.Candles && !Text(frame, _argument, OkxField.Instrument, out _symbol))
            return;
        if (kind == OkxKind.Candles) _isSpot = Events.Text(_symbol).Count((byte)'-') == 1;
        BookKind? action = kind == OkxKind.BookSnapshot ? BookKind.Snapshot : null;
        if (kind == OkxKind.Book && !lacksAction && !Action(frame, out action)) return;
        (_kind, _bookKind) = (kind, action);
    }

    private bool Action(ReadOnlySpan<byte> frame, out BookKind? kind)
    {
        kind = BookKind.Snapshot;
        if (!Text(frame, _root, OkxField.Action, out ReadOnlySpan<byte> action)) return false;
        if (action.SequenceEqual("update"u8)) kind = BookKind.Delta;
        return kind == BookKind.Delta || action.SequenceEqual("snapshot"u8) || Wrong(_root, OkxField.Action, "must be snapshot or update");
    }

    private protected override bool ReadElement(ref JsonScanner json, int depth)
    {
        if (_kind == OkxKind.Unknown) return json.ReadValue(depth, out _);
        var isCandle = _kind == OkxKind.Candles;
        if (json.Peek() != (isCandle ? '[' : '{'))
        {
            FormFault ??= $"byte {json.Position}: an element of data must be an {(isCandle ? "array" : "object")}";
            return json.ReadValue(depth, out _);
        }

        if (isCandle) return ReadCandle(ref json, depth);
        if (!ScanObject(ref json, _data, depth + 1)) return false;
        AddRows(json.Json);
        return true;
    }

    private protected override FrameOutcome FinishRoot(ReadOnlySpan<byte> frame)
    {
        if (_root.Has(OkxField.Event))
        {
            StartEvents();
            return ReadControl(frame);
        }

        if (!_root.Has(OkxField.Argument))
        {
            StartEvents();
            if (_root.Has(OkxField.Data)) Wrong(_root, OkxField.Argument, "is missing beside data");
            return FrameOutcome.Nothing;
        }

        if (Is(_root, OkxField.Argument, JsonKind.Object, "an object") && Text(frame, _argument, OkxField.Channel, out ReadOnlySpan<byte> channel))
            FinishData(frame, OkxKinds.Of(channel));
        return FrameOutcome.Nothing;
    }

    private void FinishData(ReadOnlySpan<byte> frame, OkxKind kind)
    {
        if (kind == OkxKind.Unknown)
        {
            StartEvents();
            return;
        }

        if (!Is(_root, OkxField.Data, JsonKind.Array, "an array")) return;
        if (_kind == kind && _readArgument == Known(OkxField.Argument) && _readAction == Known(OkxField.Action)) return;
        var again = new JsonScanner(frame, _root[OkxField.Data].Start);
        ReadArray(ref again, 1, isWhole: true);
    }
}
