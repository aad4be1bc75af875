using Tape.Core.Events;
using Tape.Core.Values;
using Tape.Derive.Activity;
using Tape.Derive.Decoding;
using Tape.Storage.Tapes;
using Tape.Venues.Books;
using Tape.Venues.Contract;
using Tape.Venues.Sequences;

namespace Tape.Derive.Books;

/// <summary>
/// All books that a tape brings now, and whether they could be trusted. Lives in memory: nothing of it is stored, and no row nor gap depends on it. Bounded by
/// <see cref="RecentActivity.StreamsMax"/>; further books are not followed. Not thread-safe.
/// </summary>
/// <param name="venues">Finds a venue by name.</param>
public sealed class LiveBooks(Func<string, IVenue?> venues)
{
    private readonly Dictionary<StreamKey, LiveBook> _books = [];
    private readonly Dictionary<long, List<KeyValuePair<StreamKey, CarriedBook>>> _open = [];
    private readonly EventBuffer _events = new();

    /// <summary>How a stream's book is; null for a stream without one.</summary>
    public BookStatus? StandingOf(StreamKey stream) => _books.GetValueOrDefault(stream)?.Standing();

    /// <summary>Books of a venue that wait for a picture from elsewhere.</summary>
    public IReadOnlyList<UnalignedBook> Unaligned(string venue) =>
        [.. _books.Where(book => book.Key.Venue == venue && book.Value.IsUnaligned).Select(book => book.Value.Question)];

    /// <summary>The venue has a picture as of an update id; one for which nobody waits any more is passed over.</summary>
    public void Answered(UnalignedBook book, long updateId) => _books.GetValueOrDefault(book.Stream)?.Answered(book, updateId);

    /// <summary>There is no picture, and why.</summary>
    public void Failed(UnalignedBook book, string reason) => _books.GetValueOrDefault(book.Stream)?.Failed(book, reason);

    /// <param name="at">When it was opened; null when that lies before the first record.</param>
    internal void Open(OpenConnection open, UnixNanos? at)
    {
        var carried = new List<KeyValuePair<StreamKey, CarriedBook>>();
        foreach (var stream in open.Streams)
        {
            var key = new StreamKey(open.Venue, stream.Channel, stream.Symbol);
            if (BookOf(key) is { } book) carried.Add(new(key, book.Open(at)));
        }

        if (carried.Count > 0) _open[open.Connection] = carried;
    }

    internal void Close(long connection, UnixNanos at)
    {
        if (!_open.Remove(connection, out var carried)) return;
        foreach (var (_, book) in carried) book.Book.Close(book, at);
    }

    /// <summary>Whatever was open belonged to a run that is over.</summary>
    internal void CloseAll(UnixNanos at)
    {
        foreach (var connection in _open.Keys.ToList()) Close(connection, at);
    }

    /// <summary>The book that a stream brings over a connection; null for none.</summary>
    internal CarriedBook? Find(long connection, StreamKey stream) =>
        _open.TryGetValue(connection, out var carried) ? carried.Find(book => book.Key == stream).Value : null;

    /// <summary>Takes in a frame of a book. One that can't be decoded is passed over: the ids behind it tell what is missing.</summary>
    internal void Frame(CarriedBook book, FrameDecoder decoder, in TapeRecord record)
    {
        if (!book.NeedsIds)
        {
            book.Book.TakeSnapshot(book, record.Time);
            return;
        }

        if (decoder.Decode(record.Payload, _events) != FrameOutcome.Events || IdSpan.Count(SequenceKind.BookChain, _events) == 0) return;
        if (IdSpan.TryRead(book.Book.Kind, _events, 0, out var span)) book.Book.Take(book, span, record.Time);
    }

    private LiveBook? BookOf(StreamKey key)
    {
        if (_books.TryGetValue(key, out var book)) return book;
        if (_books.Count >= RecentActivity.StreamsMax || venues(key.Venue)?.SequenceOf(key.Channel) is not { } rule || !(rule.IsPicture || rule.IsBookChange))
            return null;
        return _books[key] = new LiveBook(key, rule);
    }
}
