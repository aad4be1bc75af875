using Tape.Candles.Closing;
using Tape.Core.Candles;

namespace Tape.Candles.Files;

/// <summary>What is to become of one symbol's minutes, and candles of other timeframes, of one day. The unit of writing, and of trying again.</summary>
public sealed class CandleChanges
{
    /// <summary>By timeframe, in the order in which they came.</summary>
    public List<ClosedCandle> Candles { get; } = [];

    /// <summary>Minutes that are proven empty.</summary>
    public List<long> Empty { get; } = [];

    /// <summary>Minutes that are neither candle nor empty after all; they went before what came later.</summary>
    public List<long> Withdrawn { get; } = [];

    /// <summary>Changes, as many as are kept.</summary>
    public int Count => Candles.Count + Empty.Count + Withdrawn.Count;

    /// <summary>Sorts candles of any source into days.</summary>
    public static void Add(Dictionary<CandleDay, CandleChanges> days, IEnumerable<ClosedCandle> candles)
    {
        foreach (var candle in candles) Of(days, CandleDay.Of(candle.Candle) with { Timeframe = Timeframe.Minute }).Candles.Add(candle);
    }

    /// <summary>Sorts a derived range into days, by symbol and UTC day.</summary>
    public static void Add(Dictionary<CandleDay, CandleChanges> days, CandleBatch batch)
    {
        Add(days, batch.Closed);
        foreach (var empty in batch.Empty) Of(days, empty).Empty.Add(empty.OpenMs);
        foreach (var withdrawn in batch.Withdrawn)
        {
            var changes = Of(days, withdrawn);
            changes.Candles.RemoveAll(closed => closed.Candle.OpenTimeMs == withdrawn.OpenMs && closed.Candle.Timeframe == Timeframe.Minute);
            changes.Empty.Remove(withdrawn.OpenMs);
            changes.Withdrawn.Add(withdrawn.OpenMs);
        }
    }

    private static CandleChanges Of(Dictionary<CandleDay, CandleChanges> days, EmptyMinute minute) =>
        Of(days, new CandleDay(minute.Venue, minute.Symbol, Timeframe.Minute, CandleDay.DayOf(minute.OpenMs)));

    private static CandleChanges Of(Dictionary<CandleDay, CandleChanges> days, CandleDay day)
    {
        if (!days.TryGetValue(day, out var changes)) days[day] = changes = new CandleChanges();
        return changes;
    }
}
