using Tape.Sources.Rest;
using Tape.Storage.Answers;
using Tape.Venues.Contract;
using Tape.Venues.Rest;

namespace Tape.Sources.Candles;

/// <summary>Asks a venue for one-minute candles and puts each answer on the answers log before anybody sees it. Not thread-safe.</summary>
/// <param name="engine">Asks; owned by the caller.</param>
/// <param name="log">The vault's answers log; owned by the caller.</param>
/// <exception cref="ArgumentException">The venue has no candles over REST.</exception>
public sealed class CandleSource(IVenue venue, RestEngine engine, AnswersAppender log)
{
    private readonly IVenueCandles _candles = venue.Rest?.Candles ?? throw new ArgumentException($"{venue.Name} has no candles over REST", nameof(venue));

    /// <summary>What the venue gives, and within which limits.</summary>
    public IVenueCandles Limits => _candles;

    /// <summary>Asks for the minutes that open in [<paramref name="fromMs"/>, <paramref name="toMs"/>), at most a page of them.</summary>
    /// <returns>The answer, durable on the log; or why there is none.</returns>
    /// <exception cref="TapeException">The answer could not be stored, or the log is damaged or somebody else's.</exception>
    /// <exception cref="IOException">The log can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<(CandlePage? Page, RestFailure? Failure)> FetchAsync(string symbol, long fromMs, long toMs, CancellationToken cancel)
    {
        CandleAnswer? read = null;
        var outcome = await engine.SendAsync(_candles.Page(symbol, fromMs, toMs), body => (read = _candles.Read(symbol, body)).Fault, cancel);
        if (outcome.Answer is not { } answer) return (null, outcome.Failure);
        var head = new AnswerHead(venue.Name, CandlePage.RequestName, answer.Url, answer.Status, answer.SentAt.Value, answer.ReceivedAt.Value)
        {
            Tries = answer.Tries,
            Symbol = symbol,
            FromMs = fromMs,
            ToMs = toMs,
        };
        return (CandlePage.Of(head, log.Append(head, answer.Body.Span), symbol, fromMs, toMs, _candles, read!), null);
    }
}
