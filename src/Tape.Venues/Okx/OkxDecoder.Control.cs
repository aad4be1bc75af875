using Tape.Venues.Contract;
using Tape.Venues.Json;

namespace Tape.Venues.Okx;

/// <summary>Answers to our requests and notices. Lenient on purpose: nothing is stored from them, and a new kind of answer is no damage.</summary>
public sealed partial class OkxDecoder
{
    /// <summary>The notice that the connection will be closed for an upgrade, 60 s before (OKX API v5, "Connection notices").</summary>
    private const long ClosingSoon = 64008;

    private FrameOutcome ReadControl(ReadOnlySpan<byte> frame)
    {
        if (_root[OkxField.Event].Kind != JsonKind.String) return FrameOutcome.Nothing;
        var name = _root[OkxField.Event].In(frame);
        if (name.SequenceEqual("notice"u8)) return ReadNotice(frame);
        var outcome = name.SequenceEqual("subscribe"u8)
            ? FrameOutcome.Acknowledged : name.SequenceEqual("error"u8) ? FrameOutcome.Refused : FrameOutcome.Nothing;
        if (outcome == FrameOutcome.Nothing) return outcome;
        var isGood = outcome == FrameOutcome.Acknowledged;
        Control = new ControlMessage(IntegerOr(frame, _root, OkxField.Id, Absent.Integer), isGood ? 0 : IntegerOr(frame, _root, OkxField.Code, 0),
            isGood ? "" : Message(frame, _root, OkxField.Message));
        return outcome;
    }

    private FrameOutcome ReadNotice(ReadOnlySpan<byte> frame)
    {
        var code = IntegerOr(frame, _root, OkxField.Code, 0);
        if (code != ClosingSoon) return FrameOutcome.Nothing;
        Control = new ControlMessage(Absent.Integer, code, Message(frame, _root, OkxField.Message));
        return FrameOutcome.EndAnnounced;
    }
}
