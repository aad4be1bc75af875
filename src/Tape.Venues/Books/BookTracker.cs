using Tape.Venues.Sequences;

namespace Tape.Venues.Books;

/// <summary>
/// Follows the ids of the changes that one connection brings of one book, and tells whether they go on from a snapshot of it without a gap. Keeps ids only, no
/// level. Pure; not thread-safe.
/// </summary>
/// <remarks>
/// A snapshot as of an id fits when it is not older than the change on which the first one of the unbroken chain follows, and not newer than the last one
/// received. For OKX that is the venue's own rule (<c>prevSeqId</c> ≤ id &lt; <c>seqId</c> of the first change applied). Binance words it <c>U</c> ≤ id ≤
/// <c>u</c> of the first change applied, then <c>pu</c> = the <c>u</c> before; an id from <c>pu</c> up to <c>U</c> fits too, as no change of this book lies
/// between them.
/// </remarks>
/// <param name="kind"><see cref="SequenceKind.BookChain"/> or <see cref="SequenceKind.BookUpdates"/>.</param>
public sealed class BookTracker(SequenceKind kind)
{
    /// <summary>Changes in a row that are older than what came; so many are no repetitions: the venue has begun to number anew without saying so.</summary>
    public const int RepeatedMax = 4;

    /// <summary>
    /// The update id of Bybit's first snapshot after a restart of its service, whatever the frame calls itself (the venue's documentation of its order book
    /// topic).
    /// </summary>
    private const long FirstOfService = 1;

    private int _repeated;

    /// <summary>The id on which the first change of the unbroken chain follows; absent before the first frame.</summary>
    public long Start { get; private set; } = Absent.Integer;

    /// <summary>The last id of the chain; absent before the first frame.</summary>
    public long Last { get; private set; } = Absent.Integer;

    /// <summary>Whether the chain goes on from a snapshot.</summary>
    public bool IsAligned { get; private set; }

    /// <summary>The lowest id as of which the book is known; only while it is aligned.</summary>
    public long KnownFrom { get; private set; }

    /// <summary>
    /// Where the chain of an aligned book broke: the id on which a change should have followed, and the one on which it did. Null while aligned, and when it
    /// never was.
    /// </summary>
    public (long Expected, long Found)? Break { get; private set; }

    /// <summary>Whether a frame came.</summary>
    public bool HasBegun => Last != Absent.Integer;

    /// <summary>Takes in the ids of the next frame.</summary>
    public BookStep Take(in IdSpan span)
    {
        if (span.IsSnapshot || (kind == SequenceKind.BookUpdates && span.Last == FirstOfService))
        {
            Begin(span.Last, span.Last);
            (IsAligned, KnownFrom, Break) = (true, span.Last, null);
            return BookStep.FromSnapshot;
        }

        if (!HasBegun)
        {
            Begin(span.First - 1, span.Last);
            return BookStep.First;
        }

        if (span.First == Last + 1) return Follow(span.Last);
        if (span.Last <= Last && ++_repeated < RepeatedMax) return BookStep.Repeated;
        if (IsAligned || Break is not null) Break = (Last, span.First - 1);
        IsAligned = false;
        Begin(span.First - 1, span.Last);
        return BookStep.Broke;
    }

    /// <summary>A snapshot as of an id is there: aligned when the chain goes on from it.</summary>
    /// <returns>Whether it is aligned now.</returns>
    public bool TryAlign(long id) => TryAlign(id, id);

    /// <summary>The book is known as of every id of a range, as another connection brings it.</summary>
    /// <returns>Whether it is aligned now.</returns>
    public bool TryAlign(long from, long to)
    {
        if (IsAligned || !HasBegun || to < Start || from > Last) return IsAligned;
        (IsAligned, KnownFrom, Break) = (true, Math.Max(from, Start), null);
        return true;
    }

    /// <summary>Whether a snapshot as of an id is too old for the chain, whatever comes.</summary>
    public bool IsTooOld(long id) => HasBegun && id < Start;

    private void Begin(long start, long last) => (Start, Last, _repeated) = (start, last, 0);

    private BookStep Follow(long last)
    {
        var isNew = last < Last;
        // Ids of before and of after say nothing about each other.
        if (isNew) Start = KnownFrom = last;
        (Last, _repeated) = (last, 0);
        return isNew ? BookStep.Renumbered : BookStep.Followed;
    }
}

/// <summary>What a frame of a book was to those before it on its connection.</summary>
public enum BookStep
{
    /// <summary>The first change.</summary>
    First,

    /// <summary>Right behind the one before; also a sign of life that changes nothing.</summary>
    Followed,

    /// <summary>Right behind the one before, from where the venue numbers anew.</summary>
    Renumbered,

    /// <summary>It came before, or is older than what came.</summary>
    Repeated,

    /// <summary>A full snapshot.</summary>
    FromSnapshot,

    /// <summary>It does not follow on what came: something is missing.</summary>
    Broke,
}
