using Tape.Core.Work;
using Tape.Sources.Rest;
using Tape.Venues.Books;
using Tape.Venues.Rest;

namespace Tape.Sources.Books;

/// <summary>
/// Asks a venue over REST how far its books have come, for those that nobody could trust after a reconnect. Of an answer only the update id is kept, in memory:
/// it leads to no stored data, so it goes onto no log, and no row nor gap depends on it.
/// </summary>
/// <remarks>
/// Bounds: one request at a time, evenly spread so that all together take at most <see cref="ShareOfWeight"/> of what we take of the venue at all; a book again
/// after <see cref="AgainFirst"/> at the earliest, twice as long after each time up to <see cref="AgainLongest"/>; no retries but these, and the engine's
/// breaker and waits before them.
/// </remarks>
/// <param name="venue">Its name.</param>
/// <param name="engine">Sends each request once: made with <see cref="EngineOptions"/>.</param>
/// <param name="books">Says what is wanted, and takes what comes.</param>
public sealed class BookAligner(string venue, IVenueRest rest, RestEngine engine, IUnalignedBooks books, TimeProvider time)
{
    /// <summary>Of the weight that we allow ourselves at the venue; of Binance's own limit it is a tenth.</summary>
    public const double ShareOfWeight = 0.2;

    /// <summary>The shortest time between two questions about one book.</summary>
    public static readonly TimeSpan AgainFirst = TimeSpan.FromSeconds(10);

    /// <summary>The longest time until a book may be asked for again.</summary>
    public static readonly TimeSpan AgainLongest = TimeSpan.FromMinutes(5);

    /// <summary>How often it looks whether a book is wanted.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<StreamKey, Asked> _asked = [];

    /// <summary>For the engine: a question that failed is asked again by the rules here, not by the engine.</summary>
    public static RestEngineOptions EngineOptions { get; } = new() { TriesMax = 1 };

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken stop) => Loop.UntilStoppedAsync(async () => await Task.Delay(await StepAsync(stop), time, stop), stop);

    /// <summary>Asks for the book that has waited longest, if one may be asked for now.</summary>
    /// <returns>How long to wait before the next step.</returns>
    public async Task<TimeSpan> StepAsync(CancellationToken cancel)
    {
        var wanted = books.Unaligned(venue);
        Forget(wanted);
        var due = wanted.Where(book => IsDue(book.Stream) && rest.Book(book.Stream) is not null)
            .MinBy(book => _asked.TryGetValue(book.Stream, out var asked) ? asked.At : long.MinValue);
        if (due is null) return LookEvery;
        var request = rest.Book(due.Stream)!;
        Remember(due.Stream);
        var outcome = await engine.SendAsync(request, Fault, cancel);
        if (outcome.Answer is { } answer) books.Answered(due, rest.ReadBook(answer.Body, out _));
        else books.Failed(due, outcome.Failure!.Message);
        var pause = TimeSpan.FromMinutes(request.Weight / (rest.Limits.WeightPerMinute * ShareOfWeight));
        return outcome.Failure is null || pause > LookEvery ? pause : LookEvery;
    }

    private bool IsDue(StreamKey stream) => !_asked.TryGetValue(stream, out var asked) || time.GetElapsedTime(asked.At) >= asked.Again;

    private void Remember(StreamKey stream)
    {
        var times = _asked.TryGetValue(stream, out var asked) ? asked.Times + 1 : 0;
        _asked[stream] = new Asked(time.GetTimestamp(), times);
    }

    /// <summary>
    /// A book that is not wanted and was not asked for in twice its time begins anew; so what is remembered is bounded by what was wanted lately.
    /// </summary>
    private void Forget(IReadOnlyList<UnalignedBook> wanted)
    {
        var kept = wanted.Select(book => book.Stream).ToHashSet();
        foreach (var (stream, asked) in _asked)
            if (!kept.Contains(stream) && time.GetElapsedTime(asked.At) > asked.Again * 2) _asked.Remove(stream);
    }

    private string? Fault(ReadOnlyMemory<byte> body)
    {
        rest.ReadBook(body, out var fault);
        return fault;
    }

    /// <param name="At">When it was asked for last, a timestamp.</param>
    /// <param name="Times">How often before.</param>
    private sealed record Asked(long At, int Times)
    {
        /// <summary>How long it waits from then.</summary>
        public TimeSpan Again => Backoff.After(Times, AgainFirst, AgainLongest);
    }
}
