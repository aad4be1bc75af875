namespace Tape.Simulator.Market;

/// <summary>
/// The resting quantities of a synthetic book, a window of price levels around the start price (prices never leave it). Depth frames are its
/// changes, REST snapshots its state, so that a client that follows the venue's rules gets the same book from both.
/// </summary>
internal sealed class BookLadder(int startTicks)
{
    /// <summary>Prices stay within this many ticks of the start.</summary>
    public const int HalfWindow = 2000;

    private const int LevelsAtStart = 400;
    private readonly long[] _quantity = new long[2 * HalfWindow + 1024];
    private readonly int _origin = startTicks - HalfWindow - 512;

    /// <summary>Highest price with resting buyers.</summary>
    public int BestBid { get; private set; }

    /// <summary>What buyers rest at a price: nothing above the best bid.</summary>
    public long Bid(int ticks) => ticks <= BestBid ? At(ticks) : 0;

    /// <summary>What sellers rest at a price: nothing at or below the best bid.</summary>
    public long Ask(int ticks) => ticks > BestBid ? At(ticks) : 0;

    public void Fill(int bestBid, int spread, Random random)
    {
        BestBid = bestBid;
        for (var i = 0; i < LevelsAtStart; i++)
        {
            Set(bestBid - i, Some(random));
            Set(bestBid + spread + i, Some(random));
        }
    }

    /// <summary>
    /// Moves the best prices and changes a few levels near them. The changed prices go to the two lists, each once; their quantities are what <see cref="Bid"/>
    /// and <see cref="Ask"/> then give.
    /// </summary>
    public void Change(int bestBid, int spread, Random random, List<int> bids, List<int> asks)
    {
        bids.Clear();
        asks.Clear();
        var bestAsk = bestBid + spread;
        for (var level = bestBid + 1; level <= BestBid; level++) Put(bids, level, 0);
        for (var level = BestBid + 1; level <= bestBid; level++) if (At(level) != 0) Put(asks, level, 0);
        for (var level = bestBid + 1; level < bestAsk; level++) if (At(level) != 0) Put(asks, level, 0);
        BestBid = bestBid;
        Put(bids, bestBid, Some(random));
        Put(asks, bestAsk, Some(random));
        for (var i = random.Next(1, 8); i > 0; i--)
        {
            var far = random.Next(1, 20);
            if (random.Next(2) == 0) Put(bids, bestBid - far, random.Next(5) == 0 ? 0 : Some(random));
            else Put(asks, bestAsk + far, random.Next(5) == 0 ? 0 : Some(random));
        }
    }

    /// <summary>The best levels of both sides, best first; fewer where the book has no more.</summary>
    public void Top(int depth, List<BookLevel> bids, List<BookLevel> asks)
    {
        bids.Clear();
        asks.Clear();
        for (var ticks = BestBid; bids.Count < depth && ticks > _origin; ticks--) if (At(ticks) is > 0 and var quantity) bids.Add(new(ticks, quantity));
        for (var ticks = BestBid + 1; asks.Count < depth && ticks - _origin < _quantity.Length; ticks++)
            if (At(ticks) is > 0 and var quantity) asks.Add(new(ticks, quantity));
    }

    private void Put(List<int> changed, int ticks, long quantity)
    {
        if (changed.Contains(ticks)) return;
        Set(ticks, quantity);
        changed.Add(ticks);
    }

    private void Set(int ticks, long quantity)
    {
        if (ticks > _origin && ticks - _origin < _quantity.Length) _quantity[ticks - _origin] = quantity;
    }

    private long At(int ticks) => ticks > _origin && ticks - _origin < _quantity.Length ? _quantity[ticks - _origin] : 0;

    private static long Some(Random random) => random.Next(1, 20_000);
}
