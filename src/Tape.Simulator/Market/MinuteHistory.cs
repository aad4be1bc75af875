using System.IO.Hashing;

namespace Tape.Simulator.Market;

/// <summary>
/// The minutes of a symbol before a simulator began: the same for the same symbol and minute, in every process. About one minute in sixteen has no trade.
/// </summary>
internal sealed class MinuteHistory(SymbolSpec spec)
{
    /// <summary>How far it goes back.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromDays(7);

    private const int SpreadTicks = 40;
    private const int TradesMax = 60;
    private const int QuantityMax = 3000;

    /// <summary>The candle of a minute.</summary>
    /// <param name="openTimeMs">A whole minute.</param>
    public Candle At(long openTimeMs)
    {
        var chance = Hash(openTimeMs);
        var (open, close) = (Price(openTimeMs), Price(openTimeMs + Candle.MinuteMs));
        if (chance % 16 == 0) return Candle.Flat(openTimeMs, open);
        var trades = 1 + (int)((chance >> 8) % TradesMax);
        var (volume, takerBuys) = (trades * (1 + (long)((chance >> 16) % QuantityMax)), (long)((chance >> 32) % 100));
        var middle = (open + close) / 2;
        return new Candle
        {
            OpenTimeMs = openTimeMs,
            Open = open,
            High = Math.Max(open, close) + Beyond(chance >> 40),
            Low = Math.Min(open, close) - Beyond(chance >> 48),
            Close = close,
            Volume = volume,
            Turnover = volume * middle,
            TakerBuyVolume = volume * takerBuys / 100,
            TakerBuyTurnover = volume * takerBuys / 100 * middle,
            FirstTradeId = FirstId(openTimeMs),
            LastTradeId = FirstId(openTimeMs) + trades - 1,
            Trades = trades,
        };
    }

    /// <summary>The price at a minute's first moment.</summary>
    private long Price(long openTimeMs)
    {
        var ticks = spec.StartTicks + (int)(Hash(openTimeMs + 1) % (2 * SpreadTicks + 1)) - SpreadTicks;
        return (long)Math.Max(SpreadTicks, ticks) * spec.TickUnits;
    }

    private long Beyond(ulong chance) => (long)(chance % 8) * spec.TickUnits;

    private static long FirstId(long openTimeMs) => openTimeMs / Candle.MinuteMs * (TradesMax + 2);

    private ulong Hash(long moment) => XxHash64.HashToUInt64(spec.Utf8, moment);
}
