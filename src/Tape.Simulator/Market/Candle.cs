namespace Tape.Simulator.Market;

/// <summary>A one-minute candle in units of its symbol: prices in 10^-price decimals, quantities in 10^-quantity decimals, turnover in both together.</summary>
internal struct Candle
{
    public const long MinuteMs = 60_000;

    public long OpenTimeMs;
    public long Open, High, Low, Close;
    public long Volume, Turnover, TakerBuyVolume, TakerBuyTurnover;
    public long FirstTradeId, LastTradeId;
    public int Trades;

    /// <summary>A candle without trades at a price.</summary>
    public static Candle Flat(long openTimeMs, long price) =>
        new() { OpenTimeMs = openTimeMs, Open = price, High = price, Low = price, Close = price, FirstTradeId = -1, LastTradeId = -1 };

    public void Add(long price, long quantity, bool takerBuys, long firstId, long lastId)
    {
        if (Trades == 0) (Open, High, Low, FirstTradeId) = (price, price, price, firstId);
        (High, Low, Close) = (Math.Max(High, price), Math.Min(Low, price), price);
        (Volume, Turnover, LastTradeId) = (Volume + quantity, Turnover + price * quantity, lastId);
        Trades += (int)(lastId - firstId + 1);
        if (takerBuys) (TakerBuyVolume, TakerBuyTurnover) = (TakerBuyVolume + quantity, TakerBuyTurnover + price * quantity);
    }
}
