namespace Tape.Venues.Bybit;

/// <summary>Candle intervals in Bybit's spelling (minutes, or a letter) and ours.</summary>
internal static class BybitTimeframe
{
    /// <summary>Our spelling; empty for an interval that the venue does not have.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> interval) => interval.Length switch
    {
        1 => OfOne(interval[0]),
        2 when interval.SequenceEqual("15"u8) => "15m"u8,
        2 when interval.SequenceEqual("30"u8) => "30m"u8,
        2 when interval.SequenceEqual("60"u8) => "1h"u8,
        3 when interval.SequenceEqual("120"u8) => "2h"u8,
        3 when interval.SequenceEqual("240"u8) => "4h"u8,
        3 when interval.SequenceEqual("360"u8) => "6h"u8,
        3 when interval.SequenceEqual("720"u8) => "12h"u8,
        _ => default,
    };

    private static ReadOnlySpan<byte> OfOne(byte interval) => interval switch
    {
        (byte)'1' => "1m"u8,
        (byte)'3' => "3m"u8,
        (byte)'5' => "5m"u8,
        (byte)'D' => "1d"u8,
        (byte)'W' => "1w"u8,
        (byte)'M' => "1M"u8,
        _ => default,
    };
}
