using Tape.Core.Candles;

namespace Tape.Venues.Rest;

/// <summary>
/// Pure knowledge of a venue's own one-minute candles over REST: what to ask for and what answers mean. Immutable and thread-safe; readers never throw on any
/// input.
/// </summary>
public interface IVenueCandles
{
    /// <summary>The most candles that the venue puts into one answer.</summary>
    int RowsMax { get; }

    /// <summary>How far back from its own now the venue answers; null where there is no such limit.</summary>
    TimeSpan? Reach { get; }

    /// <summary>
    /// Whether a minute without a trade has no row, so that a missing row between two others proves it; else such a minute has a row with volume 0.
    /// </summary>
    bool OmitsEmptyMinutes { get; }

    /// <summary>Asks for the candles that open in [<paramref name="fromMs"/>, <paramref name="toMs"/>).</summary>
    /// <param name="symbol">As the venue writes it in data.</param>
    /// <param name="fromMs">A whole minute, in milliseconds since 1970.</param>
    /// <param name="toMs">A whole minute, at most <see cref="RowsMax"/> minutes after <paramref name="fromMs"/>.</param>
    RestRequest Page(string symbol, long fromMs, long toMs);

    /// <summary>Reads the body of a good answer to <see cref="Page"/>. It may hold others too, and the minute that is not over.</summary>
    /// <param name="symbol">What was asked for: an answer need not name it.</param>
    /// <param name="body">As the venue sent it.</param>
    CandleAnswer Read(string symbol, ReadOnlyMemory<byte> body);
}

/// <summary>Candles as read.</summary>
/// <param name="Candles">Oldest first, whatever the venue's order, each open time once. Not yet validated.</param>
/// <param name="Rejected">A sentence for each row that could not be read and was left out.</param>
/// <param name="Fault">Why the whole answer is refused; then there are no candles. Null when it is good.</param>
public sealed record CandleAnswer(IReadOnlyList<Candle> Candles, IReadOnlyList<string> Rejected, string? Fault)
{
    public static CandleAnswer Refused(string fault) => new([], [], fault);
}
