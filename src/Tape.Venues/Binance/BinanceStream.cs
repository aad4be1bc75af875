namespace Tape.Venues.Binance;

/// <summary>What a Binance stream name (<c>btcusdt@depth5@100ms</c>, <c>!forceOrder@arr</c>) says about the frames on it.</summary>
internal static class BinanceStream
{
    /// <summary>Whether frames are full snapshots of the best 5, 10 or 20 levels.</summary>
    public static bool IsPartialDepth(ReadOnlySpan<byte> name)
    {
        var channel = Channel(name);
        if (!channel.StartsWith("depth"u8)) return false;
        channel = channel["depth"u8.Length..];
        return channel.SequenceEqual("5"u8) || channel.SequenceEqual("10"u8) || channel.SequenceEqual("20"u8);
    }

    /// <summary>Whether frames are of the book that has retail price improvement orders too.</summary>
    public static bool IsRpiDepth(ReadOnlySpan<byte> name) => Channel(name).SequenceEqual("rpiDepth"u8);

    /// <summary>Whether we know the form of the events that must come on it.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> name)
    {
        var channel = Channel(name);
        return channel.SequenceEqual("aggTrade"u8) || channel.SequenceEqual("trade"u8) || channel.SequenceEqual("bookTicker"u8)
            || channel.SequenceEqual("markPrice"u8) || channel.SequenceEqual("forceOrder"u8) || channel.StartsWith("kline_"u8)
            || channel.SequenceEqual("depth"u8) || IsPartialDepth(name);
    }

    /// <summary>
    /// The part between the symbol and a suffix such as <c>@100ms</c> or <c>@arr</c>; for all-market streams the part after the exclamation mark.
    /// </summary>
    private static ReadOnlySpan<byte> Channel(ReadOnlySpan<byte> name)
    {
        var from = name.StartsWith("!"u8) ? 0 : name.IndexOf((byte)'@');
        if (from < 0) return default;
        var channel = name[(from + 1)..];
        var end = channel.IndexOf((byte)'@');
        return end < 0 ? channel : channel[..end];
    }
}
