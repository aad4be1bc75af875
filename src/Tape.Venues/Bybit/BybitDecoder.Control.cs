using Tape.Venues.Contract;
using Tape.Venues.Json;

namespace Tape.Venues.Bybit;

/// <summary>Answers to our requests. Lenient on purpose: nothing is stored from them, and a new kind of answer is no damage.</summary>
public sealed partial class BybitDecoder
{
    /// <summary>
    /// Errors may come without the request's number; then the order tells. The answer to a ping has <c>op</c> "ping" on public sockets and "pong" on private
    /// ones, and means nothing beyond that the connection lives.
    /// </summary>
    private FrameOutcome ReadControl(ReadOnlySpan<byte> frame)
    {
        var operation = _root[BybitField.Operation];
        if (operation.Kind != JsonKind.String || !operation.In(frame).SequenceEqual("subscribe"u8) || !_root.Has(BybitField.Success))
            return FrameOutcome.Nothing;
        var isGood = _root[BybitField.Success].Kind == JsonKind.True;
        var id = IntegerOr(frame, _root, BybitField.RequestId, Absent.Integer);
        Control = new ControlMessage(id, 0, isGood ? "" : Message(frame, _root, BybitField.Message), AnswersOldest: id == Absent.Integer);
        return isGood ? FrameOutcome.Acknowledged : FrameOutcome.Refused;
    }
}
