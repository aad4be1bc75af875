namespace Tape.Venues.Sequences;

/// <summary>How a hole in a channel shows.</summary>
/// <param name="Kind">Which ids follow one another.</param>
/// <param name="FirstDataWithin">A stream that delivered nothing on a new connection for this long is not proven, though it was acknowledged; null where
/// silence is normal, so that an acknowledgement is enough.</param>
/// <param name="Cadence">The venue sends at a fixed pace whatever happens: silence of a single stream above this is a hole, whatever its siblings deliver; null
/// for other channels.</param>
public sealed record SequenceRule(SequenceKind Kind, TimeSpan? FirstDataWithin = null, TimeSpan? Cadence = null)
{
    /// <summary>Nothing is known: only connections and silence tell.</summary>
    public static SequenceRule None { get; } = new(SequenceKind.None);

    /// <summary>Each frame is a full picture of the best levels of a book.</summary>
    public bool IsPicture { get; init; }

    /// <summary>Whether the channel brings the changes of a book.</summary>
    public bool IsBookChange => Kind is SequenceKind.BookChain or SequenceKind.BookUpdates;

    /// <summary>Whether ids prove that nothing is missing, whatever happened to connections in between.</summary>
    public bool HasProof => Kind >= SequenceKind.TradeIds;

    /// <summary>Whether ids say how many are missing.</summary>
    public bool Counts => Kind is SequenceKind.TradeIds or SequenceKind.TradeRanges or SequenceKind.BookUpdates;
}
