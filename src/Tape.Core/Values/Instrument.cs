namespace Tape.Core.Values;

/// <summary>What a venue says about one thing that is traded there. Equal when everything said is equal.</summary>
public sealed record Instrument
{
    /// <summary>Our name of the venue: <c>binance</c>.</summary>
    public required string Venue { get; init; }

    /// <summary>The venue's name, as sent in its data: <c>BTCUSDT</c>.</summary>
    public required string Symbol { get; init; }

    /// <summary>Our name, the same on every venue: <c>BTC-USDT-PERP</c>, <c>BTC-USDT-261225</c>; see <see cref="InstrumentName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What one unit of quantity is of, once contracts are converted: <c>BTC</c>, <c>1000PEPE</c>.</summary>
    public required string Base { get; init; }

    /// <summary>What the price is in.</summary>
    public required string Quote { get; init; }

    /// <summary>What margin and profit are paid in.</summary>
    public required string Margin { get; init; }

    public required InstrumentKind Kind { get; init; }

    /// <summary>The venue's own word for the kind, as sent; may be empty.</summary>
    public required string ContractType { get; init; }

    /// <summary>The venue's own word: <c>TRADING</c>, <c>SETTLING</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Whether <see cref="Status"/> means that it is traded now.</summary>
    public required bool IsTrading { get; init; }

    /// <summary>Step of the price, above 0.</summary>
    public required double TickSize { get; init; }

    /// <summary>Step of the quantity as the venue sends it, above 0.</summary>
    public required double LotSize { get; init; }

    /// <summary>Least value of an order in the quote currency; <see cref="Absent.Number"/> when not given.</summary>
    public double MinNotional { get; init; } = Absent.Number;

    /// <summary>
    /// Base units in one unit of the quantity that the venue sends, above 0; 1 where it sends base units; <see cref="Absent.Number"/> where they depend on the
    /// price (inverse contracts).
    /// </summary>
    public required double ContractSize { get; init; }

    /// <summary>When it was listed; null when not given.</summary>
    public UnixNanos? ListedAt { get; init; }

    /// <summary>When it is delivered or taken off, as the venue says it (perpetuals: far in the future); null when not given.</summary>
    public UnixNanos? DeliversAt { get; init; }
}

/// <summary>What kind of contract it is.</summary>
public enum InstrumentKind
{
    /// <summary>Neither of the others, or a word of the venue that we do not know.</summary>
    Other,

    /// <summary>A contract without an end.</summary>
    Perpetual,

    /// <summary>A contract that is delivered at a date.</summary>
    Dated,
}
