namespace Tape.Venues.Sequences;

/// <summary>How a gap in a channel shows.</summary>
/// <param name="Kind">Which ids follow one another.</param>
/// <param name="FirstDataWithin">A stream that delivered nothing on a new connection for this long is not proven, though it was acknowledged; null where
/// silence is normal, so that an acknowledgement is enough.</param>
/// <param name="Cadence">The venue sends at a fixed pace whatever happens: silence of a single stream above this is a gap, whatever its siblings deliver; null
/// for other channels.</param>
public sealed record SequenceRule(SequenceKind Kind, TimeSpan? FirstDataWithin = null, TimeSpan? Cadence = null)
{
    /// <summary>Nothing is known: only connections and silence tell.</summary>
    public static SequenceRule None { get; } = new(SequenceKind.None);

    /// <summary>Silence that is suspicious in the channel, where a stream's own pace does not say better (<see cref="UsualPace"/>); null where silence means
    /// nothing.</summary>
    public TimeSpan? SilentAfter { get; init; }

    /// <summary>Each frame is a full snapshot of the best levels of a book.</summary>
    public bool IsSnapshot { get; init; }

    /// <summary>Subscribing brings a full snapshot first: subscribing again mends a book of which changes are missing.</summary>
    public bool BeginsWithSnapshot { get; init; }

    /// <summary>Whether the channel brings the changes of a book.</summary>
    public bool IsBookChange => Kind is SequenceKind.BookChain or SequenceKind.BookUpdates;

    /// <summary>Whether ids prove that nothing is missing, whatever happened to connections in between.</summary>
    public bool HasProof => Kind >= SequenceKind.TradeIds;

    /// <summary>Whether ids say how many are missing.</summary>
    public bool Counts => Kind is SequenceKind.TradeIds or SequenceKind.TradeRanges or SequenceKind.BookUpdates;
}

/// <summary>By which ids a channel lets a receiver see that something is missing. The ids are those of the decoded events.</summary>
public enum SequenceKind
{
    /// <summary>No ids to go by: only connections and silence tell.</summary>
    None,

    /// <summary>The update id of quotes never falls, and leaves ids out as a matter of course: it shows repetitions, no gaps.</summary>
    RisingQuotes,

    /// <summary>The trade id is a number that rises by one.</summary>
    TradeIds,

    /// <summary>A trade stands for the fills from its first id to its last, and the next trade begins right behind.</summary>
    TradeRanges,

    /// <summary>
    /// A book change names the update id of the one before it. Ids in between mean nothing, so what is missing can't be counted. A snapshot begins anew.
    /// </summary>
    BookChain,

    /// <summary>The update id of book changes rises by one. A snapshot begins anew.</summary>
    BookUpdates,
}
