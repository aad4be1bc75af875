namespace Tape.Simulator.Market;

/// <summary>One taker order's fills at one price.</summary>
/// <param name="Id">Contiguous per symbol.</param>
/// <param name="Price">In units of the last price digit.</param>
/// <param name="Quantity">In units of the last quantity digit.</param>
/// <param name="FirstId">First fill.</param>
/// <param name="LastId">Last fill.</param>
/// <param name="TimeMs">When.</param>
/// <param name="BuyerIsMaker">Whether the taker sold.</param>
internal readonly record struct AggregateTrade(long Id, long Price, long Quantity, long FirstId, long LastId, long TimeMs, bool BuyerIsMaker)
{
    /// <summary>How many fills it has, 1 or more.</summary>
    public int Fills => (int)(LastId - FirstId + 1);

    /// <summary>The quantity of the fill at a 0-based place; all of them add up to the whole.</summary>
    public long FillQuantity(int index) => index == Fills - 1 ? Quantity - Quantity / Fills * (Fills - 1) : Quantity / Fills;
}
