using System.Text;
using Tape.Core.Values;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>Answers to our requests. Lenient on purpose: nothing is stored from them, and a new kind of answer is no damage.</summary>
public sealed partial class BinanceDecoder
{
    private const int MessageBytesMax = 1000;

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

    private FrameOutcome ReadRefusal(ReadOnlySpan<byte> frame, BinanceFields fields, long id)
    {
        Control = new ControlMessage(id, IntegerOr(frame, fields, BinanceField.Code, 0), Message(frame, fields));
        return FrameOutcome.Refused;
    }

    /// <summary>The text of <c>msg</c>, cut at 1000 bytes; empty when there is none.</summary>
    private string Message(ReadOnlySpan<byte> frame, BinanceFields fields)
    {
        if (!fields.Has(BinanceField.Message) || fields[BinanceField.Message].Kind != JsonKind.String) return "";
        var text = TextOf(frame, fields[BinanceField.Message], out var plain) ? plain : fields[BinanceField.Message].In(frame);
        return Encoding.UTF8.GetString(text[..Math.Min(text.Length, MessageBytesMax)]);
    }

    private static long IntegerOr(ReadOnlySpan<byte> frame, BinanceFields fields, int field, long otherwise)
        => fields.Has(field) && fields[field].Kind == JsonKind.Integer && WireNumber.TryParseInteger(fields[field].In(frame), out var value) ? value : otherwise;
}
