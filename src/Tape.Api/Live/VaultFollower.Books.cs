using Tape.Derive.Books;
using Tape.Venues.Books;

namespace Tape.Api.Live;

/// <summary>The books of the picture, for those who ask the venues about them.</summary>
public sealed partial class VaultFollower : IUnalignedBooks
{
    private LiveBooks? _books;
    private bool _isAtEnd;

    /// <inheritdoc/>
    public IReadOnlyList<UnalignedBook> Unaligned(string venue)
    {
        lock (_gate)
        {
            // What a venue answers now is of no use to a picture of a quarter of an hour ago, nor to a tape that nobody writes.
            var isNow = _isAtEnd && _activity.LastTick is { } tick && UnixNanos.From(time.GetUtcNow()).Since(tick) <= RecorderHealth.QuietMax;
            return isNow && _books is not null ? _books.Unaligned(venue) : [];
        }
    }

    /// <inheritdoc/>
    public void Answered(UnalignedBook book, long updateId)
    {
        lock (_gate) _books?.Answered(book, updateId);
    }

    /// <inheritdoc/>
    public void Failed(UnalignedBook book, string reason)
    {
        lock (_gate) _books?.Failed(book, reason);
    }
}
