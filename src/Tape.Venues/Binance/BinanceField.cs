using Tape.Venues.Frames;

namespace Tape.Venues.Binance;

/// <summary>
/// Numbers 0 to 63 for the names that mean something in Binance's frames. A name of one letter is its character code modulo 64;
/// longer names use the numbers which no letter has.
/// </summary>
internal static class BinanceField
{
    public const int BusinessLine = 59;
    public const int PreviousUpdate = 60;
    public const int Stream = 61;
    public const int Data = 62;
    public const int Result = 63;
    public const int Error = 27;
    public const int Id = 28;
    public const int Code = 29;
    public const int Message = 30;
    public const int QuantityExRpi = 31;
    public const int AveragePrice = 32;

    /// <summary>All names: each letter, and the longer ones.</summary>
    public static FieldNames Names { get; } = new(
    [
        .. "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".Select(letter => (letter.ToString(), letter & 63)),
        ("st", BusinessLine), ("pu", PreviousUpdate), ("stream", Stream), ("data", Data), ("result", Result), ("error", Error), ("id", Id), ("code", Code),
            ("msg", Message), ("nq", QuantityExRpi), ("ap", AveragePrice),
    ]);
}
