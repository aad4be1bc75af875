using Tape.Core.Candles;
using Tape.Tables.Candles;

namespace Tape.Candles.Files;

/// <summary>What the day files of one symbol and timeframe hold.</summary>
/// <param name="Venue">As in the path.</param>
/// <param name="Symbol">As the venue writes it; as in the path where no file can be read.</param>
/// <param name="Files">Day files.</param>
/// <param name="Candles">Rows in them.</param>
/// <param name="FirstMs">When the first candle opens; absent without candles.</param>
/// <param name="LastMs">When the last one does.</param>
/// <param name="Empty">Minutes between them that are proven to have had no trade; 0 for other timeframes.</param>
/// <param name="Missing">Candles between first and last that are neither there nor proven empty.</param>
/// <param name="Unreadable">Paths of files that can't be read, or are not what they should be.</param>
public sealed record CandleCoverage(
    string Venue, string Symbol, Timeframe Timeframe, int Files, long Candles, long FirstMs, long LastMs, long Empty, long Missing,
        IReadOnlyList<string> Unreadable)
{
    /// <summary>Reads all day files of a vault, checked. Takes no lock.</summary>
    /// <param name="takes">Which files are looked at.</param>
    /// <param name="format">Stays the caller's.</param>
    public static IEnumerable<CandleCoverage> Read(IFiles files, string vault, ICandleFiles format, Func<DayFileEntry, bool> takes, CancellationToken cancel)
    {
        var dayFiles = new CandleDayFile(files, vault, format);
        var empty = new EmptyMinutes(files, vault, dayFiles.Paths);
        foreach (var series in DayFileList.Read(files, vault).Where(takes).GroupBy(file => (file.VenueFolder, file.SymbolFolder, file.Timeframe)))
        {
            var (rows, first, last, none, symbol) = (0L, Absent.Integer, Absent.Integer, 0L, "");
            var unreadable = new List<string>();
            foreach (var file in series.OrderBy(file => file.Day))
            {
                cancel.ThrowIfCancellationRequested();
                if (TryRead(dayFiles, format, vault, file) is not { } day)
                {
                    unreadable.Add(file.Path);
                    continue;
                }

                (rows, last, symbol) = (rows + day.Count, day[^1].OpenTimeMs, day[0].Symbol);
                if (first == Absent.Integer) first = day[0].OpenTimeMs;
                if (series.Key.Timeframe == Timeframe.Minute) none += empty.Read(CandleDay.Of(day[0])).Count(minute => minute >= first);
            }

            var missing = rows == 0 ? 0 : ((last - first) / series.Key.Timeframe.LengthMs) + 1 - rows - none;
            yield return new(series.Key.VenueFolder, symbol.Length > 0 ? symbol : series.Key.SymbolFolder, series.Key.Timeframe, series.Count(), rows, first,
                last,
                none, Math.Max(0, missing), unreadable);
        }
    }

    private static IReadOnlyList<StoredCandle>? TryRead(CandleDayFile dayFiles, ICandleFiles format, string vault, DayFileEntry file)
    {
        try
        {
            if (format.Read(file.In(vault)) is not [var first, ..]) return null;
            var day = new CandleDay(first.Venue, first.Symbol, file.Timeframe, file.Day);
            return dayFiles.Paths.Relative(day) == file.Path && dayFiles.Read(day) is { Count: > 0 } rows ? rows : null;
        }
        catch (DamagedException)
        {
            return null;
        }
    }
}
