using Tape.Candles.Files;
using Tape.Core.Candles;
using Tape.Host.Configuration;
using Tape.Sources.Candles;
using Tape.Sources.Rest;

namespace Tape.Host.Candles;

/// <summary>
/// Asks one venue for the minutes that day files lack. It only writes the answers log: what owns the candles takes the answers into day files. Asking again
/// asks
/// only for what is still missing, so that it may be ended at any time. Not thread-safe.
/// </summary>
/// <param name="store">Is read, never written.</param>
public sealed class Backfill(VenueSettings settings, CandleFetcher fetcher, CandleStore store, TimeProvider time)
{
    /// <summary>Fills a symbol's holes.</summary>
    /// <param name="symbol">As the venue writes it.</param>
    /// <param name="fromMs">The first minute that counts, milliseconds since the epoch.</param>
    /// <param name="toMs">Minutes that open at this time or later do not count.</param>
    /// <param name="told">Hears after each answer how many of the questions are answered.</param>
    /// <exception cref="TapeException">A day file is damaged, or an answer could not be stored.</exception>
    /// <exception cref="IOException">A file can't be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; what was answered stays.</exception>
    public async Task<BackfillResult> RunAsync(string symbol, long fromMs, long toMs, Action<int, int> told, CancellationToken cancel)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var missing = MissingMinutes.Of(store, settings.Venue.Name, symbol, fromMs, Math.Min(toMs, now - now % Timeframe.MinuteMs)).ToList();
        var reach = fetcher.Venue.Reach is { } back ? now - (long)back.TotalMilliseconds : long.MinValue;
        var within = missing.Where(minute => minute >= reach).ToList();
        var pages = PagePlan.Of(within, fetcher.Venue.RowsMax, fetcher.Venue.OmitsEmptyMinutes ? 1 : 0, now).ToList();
        var answered = 0;
        RestFailure? failure = null;
        foreach (var (from, to) in pages)
        {
            cancel.ThrowIfCancellationRequested();
            (var answer, failure) = await fetcher.FetchAsync(symbol, from, to, cancel);
            if (answer is null) break;
            told(++answered, pages.Count);
        }

        return new BackfillResult(settings.Venue.Name, symbol, missing.Count, missing.Count - within.Count, answered, failure);
    }
}

/// <summary>What asking for a symbol's holes brought.</summary>
/// <param name="Venue">Our name of it.</param>
/// <param name="Symbol">As the venue writes it.</param>
/// <param name="Missing">Minutes that were missing.</param>
/// <param name="BeyondReach">Those of them that the venue does not answer any more.</param>
/// <param name="Answers">Answers that are on the log.</param>
/// <param name="Failure">Why no more was asked; null when all was.</param>
public sealed record BackfillResult(string Venue, string Symbol, int Missing, int BeyondReach, int Answers, RestFailure? Failure);
