namespace Tape.Venues.Books;

/// <summary>
/// The live picture as one sees it who fetches pictures of books. What is told here stays in memory and changes what is shown of books, nothing else.
/// Thread-safe.
/// </summary>
public interface IUnalignedBooks
{
    /// <summary>
    /// Books of a venue that are received and not aligned, and for which no answer waits; none while the picture is behind the recording or nobody records.
    /// </summary>
    IReadOnlyList<UnalignedBook> Unaligned(string venue);

    /// <summary>The venue has a picture as of an update id.</summary>
    void Answered(UnalignedBook book, long updateId);

    /// <summary>There is no picture, and why.</summary>
    void Failed(UnalignedBook book, string reason);
}
