namespace Tape.Simulator.Market;

/// <summary>What a venue says about a perpetual contract beside its trades and its book. Under the hub's lock.</summary>
internal sealed class PerpetualState(SymbolMarket market)
{
    /// <summary>Decimals of <see cref="FundingRate"/>.</summary>
    public const int FundingDecimals = 8;

    private const long FundingMs = 8 * 3600_000;

    /// <summary>In units of the last price digit.</summary>
    public long MarkPrice { get; private set; } = market.Price(market.BidTicks);

    /// <summary>In units of the last price digit.</summary>
    public long IndexPrice { get; private set; } = market.Price(market.BidTicks);

    /// <summary>In units of the last quantity digit.</summary>
    public long OpenInterest { get; private set; } = 50_000_000;

    /// <summary>The fraction that will be paid at the next funding time.</summary>
    public long FundingRate { get; private set; } = 10_000;

    /// <summary>The next funding time after a moment; the moment itself when it is one.</summary>
    public static long NextFunding(long timeMs) => (timeMs + FundingMs - 1) / FundingMs * FundingMs;

    /// <summary>Ms between funding times.</summary>
    public static long FundingEvery => FundingMs;

    public void MoveMark(Random random) => MarkPrice = Near(random);

    public void MoveIndex(Random random) => IndexPrice = Near(random);

    public void MoveOpenInterest(Random random) => OpenInterest = Math.Max(1, OpenInterest + random.Next(-5000, 5001));

    public void MoveFunding(Random random) => FundingRate = random.Next(-5000, 20_001);

    private long Near(Random random)
    {
        var price = market.Price(market.BidTicks);
        return price + random.NextInt64(Math.Max(1, price / 100_000));
    }
}
