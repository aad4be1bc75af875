using Tape.Derive.Sealing;
using Tape.Storage.Seals;

namespace Tape.Derive.Compaction;

/// <summary>
/// Which days are finished, told from sealed records alone: a day is, once a frame is sealed that was received a minute or more after its end. Connections may
/// deliver a little out of order, hence the minute; rows of a finished day that are sealed later still make it due again. Pure.
/// </summary>
public static class FinishedDays
{
    /// <summary>How far after midnight something must have been received.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>Longer runs of days without rows are passed over: a clock that was years wrong makes them.</summary>
    public const int EmptyRunMax = 366;

    /// <summary>When the latest sealed frame was received; null when nothing is sealed.</summary>
    public static UnixNanos? LatestReceived(SealLogContent seals)
    {
        var latest = seals.Files.Select(file => file.ReceivedMax).Concat(seals.Streams.Select(stream => stream.LastReceived ?? long.MinValue))
            .DefaultIfEmpty(long.MinValue).Max();
        return latest == long.MinValue ? null : new UnixNanos(latest);
    }

    /// <summary>Whether a day is finished when the latest sealed frame was received then.</summary>
    public static bool IsFinished(DateOnly day, UnixNanos? latestReceived) => latestReceived is { } latest && latest >= RawDay.EndOf(day).Add(Margin);

    /// <summary>All finished days from the first with rows on, those without rows between them included, in order.</summary>
    public static IReadOnlyList<RawDay> Of(SealLogContent seals)
    {
        var latest = LatestReceived(seals);
        var days = new List<RawDay>();
        foreach (var group in seals.Files.GroupBy(file => file.Day).OrderBy(group => group.Key))
        {
            if (!IsFinished(group.Key, latest)) break;
            AddEmpty(days, group.Key);
            days.Add(new RawDay(group.Key, [.. group]));
        }

        if (days.Count > 0 && latest is { } end) AddEmpty(days, LastFinished(end).AddDays(1));
        return days;
    }

    private static DateOnly LastFinished(UnixNanos latest) => latest.Add(-Margin).Day.AddDays(-1);

    /// <summary>The days without rows before a day.</summary>
    private static void AddEmpty(List<RawDay> days, DateOnly toExcl)
    {
        if (days.Count == 0 || toExcl.DayNumber - days[^1].Day.DayNumber - 1 is not (> 0 and <= EmptyRunMax)) return;
        for (var day = days[^1].Day.AddDays(1); day < toExcl; day = day.AddDays(1)) days.Add(new RawDay(day, []));
    }
}
