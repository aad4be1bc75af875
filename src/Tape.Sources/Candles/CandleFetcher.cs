using Tape.Sources.Rest;
using Tape.Storage.Answers;
using Tape.Venues.Contract;
using Tape.Venues.Rest;

namespace Tape.Sources.Candles;

/// <summary>Asks a venue for one-minute candles and puts each answer on the answers log before anybody sees it. Not thread-safe.</summary>
/// <param name="engine">Asks; owned by the caller.</param>
/// <param name="log">The vault's log of answers about candles; owned by the caller.</param>
/// <exception cref="ArgumentException">The venue has no candles over REST.</exception>
public sealed class CandleFetcher(IVenue venue, RestEngine engine, AnswersAppender log)
{
    /// <summary>What the venue gives, and within which limits.</summary>
    public IVenueCandles Venue { get; } = venue.Rest?.Candles ?? throw new ArgumentException($"{venue.Name} has no candles over REST", nameof(venue));

    /// <summary>Asks for the minutes that open in [<paramref name="fromMs"/>, <paramref name="toMs"/>), at most a page of them.</summary>
    /// <returns>The answer as it stands on the log, durable; or why there is none.</returns>
    /// <exception cref="TapeException">The answer could not be stored, or the log is damaged or somebody else's.</exception>
    /// <exception cref="IOException">The log can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<(StoredAnswer? Answer, RestFailure? Failure)> FetchAsync(string symbol, long fromMs, long toMs, CancellationToken cancel)
    {
        var request = Venue.Page(symbol, fromMs, toMs);
        var outcome = await engine.SendAsync(request, body => Venue.Read(symbol, body).Fault, cancel);
        if (outcome.Answer is not { } answer) return (null, outcome.Failure);
        var head = new AnswerHead(venue.Name, request.Name, answer.Url, answer.Status, answer.SentAt.Value, answer.ReceivedAt.Value)
        {
            Tries = answer.Tries,
            Symbol = symbol,
            FromMs = fromMs,
            ToMs = toMs,
            BodyBytes = answer.Body.Length,
        };
        return (new StoredAnswer(log.Append(head, answer.Body.Span), head, answer.Body), null);
    }
}
