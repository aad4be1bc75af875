namespace Tape.Simulator.Market;

/// <summary>What happened to a symbol within the last 24 hours, in the units of its market: the sum of its minutes.</summary>
internal struct DayStatistics
{
    public const long DayMs = 24 * 60 * Candle.MinuteMs;

    public long Open, High, Low, Last, LastQuantity;
    public long Volume, Turnover;
    public long FirstTradeId, LastTradeId, Trades;

    /// <summary>Last price minus the one of a day ago.</summary>
    public readonly long Change => Last - Open;

    /// <summary>The change in thousandths of a percent.</summary>
    public readonly long ChangeThousandthsOfPercent => Open == 0 ? 0 : Change * 100_000 / Open;

    /// <summary>Weighted by quantity; the last price while nothing was traded.</summary>
    public readonly long AveragePrice => Volume == 0 ? Last : Turnover / Volume;

    /// <summary>Sums up a market's minutes; call <see cref="SymbolMarket.RollTo"/> before.</summary>
    public static DayStatistics Of(SymbolMarket market, long nowMs)
    {
        var day = new DayStatistics { FirstTradeId = -1, LastTradeId = -1, LastQuantity = market.LastTrade.Quantity };
        foreach (var candle in market.ClosedCandles)
            if (candle.OpenTimeMs > nowMs - DayMs) day.Add(candle);
        day.Add(market.OpenCandle);
        return day;
    }

    private void Add(in Candle candle)
    {
        if (Open == 0) (Open, High, Low) = (candle.Open, candle.High, candle.Low);
        (High, Low, Last) = (Math.Max(High, candle.High), Math.Min(Low, candle.Low), candle.Close);
        if (candle.Trades == 0) return;
        if (FirstTradeId < 0) FirstTradeId = candle.FirstTradeId;
        (Volume, Turnover, LastTradeId, Trades) = (Volume + candle.Volume, Turnover + candle.Turnover, candle.LastTradeId, Trades + candle.Trades);
    }
}
