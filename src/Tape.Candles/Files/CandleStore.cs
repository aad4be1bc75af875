using Tape.Candles.Closing;
using Tape.Core.Candles;
using Tape.Tables.Candles;

namespace Tape.Candles.Files;

/// <summary>
/// The one way into day files, for candles of any source: each is checked by <see cref="CandleRules"/>, one that says the same as the stored one is passed
/// over,
/// and where two differ <see cref="CandlePreference"/> says which is shown, and the other goes to the findings with it. Coarser candles are made again from the
/// minutes that changed. A day that can't be written stops no other. Doing the same again changes nothing. One owner at a time. Not thread-safe.
/// </summary>
public sealed class CandleStore
{
    private readonly CandleDayFile _dayFiles;
    private readonly EmptyMinutes _empty;
    private readonly CandlePreference _preference;
    private readonly bool _aggregates;

    /// <param name="aggregates">Whether coarser candles are made.</param>
    public CandleStore(IFiles files, string vault, ICandleFiles format, CandlePreference preference, bool aggregates = true)
    {
        (_preference, _aggregates) = (preference, aggregates);
        _dayFiles = new CandleDayFile(files, vault, format);
        _empty = new EmptyMinutes(files, vault, _dayFiles.Paths);
    }

    /// <summary>Where day files are.</summary>
    public CandlePaths Paths => _dayFiles.Paths;

    /// <summary>Reads a day, checked; empty when there is no file.</summary>
    /// <exception cref="DamagedException">The file is damaged or foreign.</exception>
    public IReadOnlyList<StoredCandle> Read(CandleDay day) => _dayFiles.Read(day);

    /// <summary>Minutes of a day that are proven to have had no trade.</summary>
    public IReadOnlySet<long> EmptyOf(CandleDay day) => _empty.Read(day);

    /// <summary>Takes in candles that were asked for or imported.</summary>
    /// <param name="proven">Minutes that an answer proves to have had no trade.</param>
    public CandleStoreReport Apply(IEnumerable<StoredCandle> candles, IEnumerable<EmptyMinute>? proven = null)
    {
        var batch = new CandleBatch();
        batch.Closed.AddRange(candles.Select(candle => new ClosedCandle(candle, Absent.Integer, Absent.Integer, Absent.Integer)));
        batch.Empty.AddRange(proven ?? []);
        var days = new Dictionary<CandleDay, CandleChanges>();
        CandleChanges.Add(days, batch);
        return Apply(days);
    }

    /// <summary>Takes in changes by day.</summary>
    public CandleStoreReport Apply(IReadOnlyDictionary<CandleDay, CandleChanges> days)
    {
        var report = new CandleStoreReport();
        foreach (var (day, changes) in days.OrderBy(day => day.Key.Venue, StringComparer.Ordinal).ThenBy(day => day.Key.Symbol, StringComparer.Ordinal)
            .ThenBy(day => day.Key.Day))
            try
            {
                Apply(day, changes, report);
            }
            catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
            {
                report.Failed.Add((day, changes, fault.Message));
            }

        return report;
    }

    private void Apply(CandleDay day, CandleChanges changes, CandleStoreReport report)
    {
        var findings = report.Findings.Count;
        try
        {
            var touched = new SortedSet<long>();
            foreach (var group in changes.Candles.GroupBy(candle => candle.Candle.Timeframe).OrderBy(group => group.Key.LengthMs))
                if (group.Key != Timeframe.Minute) Merge(day with { Timeframe = group.Key }, group, report, []);
            var minutes = Merge(day, changes.Candles.Where(candle => candle.Candle.Timeframe == Timeframe.Minute), report, touched, changes.Withdrawn);
            var empty = MergeEmpty(day, changes, minutes.Rows, touched);
            if (!_aggregates) return;
            Aggregate(day, minutes.Rows, empty, touched, mayTakeOut: changes.Withdrawn.Count > 0, report);
            if (minutes.IsNew) TellLastBuckets(day with { Day = day.Day.AddDays(-1) }, report);
        }
        catch
        {
            // It is tried again whole, and tells again.
            report.Findings.RemoveRange(findings, report.Findings.Count - findings);
            throw;
        }
    }

