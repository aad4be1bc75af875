using Tape.Venues.Frames;

namespace Tape.Venues.Okx;

/// <summary>What may vary between frames that look the same, and their rows.</summary>
public sealed partial class OkxDecoder
{
    private static readonly FieldTypes AllTypes = new(
        Numbers: FieldTypes.Bits(
            OkxField.Price, OkxField.Quantity, OkxField.BidPrice, OkxField.BidQuantity, OkxField.AskPrice, OkxField.AskQuantity, OkxField.MarkPrice,
                OkxField.IndexPrice, OkxField.FundingRate,
            OkxField.OpenInterest, OkxField.OpenInterestValue, OkxField.SettledRate),
        Integers: FieldTypes.Bits(OkxField.Time, OkxField.Count, OkxField.SequenceId, OkxField.PreviousSequenceId, OkxField.FundingTime,
            OkxField.NextFundingTime),
        Texts: FieldTypes.Bits(OkxField.Instrument),
        Ids: FieldTypes.Bits(OkxField.TradeId));

    private FrameFields[]? _objects;

    private protected override FieldTypes Types => AllTypes;

    private protected override IReadOnlyList<FrameFields> Objects => _objects ??= [_root, _argument, _data];

    /// <summary>A frame with one element whose fields are all that it has.</summary>
    private protected override bool CanRepeat => ElementCount == 1 && _kind is not (OkxKind.Unknown or OkxKind.Candles or OkxKind.Liquidations);

    private protected override bool TryRepeat(ReadOnlySpan<byte> frame)
    {
        (_kind, _readAction) = (OkxKind.Unknown, Known(OkxField.Action));
        if (!Text(frame, _argument, OkxField.Channel, out ReadOnlySpan<byte> channel)) return false;
        Prepare(frame, channel, isWhole: true);
        if (_kind == OkxKind.Unknown) return false;
        AddRows(frame);
        return FormFault is null && Events.Count > 0;
    }
}
