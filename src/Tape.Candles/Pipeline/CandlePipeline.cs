using Tape.Candles.Answers;
using Tape.Candles.Closing;
using Tape.Candles.Files;
using Tape.Candles.Quality;
using Tape.Derive.Decoding;
using Tape.Storage.Files;
using Tape.Storage.Journal;
using Tape.Storage.Tapes;
using Tape.Tables.Candles;
using Tape.Venues.Contract;

namespace Tape.Candles.Pipeline;

/// <summary>
/// From a tape to day files: follows the records up to a place, and writes what they closed. Order, so that a cut anywhere is repaired by doing it again:
/// findings
/// and day files first, the state behind them last. A day that can't be written waits in memory and is tried again with each flush, and the state on the disk
/// stays before it. One owner a vault, held by the lock of <c>quality/candles</c>. Not thread-safe.
/// </summary>
public sealed class CandlePipeline : IDisposable
{
    private const int LookEvery = 65_536;

    private readonly IFiles _files;
    private readonly string _vault;
    private readonly Func<string, IVenue?> _venues;
    private readonly Func<string, string, double?> _units;
    private readonly CandleOptions _options;
    private readonly TimeProvider _time;
    private readonly OwnerLock _lock;
    private readonly CandleStore _store;
    private readonly CandleQuality _quality;
    private readonly AnsweredCandles _answers;
    private readonly Dictionary<CandleDay, int> _open = [];
    private readonly HashSet<CandleDay> _lost = [];
    private readonly List<CandleFinding> _findings = [];
    private Dictionary<CandleDay, CandleChanges> _pending = [];
    private CandleFollower _follower;
    private TapeReader? _reader;
    private long _flushedAt;
    private bool _hasMoved;
    private int _waiting;

    private CandlePipeline(IFiles files, string vault, Func<string, IVenue?> venues, Func<string, string, double?> units, ICandleFiles format,
        CandleOptions options, TimeProvider time, OwnerLock held)
    {
        (_files, _vault, _venues, _units, _options, _time, _lock) = (files, vault, venues, units, options, time, held);
        _store = new CandleStore(files, vault, format, options.Preference, options.Aggregates);
        _quality = new CandleQuality(files, vault);
        _answers = new AnsweredCandles(files, vault, venues, _store, _quality);
        _follower = new CandleFollower(venues, units);
        _flushedAt = time.GetTimestamp();
    }

    /// <summary>The record behind what was taken in.</summary>
    public long NextSeq => _follower.NextSeq;

    /// <summary>Takes the lock. The tape is looked at when it is first followed.</summary>
    /// <param name="units">Base units in one unit of the quantity of trades, by venue and symbol; null where it is not known.</param>
    /// <param name="format">Stays the caller's.</param>
    /// <exception cref="OwnedElsewhereException">Another process makes the candles of this vault.</exception>
    public static CandlePipeline Open(IFiles files, string vault, Func<string, IVenue?> venues, Func<string, string, double?> units, ICandleFiles format,
        CandleOptions options, TimeProvider time, OwnerInfo owner)
    {
        return new(files, vault, venues, units, format, options, time, TakeLock(files, vault, owner));
    }

    /// <summary>Takes the lock of a vault's candles, for whoever changes day files beside no pipeline.</summary>
    /// <exception cref="OwnedElsewhereException">Another process makes the candles of this vault.</exception>
    public static OwnerLock TakeLock(IFiles files, string vault, OwnerInfo owner)
    {
        var folder = Path.Combine(vault, "quality", "candles");
        DurableFolder.Create(files, folder);
        return OwnerLock.Take(files, folder, "vault's candles", owner);
    }

