using Tape.Core.Events;
using Tape.Venues.Sequences;

namespace Tape.SimulationTests.Books;

/// <summary>A connection of a rehearsal, with what came over it.</summary>
internal sealed class BookFeed(long number)
{
    public long Number { get; } = number;

    /// <summary>A frame that comes behind its successor.</summary>
    public byte[]? Held { get; set; }

    public List<Change> Changes { get; } = [];

    /// <summary>Brings a book up to date as a client does, in the order received.</summary>
    /// <param name="from">The update id of the book; null for one that begins with a picture of this connection.</param>
    /// <returns>The update id behind it.</returns>
    public long? Apply(long? from, ShadowBook book)
    {
        var known = from;
        foreach (var change in Changes)
        {
            var isNews = change.Span.IsSnapshot ? from is null || change.Span.Last > known : change.Span.First == known + 1 || change.Span.Last > known;
            if (!isNews) continue;
            book.Apply(change.Rows);
            known = change.Span.Last;
        }

        return known;
    }

    /// <summary>Brings a book up to date from all connections together: whatever change goes on from it is applied, whoever brought it.</summary>
    public static long? Merge(IReadOnlyList<BookFeed> feeds, long known, ShadowBook book)
    {
        var changes = feeds.SelectMany(feed => feed.Changes).Where(change => !change.Span.IsSnapshot).ToList();
        while (changes.Find(change => change.Span.Last != known
            && (change.Span.First == known + 1 || (change.Span.First <= known && change.Span.Last > known))) is { } next)
        {
            book.Apply(next.Rows);
            known = next.Span.Last;
            changes.Remove(next);
        }

        return known;
    }

    /// <summary>The full pictures that came over it.</summary>
    public IEnumerable<(long? Id, ShadowBook Book)> Snapshots()
    {
        foreach (var change in Changes.Where(change => change.Span.IsSnapshot))
        {
            var book = new ShadowBook();
            book.Apply(change.Rows);
            yield return (change.Span.Last, book);
        }
    }

    /// <summary>The rows of a frame and their ids.</summary>
    public sealed record Change(IdSpan Span, IReadOnlyList<BookEvent> Rows);
}
