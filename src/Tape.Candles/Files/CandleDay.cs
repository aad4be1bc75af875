using Tape.Core.Candles;

namespace Tape.Candles.Files;

/// <summary>One day file: a symbol's candles of one timeframe that open on one UTC day.</summary>
public sealed record CandleDay(string Venue, string Symbol, Timeframe Timeframe, DateOnly Day)
{
    private const int EpochDay = 719_162;

    /// <summary>The day file in which a candle belongs.</summary>
    public static CandleDay Of(StoredCandle candle) => new(candle.Venue, candle.Symbol, candle.Timeframe, DayOf(candle.OpenTimeMs));

    /// <summary>The UTC day of a time; the first or last that there is for one beyond.</summary>
    public static DateOnly DayOf(long ms) => DateOnly.FromDayNumber(
        (int)Math.Clamp(EpochDay + Math.Floor((double)ms / Timeframe.DayMs), 0, DateOnly.MaxValue.DayNumber));

    /// <summary>The day that a file is named after.</summary>
    /// <param name="file">Its name, such as <c>2025-12-01.jsonl</c>.</param>
    /// <param name="ending">What must stand behind the day.</param>
    public static bool TryReadName(string file, string ending, out DateOnly day)
    {
        day = default;
        return file.EndsWith(ending, StringComparison.Ordinal) && DateOnly.TryParseExact(file.AsSpan(0, file.Length - ending.Length), "yyyy-MM-dd",
            CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    /// <summary>When the day begins.</summary>
    public long StartMs => (Day.DayNumber - EpochDay) * Timeframe.DayMs;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Venue} {Symbol} {Timeframe} {Day:yyyy-MM-dd}");
}
