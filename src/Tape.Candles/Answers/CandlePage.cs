using Tape.Candles.Closing;
using Tape.Core.Candles;
using Tape.Storage.Answers;
using Tape.Venues.Contract;
using Tape.Venues.Rest;

namespace Tape.Candles.Answers;

/// <summary>One answer about a symbol's minutes, as it stands on the answers log.</summary>
/// <param name="Venue">Our name of the venue.</param>
/// <param name="Symbol">As the venue writes it.</param>
/// <param name="FromMs">The first minute that was asked about, milliseconds since the epoch.</param>
/// <param name="ToMs">Where the question ended; this minute was not asked about.</param>
/// <param name="Candles">Those with trades that the question was about and that were over when the answer came, oldest first. Not validated.</param>
/// <param name="EmptyMinutes">Minutes of the question that the answer proves to have had no trade, oldest first.</param>
/// <param name="Rejected">A sentence for each row that could not be read.</param>
/// <param name="Seq">The answer's record on the answers log.</param>
/// <param name="ReceivedAt">When it came, by our clock.</param>
public sealed record CandlePage(string Venue, string Symbol, long FromMs, long ToMs, IReadOnlyList<Candle> Candles, IReadOnlyList<long> EmptyMinutes,
    IReadOnlyList<string> Rejected, long Seq, UnixNanos ReceivedAt)
{
    /// <summary>Our name of the request, as on the answers log.</summary>
    public const string RequestName = "candles";

    private const long MinuteMs = Timeframe.MinuteMs;

    /// <summary>A missing row proves a minute without a trade only when the minute has been over for so long.</summary>
    private const long ProvenAfterMs = 2 * MinuteMs;

    /// <summary>Reads an answer of the log.</summary>
    /// <returns>Null for an answer to another request, of a venue without candles, or one that can't be read.</returns>
    public static CandlePage? Of(StoredAnswer answer, IVenue? venue) =>
        answer.Head is { Request: RequestName, Symbol: { } symbol, FromMs: { } from, ToMs: { } to } && venue?.Rest?.Candles is { } candles
            && candles.Read(symbol, answer.Body()) is { Fault: null } read ? Of(answer, symbol, from, to, candles, read) : null;

    private static CandlePage Of(StoredAnswer answer, string symbol, long fromMs, long toMs, IVenueCandles venue, CandleAnswer read)
    {
        var receivedMs = answer.Head.ReceivedAt / UnixNanos.PerMillisecond;
        var over = read.Candles.Where(candle => candle.OpenTimeMs + MinuteMs <= receivedMs).ToList();
        var asked = over.Where(candle => candle.OpenTimeMs >= fromMs && candle.OpenTimeMs < toMs).ToList();
        var omitted = venue.OmitsEmptyMinutes && read.Rejected.Count == 0 ? Between(over, fromMs, Math.Min(toMs, receivedMs - ProvenAfterMs)) : [];
        return new CandlePage(answer.Head.Venue, symbol, fromMs, toMs, [.. asked.Where(candle => !HasNoTrade(candle))],
            [.. asked.Where(HasNoTrade).Select(candle => candle.OpenTimeMs).Concat(omitted).Order()], read.Rejected, answer.Seq,
            new UnixNanos(answer.Head.ReceivedAt));
    }

    /// <summary>A row of the venue's that says that nothing was traded.</summary>
    private static bool HasNoTrade(Candle candle) => candle is { Volume: 0, TradesCount: 0 or Absent.Integer };

    /// <summary>Minutes between two rows of the answer that have no row themselves.</summary>
    private static IEnumerable<long> Between(List<Candle> rows, long fromMs, long toMs)
    {
        for (var at = 1; at < rows.Count; at++)
            for (var minute = Math.Max(rows[at - 1].OpenTimeMs + MinuteMs, fromMs); minute < Math.Min(rows[at].OpenTimeMs, toMs); minute += MinuteMs)
                yield return minute;
    }

    /// <summary>The candles as day files have them: known when the answer came.</summary>
    public IEnumerable<StoredCandle> Stored() => Candles.Select(candle =>
        StoredCandle.Of(Venue, Symbol, Timeframe.Minute, candle, CandleSource.Rest, ReceivedAt.Value / UnixNanos.PerMillisecond));

    /// <summary>The minutes without a trade.</summary>
    public IEnumerable<EmptyMinute> Empty() => EmptyMinutes.Select(minute => new EmptyMinute(Venue, Symbol, minute));
}
