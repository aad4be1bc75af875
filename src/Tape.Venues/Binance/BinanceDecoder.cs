using Tape.Core.Events;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>
/// Frames of Binance USDⓈ-M futures to events. Prices and sizes are JSON strings in base units, times are integers in milliseconds, ids
/// integers. A frame is read in one pass that notes where the fields lie, and each event object becomes rows at its end. A frame is wrapped
/// (<c>{"stream":…,"data":…}</c>, the data an object or an array), a bare event or array of them, or a control message.
/// Optional are the fields that came later (<c>st</c>, <c>X</c>), those missing in old frames (<c>i</c>, <c>r</c>), and ids and times beside the main ones.
/// </summary>
public sealed partial class BinanceDecoder : FrameDecoder
{
    private readonly BinanceFields _root = new();
    private readonly BinanceFields _data = new();
    private readonly BinanceFields _inner = new();

    private EventBuffer _events = new();
    private JsonToken _stream;
    private string? _formFault;
    private bool _sawKnown;
    private bool _sawUnknown;
    private int _index;

    /// <summary>Numbers so far whose digits a DOUBLE cannot give back. The frame keeps them.</summary>
    public long InexactCount { get; private set; }

    /// <inheritdoc/>
    public override FrameOutcome Decode(ReadOnlySpan<byte> frame, EventBuffer events)
    {
        if (_events != events) _events = events;
        StartEvents();
        if (TryLayouts(frame) || TryShapes(frame)) return FrameOutcome.Events;
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

    private FrameOutcome DecodeInFull(ReadOnlySpan<byte> frame)
    {
        _stream = default;
        var json = new JsonScanner(frame);
        var outcome = FrameOutcome.Nothing;
        var first = json.Peek();
        var isWhole = first switch
        {
            (byte)'{' => ReadRoot(ref json, ref outcome),
            (byte)'[' => ReadData(ref json, 0),
            _ => json.ReadValue(0, out _),
        };
        if (!isWhole || !json.ReadEnd()) return Refuse($"byte {json.Position}: {json.Fault}", isSyntax: true);
        if (_formFault is not null) return Refuse(_formFault, isSyntax: false);
        return _events.Count > 0 ? FrameOutcome.Events : outcome;
    }

    private FrameOutcome Refuse(string fault, bool isSyntax)
    {
        _events.Clear();
        Fault = fault;
        FaultIsSyntax = isSyntax;
        return FrameOutcome.Undecodable;
    }

    private void StartEvents()
    {
        _events.Clear();
        _index = 0;
        _formFault = null;
        _sawKnown = _sawUnknown = false;
    }

    private bool ReadRoot(ref JsonScanner json, ref FrameOutcome outcome)
    {
        if (!ScanObject(ref json, _root, 1)) return false;
        if (_root.Has(BinanceField.Stream))
        {
            FinishWrapped(json.Json);
        }
        else if (_root.Has(Field.EventType))
        {
            StartEvents();
            Interpret(json.Json, _root);
        }
        else if (_sawKnown)
        {
            StartEvents();
            Wrong(_root, BinanceField.Stream, "is missing beside data");
        }
        else
        {
            StartEvents();
            outcome = ReadControl(json.Json);
        }

        return true;
    }

    /// <summary>Checks the envelope. The stream name nearly always comes before the data; where it came later, or twice, the data is read again under the right one.</summary>
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

        if (!_sawUnknown || _formFault is not null) return;
        if (Text(frame, _root, BinanceField.Stream, out name) && BinanceStream.IsKnown(name)) Wrong(_root, BinanceField.Data, "is not an event that belongs on its stream");
    }

    /// <summary>Reads event objects: one, or an array of them.</summary>
    private bool ReadData(ref JsonScanner json, int depth)
    {
        StartEvents();
        if (json.Peek() == '{') return ReadElement(ref json, depth);
        json.Position++;
        if (json.Peek() == ']') return json.Read((byte)']', "");
        while (ReadElement(ref json, depth + 1))
        {
            if (json.Peek() != ',') return json.Read((byte)']', "expected a comma or the end of an array");
            json.Position++;
        }

        return false;
    }

    private bool ReadElement(ref JsonScanner json, int depth)
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
