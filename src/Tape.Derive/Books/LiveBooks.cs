using Tape.Derive.Decoding;
using Tape.Storage.Tapes;
using Tape.Venues.Books;
using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Derive.Books;

/// <summary>
/// All books that a tape brings now, and whether they could be trusted. Lives in memory: nothing of it is stored, and no row nor gap depends on it. Bounded by
/// <see cref="BooksMax"/>; further books are not followed. Not thread-safe.
/// </summary>
/// <param name="venues">Finds a venue by name.</param>
public sealed class LiveBooks(Func<string, IVenue?> venues) : RecordObserver
{
    /// <summary>Books that are followed.</summary>
    public const int BooksMax = 20_000;

    private readonly Dictionary<StreamKey, LiveBook> _books = [];
    private readonly Dictionary<long, List<KeyValuePair<StreamKey, CarriedBook>>> _open = [];

    /// <summary>How a stream's book is; null for a stream without one.</summary>
    public BookStatus? StandingOf(StreamKey stream) => _books.GetValueOrDefault(stream)?.Standing();

    /// <summary>Books of a venue that wait for a snapshot from elsewhere.</summary>
    public IReadOnlyList<UnalignedBook> Unaligned(string venue) =>
        [.. _books.Where(book => book.Key.Venue == venue && book.Value.IsUnaligned).Select(book => book.Value.Question)];

    /// <summary>The venue has a snapshot as of an update id; an answer that is not waited for any more is passed over.</summary>
    public void Answered(UnalignedBook book, long updateId) => _books.GetValueOrDefault(book.Stream)?.Answered(book, updateId);

    /// <summary>There is no snapshot, and why.</summary>
    public void Failed(UnalignedBook book, string reason) => _books.GetValueOrDefault(book.Stream)?.Failed(book, reason);

    protected internal override void Opened(OpenConnection open, UnixNanos? at)
    {
        var carried = new List<KeyValuePair<StreamKey, CarriedBook>>();
        foreach (var stream in open.Streams)
        {
            var key = new StreamKey(open.Venue, stream.Channel, stream.Symbol);
            if (BookOf(key) is { } book) carried.Add(new(key, book.Open(at)));
        }

        if (carried.Count > 0) _open[open.Connection] = carried;
    }

    protected internal override void Closed(long connection, UnixNanos at)
    {
        if (!_open.Remove(connection, out var carried)) return;
        foreach (var (_, book) in carried) book.Book.Close(book, at);
    }

    protected internal override object? StateOf(OpenConnection connection, string wire, StreamKey stream) =>
        _open.TryGetValue(connection.Connection, out var carried) ? carried.Find(book => book.Key == stream).Value : null;

    /// <summary>A frame that can't be decoded is passed over: the ids behind it tell what is missing.</summary>
    protected internal override void Frame(in TapeRecord record, ref DecodedFrame frame)
    {
        if (frame.State is not CarriedBook book) return;
        if (!book.NeedsIds) book.Book.TakeSnapshot(book, record.Time);
        else if (frame.Decode(record) == FrameOutcome.Events && IdSpan.Count(SequenceKind.BookChain, frame.Events) > 0
            && IdSpan.TryRead(book.Book.Kind, frame.Events, 0, out var span)) book.Book.Take(book, span, record.Time);
    }

    private LiveBook? BookOf(StreamKey key)
    {
        if (_books.TryGetValue(key, out var book)) return book;
        if (_books.Count >= BooksMax || venues(key.Venue)?.SequenceOf(key.Channel) is not { } rule || !(rule.IsSnapshot || rule.IsBookChange))
            return null;
        return _books[key] = new LiveBook(key, rule);
    }
}
