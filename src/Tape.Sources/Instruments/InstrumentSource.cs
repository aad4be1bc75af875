using Tape.Sources.Rest;
using Tape.Storage.Answers;
using Tape.Venues.Contract;
using Tape.Venues.Rest;

namespace Tape.Sources.Instruments;

/// <summary>
/// Gets a venue's list of instruments and puts it on the answers log before anybody sees it. An answer that gives the same list as the last one leaves a record
/// without its body. Not thread-safe.
/// </summary>
/// <param name="engine">Asks; owned by the caller.</param>
/// <param name="log">The vault's answers log; owned by the caller.</param>
public sealed class InstrumentSource(IVenue venue, IVenueRest rest, RestEngine engine, IFiles files, string vault, AnswersAppender log)
{
    private InstrumentListing? _last;

    /// <summary>The venue.</summary>
    public IVenue Venue => venue;

    /// <summary>Asks the venue.</summary>
    /// <returns>The list, durable on the log; or why there is none.</returns>
    /// <exception cref="TapeException">The answer could not be stored, or the log is damaged or somebody else's.</exception>
    /// <exception cref="IOException">The log can't be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<(InstrumentListing? Listing, RestFailure? Failure)> FetchAsync(CancellationToken cancel)
    {
        var pages = new List<RestAnswer>();
        for (var request = rest.Instruments; request is not null;)
        {
            if (pages.Count == RestPages.CountMax) return (null, Endless(pages[0]));
            RestRequest? next = null;
            var outcome = await engine.SendAsync(
                request,
                body =>
                {
                    next = rest.NextInstruments(body, out var fault);
                    return fault;
                },
                cancel);
            if (outcome.Answer is not { } page) return (null, outcome.Failure);
            pages.Add(page);
            request = next;
        }

        var body = RestPages.Join([.. pages.Select(page => page.Body)]);
        var read = rest.ReadInstruments(body);
        if (read.Fault is not null) return (null, Malformed(pages[0], read.Fault));
        return body.Length > AnswersLog.BodyBytesMax
            ? (null, TooLong(pages[0], body.Length)) : (Store(pages[^1] with { Url = pages[0].Url, Body = body }, read), null);
    }

    /// <summary>The last list on the answers log; null when there is none that this version can read.</summary>
    /// <exception cref="DamagedException">The log is damaged.</exception>
    public InstrumentListing? Stored()
    {
        InstrumentListing? listing = null;
        var answers = AnswersLog.Read(files, vault).Where(answer => answer.Head.Venue == venue.Name && answer.Head.Request == rest.Instruments.Name).ToList();
        for (var at = answers.Count - 1; at >= 0 && listing is null; at--)
        {
            if (answers[at].Head.SameAs is not null) continue;
            var read = rest.ReadInstruments(answers[at].Body());
            if (read.Fault is null) listing = new(read.Instruments, answers[at].Seq, new UnixNanos(answers[at].Head.ReceivedAt), read.Rejected);
        }

        return listing is { } found ? found with
        {
            At = new UnixNanos(answers.Where(answer => answer.Seq == found.Seq || answer.Head.SameAs == found.Seq)
            .Max(answer => answer.Head.ReceivedAt))
        } : null;
    }

    private RestFailure Endless(RestAnswer first) =>
        new(RestFailureKind.TooLong, $"{venue.Name}: {first.Url} named a next page behind {RestPages.CountMax} pages.",
            "Look whether rest_endpoint in the configuration is the venue's.");

    private RestFailure Malformed(RestAnswer first, string fault) =>
        new(RestFailureKind.Malformed, $"{venue.Name}: the pages from {first.Url} on are no list of instruments: {fault}.",
            "It is tried again. If it lasts, the venue may have changed its answers: update tape.");

    private RestFailure TooLong(RestAnswer first, int bytes) =>
        new(RestFailureKind.TooLong, $"{venue.Name}: the pages from {first.Url} on have {bytes} bytes together, expected at most {AnswersLog.BodyBytesMax}.",
            "Look whether rest_endpoint in the configuration is the venue's.");

    private InstrumentListing Store(RestAnswer answer, InstrumentAnswer read)
    {
        _last ??= Stored();
        var same = _last is { } last && last.Instruments.SequenceEqual(read.Instruments) ? last.Seq : (long?)null;
        var head = new AnswerHead(venue.Name, answer.Request.Name, answer.Url, answer.Status, answer.SentAt.Value, answer.ReceivedAt.Value)
        {
            Tries = answer.Tries,
            SameAs = same,
        };
        var seq = log.Append(head, answer.Body.Span);
        return _last = new InstrumentListing(read.Instruments, same ?? seq, answer.ReceivedAt, read.Rejected);
    }
}