    /// <summary>Follows the tape up to a place, and flushes when it is time.</summary>
    /// <param name="toSeqExcl">What lies behind is not durable yet.</param>
    /// <param name="told">Hears of every flush that changed something or failed.</param>
    /// <param name="all">Flush now.</param>
    /// <exception cref="TapeException">The tape can't be read.</exception>
    public void Advance(long toSeqExcl, Action<CandleReport> told, bool all, CancellationToken cancel)
    {
        if (_reader is null) Begin(told, cancel);
        _answers.Advance(stored => told(Report(stored)), cancel);
        if (_reader is null) return;
        var isOver = false;
        while (!isOver)
        {
            isOver = Follow(_reader, toSeqExcl, cancel);
            if (_hasMoved && (all || IsDue)) Flush(told, cancel);
            // What can't be written is bounded: following waits for it.
            isOver |= _waiting >= _options.PendingMax;
        }
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _lock.Dispose();
    }

    /// <summary>Takes in records up to a place, until it is time to write what they closed.</summary>
    /// <returns>False when more are left.</returns>
    private bool Follow(TapeReader reader, long toSeqExcl, CancellationToken cancel)
    {
        while (reader.NextSeq < toSeqExcl && reader.TryRead(out var record))
        {
            _follower.Take(record);
            _hasMoved = true;
            if (record.Seq % LookEvery != 0) continue;
            cancel.ThrowIfCancellationRequested();
            Collect();
            // What a long way gave so far is not to be done again after a stop.
            if (IsDue) return false;
        }

        Collect();
        return true;
    }

    private bool IsDue
    {
        get
        {
            var symbols = _pending.Keys.Select(day => (day.Venue, day.Symbol)).Distinct().Count();
            return _waiting >= _options.PendingMax
                || _time.GetElapsedTime(_flushedAt) >= (symbols <= _options.FewSymbols ? _options.FlushEvery : _options.FlushManyEvery);
        }
    }

    private void Collect()
    {
        var batch = _follower.TakeBatch();
        CandleChanges.Add(_pending, batch);
        _findings.AddRange(batch.Findings);
        CountWaiting();
    }

    private void CountWaiting() => _waiting = _pending.Values.Sum(changes => changes.Count) + _findings.Count;

    /// <summary>What answers brought into day files. A damaged file that comes to light there is derived again with the next flush.</summary>
    private CandleReport Report(CandleStoreReport stored)
    {
        foreach (var (day, rows) in stored.Rows) _open[day] = rows;
        foreach (var (day, _, _) in stored.SetAside) _lost.Add(day with { Timeframe = Core.Candles.Timeframe.Minute });
        _hasMoved = true;
        return new(_follower.NextSeq, stored.Written, stored.Files, stored.Findings.Count)
        {
            Failed = [.. stored.Failed.Select(failed => (failed.Day, failed.Reason))],
            SetAside = [.. stored.SetAside],
        };
    }

    /// <summary>Goes on from the state on the disk, once there is a tape; looks whether unfinished day files are as they were left.</summary>
    private void Begin(Action<CandleReport> told, CancellationToken cancel)
    {
        if (TapeFolder.IdOf(_files, TapeRange.Folder(_vault)) is not { } id) return;
        var state = CandleState.Read(_files, _vault, Text(id));
        if (state is not null && TapeFolder.FirstSeqOf(_files, TapeRange.Folder(_vault)) is { } first && first > state.NextSeq) state = null;
        if (state is not null && TryRestore(state) is { } follower)
        {
            _follower = follower;
            foreach (var day in state.Days) _open[day.Key] = day.Rows;
        }

        _reader = TapeReader.Open(_files, TapeRange.Folder(_vault), _follower.NextSeq);
        foreach (var (day, rows) in _open)
            if (!IsAsLeft(day, rows)) _lost.Add(day);
        if (_lost.Count > 0) Flush(told, cancel);
    }

    private CandleFollower? TryRestore(CandleState state)
    {
        try
        {
            return new CandleFollower(_venues, _units, state.Follower);
        }
        catch (DamagedException)
        {
            // Derived state: without it all is derived again.
            return null;
        }
    }

    private bool IsAsLeft(CandleDay day, int rows)
    {
        try
        {
            return _store.Read(day).Count >= rows;
        }
        catch (DamagedException)
        {
            return false;
        }
    }

