namespace Tape.Venues.Okx;

/// <summary>The kinds of channel whose frames have rows.</summary>
internal enum OkxKind
{
    /// <summary>A channel that we do not know, or know to have no rows.</summary>
    Unknown,
    Trades,
    Quote,
    Ticker,
    Mark,
    Index,
    Funding,
    OpenInterest,
    Liquidations,

    /// <summary>A book whose frames say what they are (<c>action</c>).</summary>
    Book,

    /// <summary>A book whose frames are full snapshots.</summary>
    BookSnapshot,
    Candles,
}

/// <summary>What the name of a channel says.</summary>
internal static class OkxKinds
{
    private static ReadOnlySpan<byte> Candle => "candle"u8;

    public static OkxKind Of(ReadOnlySpan<byte> channel) => channel.Length switch
    {
        5 when channel.SequenceEqual("books"u8) => OkxKind.Book,
        6 when channel.SequenceEqual("trades"u8) => OkxKind.Trades,
        6 when channel.SequenceEqual("books5"u8) => OkxKind.BookSnapshot,
        7 when channel.SequenceEqual("bbo-tbt"u8) => OkxKind.Quote,
        7 when channel.SequenceEqual("tickers"u8) => OkxKind.Ticker,
        10 when channel.SequenceEqual("trades-all"u8) => OkxKind.Trades,
        10 when channel.SequenceEqual("mark-price"u8) => OkxKind.Mark,
        12 when channel.SequenceEqual("books-l2-tbt"u8) => OkxKind.Book,
        12 when channel.SequenceEqual("funding-rate"u8) => OkxKind.Funding,
        13 when channel.SequenceEqual("index-tickers"u8) => OkxKind.Index,
        13 when channel.SequenceEqual("open-interest"u8) => OkxKind.OpenInterest,
        14 when channel.SequenceEqual("books50-l2-tbt"u8) => OkxKind.Book,
        18 when channel.SequenceEqual("liquidation-orders"u8) => OkxKind.Liquidations,
        _ => Timeframe(channel).IsEmpty ? OkxKind.Unknown : OkxKind.Candles,
    };

    /// <summary>The interval of a candle channel (<c>candle1m</c>, <c>candle1H</c>, <c>candle1Dutc</c>) in our spelling; empty for other channels.</summary>
    public static ReadOnlySpan<byte> Timeframe(ReadOnlySpan<byte> channel)
    {
        if (!channel.StartsWith(Candle)) return default;
        var bar = channel[Candle.Length..];
        if (bar.Length > 2 && bar.EndsWith("utc"u8)) bar = bar[..^3];
        return bar.Length switch
        {
            2 => OfTwo(bar),
            3 when bar.SequenceEqual("15m"u8) => "15m"u8,
            3 when bar.SequenceEqual("30m"u8) => "30m"u8,
            3 when bar.SequenceEqual("12H"u8) => "12h"u8,
            _ => default,
        };
    }

    private static ReadOnlySpan<byte> OfTwo(ReadOnlySpan<byte> bar) => (bar[0], bar[1]) switch
    {
        ((byte)'1', (byte)'s') => "1s"u8,
        ((byte)'1', (byte)'m') => "1m"u8,
        ((byte)'3', (byte)'m') => "3m"u8,
        ((byte)'5', (byte)'m') => "5m"u8,
        ((byte)'1', (byte)'H') => "1h"u8,
        ((byte)'2', (byte)'H') => "2h"u8,
        ((byte)'4', (byte)'H') => "4h"u8,
        ((byte)'6', (byte)'H') => "6h"u8,
        ((byte)'1', (byte)'D') => "1d"u8,
        ((byte)'2', (byte)'D') => "2d"u8,
        ((byte)'3', (byte)'D') => "3d"u8,
        ((byte)'5', (byte)'D') => "5d"u8,
        ((byte)'1', (byte)'W') => "1w"u8,
        ((byte)'1', (byte)'M') => "1M"u8,
        ((byte)'3', (byte)'M') => "3M"u8,
        _ => default,
    };
}
