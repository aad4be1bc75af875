using System.Runtime.Intrinsics;
using Tape.Venues.Frames;
using Tape.Venues.Json;

namespace Tape.Venues.Binance;

/// <summary>
/// What stays the same between two frames of one event type: names, their order, punctuation and constants. A frame that matches a shape
/// is valid JSON with every needed field in place, because the shape was learnt from such a frame and each value between the fixed parts
/// is checked by its reader. Immutable.
/// </summary>
internal sealed class FrameShape
{
    private readonly ulong _fields;

    private FrameShape(EventKind kind, ShapeStep[] steps, ulong fields) => (Kind, Steps, _fields) = (kind, steps, fields);

    public EventKind Kind { get; }

    public ShapeStep[] Steps { get; }

    /// <summary>The field with the trade's id.</summary>
    public int IdField => Kind == EventKind.Trade ? Field.TradeId : Field.AggregateId;

    /// <summary>Whether frames of this shape carry the field.</summary>
    public bool Has(int field) => (_fields & (1UL << field)) != 0;

    /// <summary>
    /// Learns the shape of a wrapped frame with one event that was decoded in full. Null where it has escapes, duplicate names, nested objects or other
    /// rarities.
    /// </summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="typeStart">Offset of the event type's first letter: the shape starts there.</param>
    /// <param name="kind">What that type is.</param>
    public static FrameShape? Learn(ReadOnlySpan<byte> frame, int typeStart, EventKind kind)
    {
        var steps = new List<ShapeStep>();
        var json = new JsonScanner(frame, typeStart - 1);
        if (!json.ReadString(out var type) || type.HasEscapes) return null;
        var (fields, fixedFrom) = (1UL << Field.EventType, typeStart);
        while (json.Peek() == ',')
        {
            json.Position++;
            if (json.Peek() != '"' || !json.ReadString(out var name) || name.HasEscapes || !json.Read((byte)':', "")) return null;
            json.Peek();
            var field = BinanceField.Names.Of(name.In(frame));
            if (field >= 0 && (fields & (1UL << field)) != 0) return null;
            if (!json.ReadValue(2, out var value) || value.HasEscapes || value.Kind == JsonKind.Object) return null;
            if (field >= 0 && value.Kind != JsonKind.Null) fields |= 1UL << field;
            if (StepOf(frame, kind, field, value) is not { } step) return null;
            if (step == StepKind.Fixed) continue;
            AddFixed(steps, frame[fixedFrom..value.Start], step, field);
            fixedFrom = value.Start + value.Length;
        }

        if (!json.Read((byte)'}', "") || !json.Read((byte)'}', "") || !json.ReadEnd()) return null;
        AddFixed(steps, frame[fixedFrom..], StepKind.Fixed, FieldNames.None);
        return new FrameShape(kind, [.. steps], fields);
    }

    /// <summary>How a value is read when the shape is matched; constants become part of the fixed text.</summary>
    private static StepKind? StepOf(ReadOnlySpan<byte> frame, EventKind kind, int field, in JsonToken value) => value.Kind switch
    {
        JsonKind.String when field == Field.Symbol => StepKind.Symbol,
        JsonKind.String when field == Field.ExecutionType => value.In(frame).SequenceEqual("MARKET"u8) ? StepKind.Fixed : null,
        JsonKind.String => IsNumber(kind, field) ? StepKind.Number : StepKind.Text,
        JsonKind.Integer => field == BinanceField.BusinessLine ? StepKind.Fixed : StepKind.Integer,
        JsonKind.True or JsonKind.False => field == Field.IsBuyerMaker ? StepKind.Boolean : StepKind.Fixed,
        JsonKind.Array => kind == EventKind.Depth && field is Field.BidPrice or Field.AskPrice ? StepKind.Levels : null,
        _ => StepKind.Fixed,
    };

    private static bool IsNumber(EventKind kind, int field) => kind switch
    {
        EventKind.AggregateTrade or EventKind.Trade => field is Field.Price or Field.Quantity or BinanceField.QuantityExRpi,
        EventKind.Quote => field is Field.BidPrice or Field.BidQuantity or Field.AskPrice or Field.AskQuantity,
        EventKind.Mark => field is Field.Price or Field.Index or Field.Rate,
        _ => false,
    };

    private static void AddFixed(List<ShapeStep> steps, ReadOnlySpan<byte> text, StepKind kind, int field)
    {
        for (; text.Length > Vector128<byte>.Count; text = text[Vector128<byte>.Count..])
            steps.Add(new ShapeStep(text[..Vector128<byte>.Count], StepKind.Fixed, 0));
        steps.Add(new ShapeStep(text, kind, Math.Max(field, 0)));
    }
}
