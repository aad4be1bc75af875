using Tape.Core.Values;
using Tape.Venues.Json;

namespace Tape.Venues.Okx;

/// <summary>Answers to our requests and notices. Lenient on purpose: nothing is stored from them, and a new kind of answer is no damage.</summary>
public sealed partial class OkxDecoder
{
    private FrameOutcome ReadControl(ReadOnlySpan<byte> frame)
    {
        if (_root[OkxField.Event].Kind != JsonKind.String) return FrameOutcome.Nothing;
        var name = _root[OkxField.Event].In(frame);
        var outcome = name.SequenceEqual("subscribe"u8) ? FrameOutcome.Acknowledged : name.SequenceEqual("error"u8) ? FrameOutcome.Refused : FrameOutcome.Nothing;
        if (outcome == FrameOutcome.Nothing) return outcome;
        var isGood = outcome == FrameOutcome.Acknowledged;
        Control = new ControlMessage(IntegerOr(frame, _root, OkxField.Id, Absent.Integer), isGood ? 0 : IntegerOr(frame, _root, OkxField.Code, 0), isGood ? "" : Message(frame, _root, OkxField.Message));
        return outcome;
    }
}
