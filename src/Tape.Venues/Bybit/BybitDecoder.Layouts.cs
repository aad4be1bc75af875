using Tape.Venues.Frames;
using Tape.Venues.Json;

namespace Tape.Venues.Bybit;

/// <summary>What may vary between frames that look the same, and their rows.</summary>
public sealed partial class BybitDecoder
{
    private static readonly FieldTypes AllTypes = new(
        Numbers: FieldTypes.Bits(
            BybitField.Price, BybitField.Quantity, BybitField.MarkPrice, BybitField.IndexPrice, BybitField.FundingRate, BybitField.OpenInterest,
                BybitField.OpenInterestValue,
            BybitField.BidPrice, BybitField.BidQuantity, BybitField.AskPrice, BybitField.AskQuantity),
        Integers: FieldTypes.Bits(BybitField.SentTime, BybitField.EngineTime, BybitField.Time, BybitField.UpdateId, BybitField.NextFundingTime,
            BybitField.Sequence, BybitField.FundingInterval),
        Texts: FieldTypes.Bits(BybitField.Topic, BybitField.Symbol, BybitField.TickerSymbol),
        Ids: FieldTypes.Bits(BybitField.TradeId));

    private FrameFields[]? _objects;
    private FrameFields[]? _elementObjects;

    private protected override FieldTypes Types => AllTypes;

    private protected override IReadOnlyList<FrameFields> Objects => _objects ??= [_root, _data];

    private protected override int SuffixField => BybitField.Topic;

    private protected override bool TryShort(ReadOnlySpan<byte> frame)
    {
        if (!frame.StartsWith(TickerOpening)) return false;
        if (TryTicker(frame)) return true;
        StartEvents();
        return false;
    }

    /// <summary>A frame with one trade, or with an object for data.</summary>
    private protected override bool CanRepeat => _root[BybitField.Data].Kind == JsonKind.Object || (_kind == BybitKind.Trades && ElementCount == 1);

    private protected override bool TryRepeat(ReadOnlySpan<byte> frame)
    {
        if (!Text(frame, _root, BybitField.Topic, out ReadOnlySpan<byte> topic)) return false;
        var kind = new BybitTopic(topic).Kind;
        if (kind != BybitKind.Trades) FinishObject(frame, kind);
        else if (OptionalTime(frame, _root, BybitField.SentTime, out _sent)) AddTrade(frame);
        return FormFault is null && Events.Count > 0;
    }
}