    /// <summary>Merges candles into a day file.</summary>
    /// <param name="touched">Gets the open times that changed.</param>
    private (IReadOnlyList<StoredCandle> Rows, bool IsNew) Merge(CandleDay day, IEnumerable<ClosedCandle> candles, CandleStoreReport report,
        SortedSet<long> touched, IReadOnlyList<long>? withdrawn = null)
    {
        var rows = new SortedDictionary<long, StoredCandle>();
        foreach (var row in ReadOrSetAside(day, report)) rows[row.OpenTimeMs] = row;
        var (isNew, written) = (rows.Count == 0, 0);
        foreach (var minute in withdrawn ?? [])
            // What was asked for since then proves the minute by itself.
            if (rows.TryGetValue(minute, out var stored) && stored.Source == CandleSource.WebSocket && rows.Remove(minute)) touched.Add(minute);
        foreach (var candle in candles)
        {
            if (!Takes(rows, candle, report)) continue;
            rows[candle.Candle.OpenTimeMs] = candle.Candle;
            touched.Add(candle.Candle.OpenTimeMs);
            written++;
        }

        List<StoredCandle> merged = [.. rows.Values];
        if (day.Timeframe == Timeframe.Minute) report.Rows[day] = merged.Count;
        if (touched.Count == 0) return (merged, false);
        _dayFiles.Replace(day, merged);
        (report.Files, report.Written) = (report.Files + 1, report.Written + written);
        return (merged, isNew && merged.Count > 0);
    }

    private bool Takes(SortedDictionary<long, StoredCandle> rows, ClosedCandle closed, CandleStoreReport report)
    {
        var candle = closed.Candle;
        if (CandleRules.BrokenBy(candle) is { } rule)
        {
            report.Findings.Add(Finding(FindingKind.Reject, rule, closed, null));
            return false;
        }

        if (!rows.TryGetValue(candle.OpenTimeMs, out var stored))
        {
            if (closed.IsRepeat) report.Findings.Add(Finding(FindingKind.Reject, CandleRules.OutOfOrder, closed, null));
            return !closed.IsRepeat;
        }

        if (stored.SaysTheSameAs(candle)) return false;
        var replaces = _preference.Replaces(stored, candle);
        report.Findings.Add(replaces
            ? Finding(FindingKind.Restatement, Restated, new(stored, Absent.Integer, Absent.Integer, closed.AtSeq), candle)
            : Finding(FindingKind.Restatement, Restated, closed, stored));
        return replaces;
    }

    private const string Restated = "restated";

    private static CandleFinding Finding(FindingKind kind, string rule, ClosedCandle closed, StoredCandle? shown) =>
        new(kind, rule, closed.Candle, closed.FromSeq, closed.ToSeq, closed.AtSeq) { Shown = shown };

    private IReadOnlyList<StoredCandle> ReadOrSetAside(CandleDay day, CandleStoreReport report)
    {
        try
        {
            return _dayFiles.Read(day);
        }
        catch (DamagedException damage)
        {
            report.SetAside.Add((day, _dayFiles.SetAside(day), damage.Message));
            return [];
        }
    }

    private SortedSet<long> MergeEmpty(CandleDay day, CandleChanges changes, IReadOnlyList<StoredCandle> minutes, SortedSet<long> touched)
    {
        var empty = _empty.Read(day);
        var before = empty.Count;
        var known = empty.ToHashSet();
        foreach (var minute in changes.Withdrawn) empty.Remove(minute);
        empty.UnionWith(changes.Empty);
        foreach (var minute in minutes) empty.Remove(minute.OpenTimeMs);
        if (empty.Count == before && known.SetEquals(empty)) return empty;
        foreach (var minute in known.Except(empty).Concat(empty.Except(known))) touched.Add(minute);
        _empty.Write(day, empty);
        return empty;
    }

