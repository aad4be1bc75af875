namespace Tape.Venues.Sequences;

/// <summary>By which ids a channel lets a receiver see that something is missing. The ids are those of the decoded events.</summary>
public enum SequenceKind
{
    /// <summary>No ids to go by: only connections and silence tell.</summary>
    None,

    /// <summary>The update id of quotes never falls, and leaves ids out as a matter of course: it shows repetitions, no holes.</summary>
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
