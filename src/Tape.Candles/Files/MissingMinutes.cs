using Tape.Core.Candles;

namespace Tape.Candles.Files;

/// <summary>Which minutes of a symbol are neither a stored candle nor proven to have had no trade.</summary>
public static class MissingMinutes
{
    /// <summary>Finds them, rising; one day of the symbol is read at a time. Of a day whose file is damaged all are missing.</summary>
    /// <param name="fromMs">The first minute that counts, milliseconds since the epoch.</param>
    /// <param name="toMs">Minutes that open at this time or later do not count.</param>
    public static IEnumerable<long> Of(CandleStore store, string venue, string symbol, long fromMs, long toMs)
    {
        var minute = fromMs + (Timeframe.MinuteMs - fromMs % Timeframe.MinuteMs) % Timeframe.MinuteMs;
        while (minute < toMs)
        {
            var day = new CandleDay(venue, symbol, Timeframe.Minute, CandleDay.DayOf(minute));
            var known = Known(store, day);
            for (var end = Math.Min(toMs, day.StartMs + Timeframe.DayMs); minute < end; minute += Timeframe.MinuteMs)
                if (!known.Contains(minute)) yield return minute;
        }
    }

    private static HashSet<long> Known(CandleStore store, CandleDay day)
    {
        try
        {
            var known = store.Read(day).Where(candle => candle.IsClosed).Select(candle => candle.OpenTimeMs).ToHashSet();
            known.UnionWith(store.EmptyOf(day));
            return known;
        }
        catch (DamagedException)
        {
            // Whoever next changes that day sets the file aside and tells.
            return [];
        }
    }
}
