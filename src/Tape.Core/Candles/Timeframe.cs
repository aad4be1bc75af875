using Tape.Core.Values;

namespace Tape.Core.Candles;

/// <summary>How long a candle is. Candles of a timeframe begin at whole multiples of its length, counted from 1970 in UTC.</summary>
public sealed class Timeframe
{
    /// <summary>Milliseconds of a minute, the length that all others are made of.</summary>
    public const long MinuteMs = 60_000;

    /// <summary>Milliseconds of a UTC day.</summary>
    public const long DayMs = 1440 * MinuteMs;

    public static readonly Timeframe Minute = new("1m", MinuteMs);

    /// <summary>All that there are, the shortest first.</summary>
    public static readonly IReadOnlyList<Timeframe> All =
        [Minute, new("5m", 5 * MinuteMs), new("15m", 15 * MinuteMs), new("1h", 60 * MinuteMs), new("4h", 240 * MinuteMs), new("1d", DayMs)];

    /// <summary>Those that are made from minutes.</summary>
    public static readonly IReadOnlyList<Timeframe> Coarser = [.. All.Skip(1)];

    private Timeframe(string name, long lengthMs) => (Name, LengthMs) = (name, lengthMs);

    /// <summary>As files and columns have it: <c>1m</c>.</summary>
    public string Name { get; }

    public long LengthMs { get; }

    /// <summary>Minutes in one candle.</summary>
    public int Minutes => (int)(LengthMs / MinuteMs);

    /// <summary>A timeframe by its name; null for any other text.</summary>
    public static Timeframe? Find(string name)
    {
        foreach (var timeframe in All)
            if (timeframe.Name == name) return timeframe;
        return null;
    }

    /// <summary>Whether a candle may open at this time.</summary>
    public bool IsAligned(long openMs) => openMs % LengthMs == 0;

    /// <summary>When the candle opens in which a time lies; also before 1970.</summary>
    public long OpenOf(long timeMs) => timeMs - (((timeMs % LengthMs) + LengthMs) % LengthMs);

    /// <summary>The last millisecond of the candle that opens then.</summary>
    public long CloseOf(long openMs) => Saturating.Add(openMs, LengthMs - 1);

    public override string ToString() => Name;
}
