namespace Tape.Venues.Bybit;

/// <summary>The kinds of topic whose frames have rows.</summary>
internal enum BybitKind
{
    /// <summary>A topic that we do not know, or know to have no rows.</summary>
    Unknown,
    Trades,
    Liquidations,
    Candles,
    Tickers,
    Quote,
    Book,
}

/// <summary>
/// What a topic (<c>publicTrade.BTCUSDT</c>, <c>orderbook.50.BTCUSDT</c>, <c>kline.1.BTCUSDT</c>) says about its frames. Symbols may hold dots.
/// </summary>
internal readonly ref struct BybitTopic
{
    public BybitTopic(ReadOnlySpan<byte> topic)
    {
        var dot = topic.IndexOf((byte)'.');
        if (dot < 0) return;
        var rest = topic[(dot + 1)..];
        Kind = KindOf(topic[..dot]);
        if (Kind is BybitKind.Candles or BybitKind.Book)
        {
            var second = rest.IndexOf((byte)'.');
            Detail = rest[..Math.Max(second, 0)];
            rest = rest[(second + 1)..];
            Kind = KindOf(Kind, Detail);
        }

        Symbol = rest;
        if (rest.IsEmpty) Kind = BybitKind.Unknown;
    }

    public BybitKind Kind { get; }

    /// <summary>A book's depth or a candle's interval, in the venue's spelling; empty for others.</summary>
    public ReadOnlySpan<byte> Detail { get; }

    public ReadOnlySpan<byte> Symbol { get; }

    private static BybitKind KindOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        5 when name.SequenceEqual("kline"u8) => BybitKind.Candles,
        7 when name.SequenceEqual("tickers"u8) => BybitKind.Tickers,
        9 when name.SequenceEqual("orderbook"u8) => BybitKind.Book,
        11 when name.SequenceEqual("publicTrade"u8) => BybitKind.Trades,
        14 when name.SequenceEqual("allLiquidation"u8) => BybitKind.Liquidations,
        _ => BybitKind.Unknown,
    };

    /// <summary>Books are known by a depth in digits (not <c>rpi</c> or <c>full</c>, which have other levels), candles by their interval.</summary>
    private static BybitKind KindOf(BybitKind kind, ReadOnlySpan<byte> detail)
    {
        if (kind == BybitKind.Candles) return BybitTimeframe.Of(detail).IsEmpty ? BybitKind.Unknown : kind;
        if (detail.IsEmpty || detail.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return BybitKind.Unknown;
        return detail.SequenceEqual("1"u8) ? BybitKind.Quote : kind;
    }
}