    /// <summary>Makes the buckets again in which something changed.</summary>
    private void Aggregate(CandleDay day, IReadOnlyList<StoredCandle> minutes, SortedSet<long> empty, SortedSet<long> touched, bool mayTakeOut,
        CandleStoreReport report)
    {
        if (touched.Count == 0) return;
        foreach (var timeframe in Timeframe.Coarser)
        {
            var candles = new List<ClosedCandle>();
            var incomplete = new List<long>();
            foreach (var bucket in touched.Select(timeframe.OpenOf).Distinct())
            {
                if (MakeBucket(day, timeframe, bucket, minutes, empty, report) is { } made) candles.Add(new(made, Absent.Integer, Absent.Integer,
                    Absent.Integer));
                else if (mayTakeOut) incomplete.Add(bucket);
                // The one before has had its time.
                if (bucket > day.StartMs) TellIncomplete(day, timeframe, bucket - timeframe.LengthMs, minutes, empty, report);
            }

            MergeBuckets(day with { Timeframe = timeframe }, candles, incomplete, report);
        }
    }

    private static StoredCandle? MakeBucket(CandleDay day, Timeframe timeframe, long bucket, IReadOnlyList<StoredCandle> minutes, SortedSet<long> empty,
        CandleStoreReport report)
    {
        var aggregate = Gather(day, timeframe, bucket, minutes, empty);
        if (!aggregate.IsWhole) return null;
        var made = aggregate.Make(out var broken);
        if (broken is not null)
            report.Findings.Add(new CandleFinding(FindingKind.Reject, broken, Nothing(day, timeframe, bucket), Absent.Integer, Absent.Integer, Absent.Integer));
        return made;
    }

    private static CandleAggregate Gather(CandleDay day, Timeframe timeframe, long bucket, IReadOnlyList<StoredCandle> minutes, SortedSet<long> empty)
    {
        var aggregate = new CandleAggregate(day.Venue, day.Symbol, timeframe, bucket);
        foreach (var minute in minutes)
            if (minute.IsClosed && minute.OpenTimeMs >= bucket && minute.OpenTimeMs < bucket + timeframe.LengthMs) aggregate.Add(minute);
        aggregate.AddEmpty(empty.GetViewBetween(bucket, bucket + timeframe.LengthMs - 1).Count);
        return aggregate;
    }

    /// <summary>Aggregated candles are replaced by what their minutes give now; one whose minutes are not all there any more is taken out.</summary>
    private void MergeBuckets(CandleDay day, List<ClosedCandle> candles, List<long> incomplete, CandleStoreReport report)
    {
        if (incomplete.Count > 0)
        {
            var stored = ReadOrSetAside(day, report).ToList();
            if (stored.RemoveAll(row => row.Source == CandleSource.Aggregated && incomplete.Contains(row.OpenTimeMs)) > 0) _dayFiles.Replace(day, stored);
        }

        if (candles.Count > 0) Merge(day, candles, report, []);
    }

    private void TellLastBuckets(CandleDay day, CandleStoreReport report)
    {
        IReadOnlyList<StoredCandle> minutes;
        try
        {
            minutes = _dayFiles.Read(day);
        }
        catch (DamagedException)
        {
            // Whoever next changes that day sets the file aside and tells.
            return;
        }

        if (minutes.Count == 0) return;
        var empty = _empty.Read(day);
        foreach (var timeframe in Timeframe.Coarser)
            TellIncomplete(day, timeframe, day.StartMs + Timeframe.DayMs - timeframe.LengthMs, minutes, empty, report);
    }

    private static void TellIncomplete(CandleDay day, Timeframe timeframe, long bucket, IReadOnlyList<StoredCandle> minutes, SortedSet<long> empty,
        CandleStoreReport report)
    {
        var aggregate = Gather(day, timeframe, bucket, minutes, empty);
        if (aggregate.IsWhole || aggregate.Present == 0) return;
        var partial = aggregate.Make(out _) ?? Nothing(day, timeframe, bucket);
        report.Findings.Add(new CandleFinding(FindingKind.Incomplete, CandleRules.NotCovered, partial, Absent.Integer, Absent.Integer, Absent.Integer)
        {
            MinutesPresent = aggregate.Present + aggregate.Empty,
        });
    }

    private static StoredCandle Nothing(CandleDay day, Timeframe timeframe, long openMs) => StoredCandle.Of(day.Venue, day.Symbol, timeframe, new Candle
    {
        OpenTimeMs = openMs,
        Open = Absent.Number,
        High = Absent.Number,
        Low = Absent.Number,
        Close = Absent.Number,
        Volume = Absent.Number,
    }, CandleSource.Aggregated, Absent.Integer);
}
