namespace Tape.Venues.Books;

/// <summary>
/// The books that are followed now, for the one that fetches snapshots of them. Answers stay in memory and change only what is shown of books. Thread-safe.
/// </summary>
public interface IUnalignedBooks
{
    /// <summary>
    /// Books of a venue that are received and not aligned, and for which no answer waits; none while the reader is behind the recording, or nothing is
    /// recorded.
    /// </summary>
    IReadOnlyList<UnalignedBook> Unaligned(string venue);

    /// <summary>The venue has a snapshot as of an update id.</summary>
    void Answered(UnalignedBook book, long updateId);

    /// <summary>There is no snapshot, and why.</summary>
    void Failed(UnalignedBook book, string reason);
}

/// <summary>A book of which a full snapshot is wanted.</summary>
/// <param name="Stream">Its stream.</param>
/// <param name="Round">Rises when connections change or the venue numbers anew: an answer to a question of an earlier round says nothing any more.</param>
public sealed record UnalignedBook(StreamKey Stream, int Round);