    private void Flush(Action<CandleReport> told, CancellationToken cancel)
    {
        _flushedAt = _time.GetTimestamp();
        var tape = Text(_reader!.TapeId);
        var stored = _store.Apply(_pending);
        var rebuilt = Rebuild(stored, cancel);
        _pending = stored.Failed.ToDictionary(failed => failed.Day, failed => failed.Changes);
        _findings.AddRange(stored.Findings);
        var report = new CandleReport(_follower.NextSeq, stored.Written, stored.Files, _findings.Count)
        {
            Failed = [.. stored.Failed.Select(failed => (failed.Day, failed.Reason))],
            SetAside = [.. stored.SetAside],
            Rebuilt = rebuilt,
        };
        report = report with { Fault = TrySave(tape) };
        CountWaiting();
        if (report.Candles + report.Files + report.Findings + report.Failed.Count + report.SetAside.Count + rebuilt.Count > 0 || report.Fault is not null)
            told(report);
    }

    /// <summary>Writes findings and state. The state waits while a day does.</summary>
    /// <returns>Why that failed; null when it did not.</returns>
    private string? TrySave(string tape)
    {
        try
        {
            _quality.Append(tape, _findings);
            _findings.Clear();
            var state = _follower.SaveState();
            if (_pending.Count == 0) new CandleState(tape, _follower.NextSeq, state, OpenDays()).Write(_files, _vault);
            _hasMoved = _pending.Count > 0;
            return null;
        }
        catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }

    /// <summary>Files that may still change: of each symbol the last day, and the one before.</summary>
    private List<CandleState.OpenDay> OpenDays()
    {
        var last = _open.Keys.GroupBy(day => (day.Venue, day.Symbol)).ToDictionary(days => days.Key, days => days.Max(day => day.Day));
        foreach (var old in _open.Keys.Where(day => day.Day < last[(day.Venue, day.Symbol)].AddDays(-1)).ToList()) _open.Remove(old);
        return
        [
            .. _open.OrderBy(day => day.Key.Venue, StringComparer.Ordinal).ThenBy(day => day.Key.Symbol, StringComparer.Ordinal).ThenBy(day => day.Key.Day)
                .Select(day => new CandleState.OpenDay(day.Key.Venue, day.Key.Symbol, day.Key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    day.Value)),
        ];
    }

    /// <summary>Derives days again, from all that is on the tape, whose files were set aside or are not as they were left.</summary>
    private List<CandleDay> Rebuild(CandleStoreReport stored, CancellationToken cancel)
    {
        foreach (var (day, _, _) in stored.SetAside) _lost.Add(day with { Timeframe = Core.Candles.Timeframe.Minute });
        if (_lost.Count > 0)
        {
            var days = new Dictionary<CandleDay, CandleChanges>();
            var follower = new CandleFollower(_venues, _units);
            using (var reader = TapeReader.Open(_files, TapeRange.Folder(_vault)))
                while (reader.NextSeq < _follower.NextSeq && reader.TryRead(out var record))
                {
                    follower.Take(record);
                    if (record.Seq % LookEvery != 0) continue;
                    cancel.ThrowIfCancellationRequested();
                    Keep(follower, days);
                }

            Keep(follower, days);
            var again = _store.Apply(days);
            (stored.Written, stored.Files) = (stored.Written + again.Written, stored.Files + again.Files);
            stored.Findings.AddRange(again.Findings);
            stored.SetAside.AddRange(again.SetAside);
            _answers.Restart();
            foreach (var (day, rows) in again.Rows) stored.Rows[day] = rows;
            stored.Failed.AddRange(again.Failed.Where(failed => !stored.Failed.Exists(other => other.Day == failed.Day)));
        }

        foreach (var (day, rows) in stored.Rows) _open[day] = rows;
        List<CandleDay> rebuilt = [.. _lost];
        _lost.Clear();
        return rebuilt;

        void Keep(CandleFollower from, Dictionary<CandleDay, CandleChanges> days)
        {
            CandleChanges.Add(days, from.TakeBatch());
            from.SaveState();
            foreach (var other in days.Keys.Where(day => !_lost.Contains(day)).ToList()) days.Remove(other);
        }
    }

    private static string Text(long tapeId) => tapeId.ToString("x16", CultureInfo.InvariantCulture);
}
