namespace Tape.Sources.Candles;

/// <summary>Which questions bring a symbol's missing minutes, with as few answers as the venue's pages allow.</summary>
public static class PagePlan
{
    private const long MinuteMs = 60_000;

    /// <summary>Stretches of whole minutes to ask for, oldest first: what a venue forgets soonest comes first.</summary>
    /// <param name="missing">Minutes in milliseconds since the epoch, ascending.</param>
    /// <param name="rowsMax">Minutes of one answer, 3 or more.</param>
    /// <param name="beside">Minutes asked for before and behind the missing ones, so that rows stand around them: 0 or 1.</param>
    /// <param name="nowMs">The venue's now; what is not over is not asked for.</param>
    public static IEnumerable<(long FromMs, long ToMs)> Of(IEnumerable<long> missing, int rowsMax, int beside, long nowMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsMax, 3);
        var end = nowMs - nowMs % MinuteMs;
        (long From, long To)? page = null;
        foreach (var minute in missing)
        {
            if (minute >= end) break;
            if (page is { } open && minute + (1 + beside) * MinuteMs - open.From <= rowsMax * MinuteMs)
            {
                page = open with { To = minute + (1 + beside) * MinuteMs };
                continue;
            }

            if (page is { } full) yield return (full.From, Math.Min(full.To, end));
            page = (minute - beside * MinuteMs, minute + (1 + beside) * MinuteMs);
        }

        if (page is { } last) yield return (last.From, Math.Min(last.To, end));
    }
}
