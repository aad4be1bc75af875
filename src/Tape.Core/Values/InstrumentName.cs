using System.Globalization;

namespace Tape.Core.Values;

/// <summary>Our names of instruments: base, quote and what kind it is, so that the same thing has the same name on every venue.</summary>
public static class InstrumentName
{
    /// <summary>A perpetual: <c>BTC-USDT-PERP</c>.</summary>
    public static string Perpetual(string baseAsset, string quoteAsset) => $"{baseAsset}-{quoteAsset}-PERP";

    /// <summary>A contract with a date, by its UTC day: <c>BTC-USDT-261225</c>.</summary>
    public static string Dated(string baseAsset, string quoteAsset, UnixNanos deliversAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{baseAsset}-{quoteAsset}-{deliversAt.Day:yyMMdd}");

    /// <summary>The name of what a venue lists; null for what is neither a perpetual nor has a date: it keeps the venue's name.</summary>
    /// <param name="deliversAt">Given for dated contracts.</param>
    public static string? Of(InstrumentKind kind, string baseAsset, string quoteAsset, UnixNanos? deliversAt) => (kind, deliversAt) switch
    {
        (InstrumentKind.Perpetual, _) => Perpetual(baseAsset, quoteAsset),
        (InstrumentKind.Dated, { } time) => Dated(baseAsset, quoteAsset, time),
        _ => null,
    };
}
