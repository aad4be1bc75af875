namespace Tape.Simulator.Binance;

/// <summary>One taker order's fills at one price.</summary>
/// <param name="Id">Contiguous per symbol.</param>
/// <param name="Price">In units of the last price digit.</param>
/// <param name="Quantity">In units of the last quantity digit.</param>
/// <param name="FirstId">First fill.</param>
/// <param name="LastId">Last fill.</param>
/// <param name="TimeMs">When.</param>
/// <param name="BuyerIsMaker">Whether the taker sold.</param>
internal readonly record struct AggregateTrade(long Id, long Price, long Quantity, long FirstId, long LastId, long TimeMs, bool BuyerIsMaker);
