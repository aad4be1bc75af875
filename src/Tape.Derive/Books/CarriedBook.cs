using Tape.Venues.Books;

namespace Tape.Derive.Books;

/// <summary>A book on one open connection.</summary>
/// <param name="Book">The book over all its connections.</param>
/// <param name="Tracker">Its ids on this one; null where every frame is a full snapshot.</param>
internal sealed record CarriedBook(LiveBook Book, BookTracker? Tracker)
{
    /// <summary>Whether its frames must be decoded for their ids.</summary>
    public bool NeedsIds => Tracker is not null;

    /// <summary>A full snapshot came on this connection.</summary>
    public bool HasSnapshot { get; set; }

    public bool IsAligned => HasSnapshot || Tracker is { IsAligned: true };
}
