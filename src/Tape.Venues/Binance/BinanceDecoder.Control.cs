using Tape.Venues.Contract;
using Tape.Venues.Frames;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>Answers to our requests. Lenient on purpose: nothing is stored from them, and a new kind of answer is no damage.</summary>
public sealed partial class BinanceDecoder
{
    private FrameOutcome ReadControl(ReadOnlySpan<byte> frame)
    {
        var id = IntegerOr(frame, _root, BinanceField.Id, Absent.Integer);
        if (_root.Has(BinanceField.Error) && _root[BinanceField.Error].Kind == JsonKind.Object)
        {
            var json = new JsonScanner(frame, _root[BinanceField.Error].Start);
            return ScanObject(ref json, _inner, 1) ? ReadRefusal(frame, _inner, id) : FrameOutcome.Nothing;
        }

        if (_root.Has(BinanceField.Code) && _root.Has(BinanceField.Message)) return ReadRefusal(frame, _root, id);
        if (!_root.Has(BinanceField.Result)) return FrameOutcome.Nothing;
        Control = new ControlMessage(id, 0, "");
        return FrameOutcome.Acknowledged;
    }

    private FrameOutcome ReadRefusal(ReadOnlySpan<byte> frame, FrameFields fields, long id)
    {
        Control = new ControlMessage(id, IntegerOr(frame, fields, BinanceField.Code, 0), Message(frame, fields, BinanceField.Message));
        return FrameOutcome.Refused;
    }
}
