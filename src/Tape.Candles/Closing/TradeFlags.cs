namespace Tape.Candles.Closing;

/// <summary>Marks of trades that are no market trades: copies out of snapshots, fills of the insurance fund and of deleveraging, Binance's <c>NA</c>.</summary>
internal static class TradeFlags
{
    private static readonly byte[][] Outside = ["snapshot"u8.ToArray(), "insurance_fund"u8.ToArray(), "adl"u8.ToArray(), "na"u8.ToArray()];

    /// <param name="flags">Marks joined by commas, in any case.</param>
    public static bool AreOutsideMarket(ReadOnlySpan<byte> flags)
    {
        while (!flags.IsEmpty)
        {
            var end = flags.IndexOf((byte)',');
            var flag = end < 0 ? flags : flags[..end];
            foreach (var outside in Outside)
                if (Ascii.EqualsIgnoreCase(flag, outside)) return true;
            flags = end < 0 ? [] : flags[(end + 1)..];
        }

        return false;
    }
}
