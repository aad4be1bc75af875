namespace Tape.Core.Values;

/// <summary>A side of the market. For trades the taker's, for liquidations that of the liquidation order, in books the side of the level.</summary>
public enum Side : byte
{
    /// <summary>Not given (a book frame without levels).</summary>
    None = 0,

    /// <summary>Buy; in books the bid side.</summary>
    Buy = 1,

    /// <summary>Sell; in books the ask side.</summary>
    Sell = 2,
}
