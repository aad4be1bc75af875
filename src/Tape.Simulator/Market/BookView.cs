namespace Tape.Simulator.Market;

/// <summary>
/// The best levels of a book as a stream has told them, and how they have changed since. A client that applies the changes to what was told has the book's best
/// levels at every moment, no more and no fewer: a level that leaves the view is reported as gone. Keeps its lists, so that taking a view allocates nothing in
/// steady state.
/// </summary>
/// <param name="depth">Levels of each side, 1 or more.</param>
internal sealed class BookView(int depth)
{
    private List<BookLevel> _bids = [], _asks = [], _nextBids = [], _nextAsks = [];

    /// <summary>As told, best first.</summary>
    public IReadOnlyList<BookLevel> Bids => _bids;

    /// <summary>As told, best first.</summary>
    public IReadOnlyList<BookLevel> Asks => _asks;

    /// <summary>What the last <see cref="Take"/> changed.</summary>
    public List<BookLevel> BidChanges { get; } = [];

    /// <summary>What the last <see cref="Take"/> changed.</summary>
    public List<BookLevel> AskChanges { get; } = [];

    /// <summary>Brings the view to the book as it is.</summary>
    public void Take(BookLadder ladder)
    {
        ladder.Top(depth, _nextBids, _nextAsks);
        Compare(_bids, _nextBids, -1, BidChanges);
        Compare(_asks, _nextAsks, 1, AskChanges);
        (_bids, _nextBids, _asks, _nextAsks) = (_nextBids, _bids, _nextAsks, _asks);
    }

    /// <summary>Walks through both lists at once; they are sorted in the direction of a side.</summary>
    private static void Compare(List<BookLevel> told, List<BookLevel> next, int direction, List<BookLevel> changes)
    {
        changes.Clear();
        var (i, j) = (0, 0);
        while (i < told.Count || j < next.Count)
        {
            var order = i == told.Count ? 1 : j == next.Count ? -1 : direction * told[i].Ticks.CompareTo(next[j].Ticks);
            if (order < 0) changes.Add(told[i++] with { Quantity = 0 });
            else if (order > 0) changes.Add(next[j++]);
            else
            {
                if (told[i].Quantity != next[j].Quantity) changes.Add(next[j]);
                (i, j) = (i + 1, j + 1);
            }
        }
    }
}

/// <summary>A price level of a synthetic book.</summary>
/// <param name="Ticks">The price in ticks.</param>
/// <param name="Quantity">In units of the last quantity digit; 0 says that the level is gone.</param>
internal readonly record struct BookLevel(int Ticks, long Quantity);
