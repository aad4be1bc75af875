using Tape.Derive.Decoding;
using Tape.Derive.Gaps;
using Tape.Derive.Rows;
using Tape.Storage.Files;
using Tape.Storage.Gaps;
using Tape.Storage.Journal;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Tapes;
using Tape.Storage.Vaults;
using Tape.Tables.DuckDb;
using Tape.Tables.Parts;
using Tape.Tables.Rows;
using Tape.Venues.Contract;

namespace Tape.Derive.Sealing;

/// <summary>
/// Follows a tape as any reader does and seals it range by range. One sealer a vault, held by the seal log's lock. A fault ends it; opening again
/// completes what was announced and goes on. Not thread-safe.
/// </summary>
public sealed class Sealer : IDisposable
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(200);

    private readonly IFiles _files;
    private readonly string _vault;
    private readonly SealLimits _limits;
    private readonly Func<string, IVenue?> _venues;
    private readonly TimeProvider _time;
    private readonly SealLog _log;
    private readonly IPartWriter _writer;
    private readonly SealStep _step;
    private readonly OtherLogs _others;
    private readonly RowDeriver _deriver;
    private TapeReader? _reader;
    private long _fromSeq;
    private long _frameBytes;
    private long _lastSealAt;
    private Task<SealReport>? _running;
    private GapBatch? _runningBatch;
    private GapLedgerUpdater? _gaps;
    private string? _gapFault;
    private string? _gapRebuilt;
    private RowSet _other = new();

    private Sealer(IFiles files, string vault, SealLimits limits, Func<string, IVenue?> venues, TimeProvider time, SealLog log, IPartWriter writer)
    {
        (_files, _vault, _limits, _venues, _time, _log, _writer) = (files, vault, limits, venues, time, log, writer);
        _others = new OtherLogs(files, vault);
        log.Others = () => _others.Look(log.Heads, _gaps?.Head);
        if (log.Loss is { } loss) _others.Tell($"{loss}; what the tape still has is sealed again");
        _step = new SealStep(files, vault, log, writer);
        _step.Clean();
        GenerationRecovery.Run(files, vault, log, RowDeriver.DecoderVersion);
        SealedTape.Require(files, vault);
        Recovered = RedoPending();
        (_fromSeq, var state) = TapeRange.After(log.Committed);
        _deriver = new RowDeriver(state, venues);
        _lastSealAt = time.GetTimestamp();
        OpenLedger();
    }

    /// <summary>Where compaction leaves merged days for this sealer, which owns the seal log; null without compaction.</summary>
    public MergeRequests? Merges { get; set; }

    /// <summary>The seal that opening completed, or null.</summary>
    public SealReport? Recovered { get; }

    /// <summary>Opens with a Parquet writer of its own.</summary>
    /// <exception cref="OwnedElsewhereException">Another process seals this vault.</exception>
    /// <exception cref="TapeException">The seals do not belong to the tape beside them.</exception>
    /// <exception cref="DuckDbException">The native library is missing: sealing waits, recording does not need it.</exception>
    public static Sealer Open(IFiles files, string vault, SealLimits limits, Func<string, IVenue?> venues, TimeProvider time, OwnerInfo owner)
    {
        var temporary = Path.Combine(vault, "tmp");
        DurableFolder.Create(files, temporary);
        var writer = PartWriter.Open(files, new DuckDbOptions(SpillFolder: temporary));
        try
        {
            return Open(files, vault, limits, venues, time, owner, writer);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Opens with a writer of parts that this sealer then owns.</summary>
    public static Sealer Open(IFiles files, string vault, SealLimits limits, Func<string, IVenue?> venues, TimeProvider time, OwnerInfo owner,
        IPartWriter writer)
    {
        var log = SealLog.Open(files, vault, owner);
        try
        {
            return new Sealer(files, vault, limits, venues, time, log, writer);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Follows the tape until cancelled, then seals what is left.</summary>
    /// <param name="told">Called for every seal.</param>
    /// <param name="stop">Cancelled when no more records will come.</param>
    public async Task RunAsync(Action<SealReport> told, CancellationToken stop)
    {
        if (Recovered is not null) told(Recovered);
        while (true)
        {
            var last = stop.IsCancellationRequested;
            // Work of seconds that blocks: on a thread of its own, since on a small machine the pool has two, and the sockets of a recorder beside it need
            // them.
            await Task.Factory.StartNew(() => Advance(told, all: last), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
            if (last) return;
            await Task.Delay(PollEvery, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes in what is on the tape now and seals at every limit; what is left stays open unless <paramref name="all"/>.</summary>
    public void Advance(Action<SealReport> told, bool all)
    {
        if (!_log.IsInPlace)
            throw new TapeException($"{PartPath.SealLog(_vault)} is not there any more: the disk or the folder of the vault went away",
                "Bring it back; sealing goes on by itself.");
        _reader ??= TapeReader.Open(_files, TapeRange.Folder(_vault), _fromSeq);
        while (_reader.TryRead(out var record))
        {
            _deriver.Take(record);
            _frameBytes += record.Payload.Length;
            if (_deriver.Rows.Rows < _limits.Rows && _frameBytes < _limits.TapeBytes) continue;
            FinishRunning(told);
            if (_deriver.Rows.Rows >= _limits.OverlapRows) StartSeal();
            else told(SealNow());
        }

        FinishRunning(told);
        var due = all || _time.GetElapsedTime(_lastSealAt) >= _limits.Interval;
        if (due && _reader.NextSeq > _fromSeq) told(SealNow());
        Merges?.Serve(_files, _vault, _log);
    }

    /// <summary>Puts a merged day in its place; only while <see cref="RunAsync"/> does not run.</summary>
    /// <inheritdoc cref="DayMerging.Commit" path="/returns"/>
    public MergeReport? Merge(DayMerge merge) => DayMerging.Commit(_files, _vault, _log, merge);

    public void Dispose()
    {
        // Its outcome belongs to Advance; here a fault of reading has already ended that one, and what is announced is completed by opening again.
        if (_running is IAsyncResult running) running.AsyncWaitHandle.WaitOne();
        _reader?.Dispose();
        _gaps?.Dispose();
        _log.Dispose();
        (_writer as IDisposable)?.Dispose();
    }

    private SealReport SealNow()
    {
        var batch = _gaps?.Tracker.TakeBatch();
        var report = _step.Seal(DerivedRange.Of(_deriver), _reader!.TapeId, _fromSeq, _reader.NextSeq);
        _deriver.Clear();
        GoOn();
        var told = Keep(batch, report);
        if (_gaps is null) OpenLedger();
        return told;
    }

    /// <summary>Seals on another thread while this one derives the next range. One seal runs at a time, in the order of the tape.</summary>
    private void StartSeal()
    {
        var range = DerivedRange.Of(_deriver);
        var (tapeId, from, to) = (_reader!.TapeId, _fromSeq, _reader.NextSeq);
        _runningBatch = _gaps?.Tracker.TakeBatch();
        _deriver.Begin(_other);
        _other = range.Rows;
        GoOn();
        _running = Task.Factory.StartNew(() => _step.Seal(range, tapeId, from, to), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private void FinishRunning(Action<SealReport> told)
    {
        if (_running is null) return;
        // One that failed stays here and fails every later call: what comes after its range must not be sealed before it.
        var report = _running.GetAwaiter().GetResult();
        _running = null;
        _other.Clear();
        told(Keep(_runningBatch, report));
    }

    /// <summary>
    /// Opens the ledger and brings it up to the end of the last seal; when that fails, sealing goes on without it, and the next seal tries again. A damaged one
    /// is made again: it is derived.
    /// </summary>
    private void OpenLedger()
    {
        if (TapeFolder.IdOf(_files, TapeRange.Folder(_vault)) is not { } tapeId) return;
        try
        {
            _gaps = OpenOrRebuildLedger(tapeId);
            _deriver.Records.Add(_gaps.Tracker);
            _gapFault = null;
        }
        catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
        {
            _gapFault = fault.Message;
        }
    }

    private GapLedgerUpdater OpenOrRebuildLedger(long tapeId)
    {
        try
        {
            return GapLedgerUpdater.Open(_files, _vault, tapeId, _fromSeq, _venues, _log.Heads.Gaps);
        }
        catch (DamagedException fault)
        {
            GapRebuild.Run(_files, _vault, _log, _venues, CancellationToken.None);
            _gapRebuilt = fault.Message;
            return GapLedgerUpdater.Open(_files, _vault, tapeId, _fromSeq, _venues, _log.Heads.Gaps);
        }
    }

    /// <summary>
    /// Writes what a committed range established. Rows do not depend on it, so a ledger that can't be written stops no seal: each seal reports it, nothing is
    /// held for it in memory, and opening it again derives what it lacks from the tape, which does not expire before.
    /// </summary>
    private SealReport Keep(GapBatch? batch, SealReport report)
    {
        (report, _gapRebuilt) = (report with { LedgerRebuilt = _gapRebuilt, Losses = _others.TakeLosses() }, null);
        if (batch is null || _gaps is null) return report with { LedgerFault = _gapFault };
        try
        {
            _gaps.Append(batch);
            return report;
        }
        catch (Exception fault) when (fault is TapeException or IOException or UnauthorizedAccessException)
        {
            _deriver.Records.Remove(_gaps.Tracker);
            _gaps.Dispose();
            (_gaps, _gapFault) = (null, fault.Message);
            return report with { LedgerFault = _gapFault };
        }
    }

    /// <summary>The next range begins here.</summary>
    private void GoOn() => (_fromSeq, _frameBytes, _lastSealAt) = (_reader!.NextSeq, 0, _time.GetTimestamp());

    private SealReport? RedoPending()
    {
        if (_log.Pending is not { } pending) return null;
        var (from, state) = TapeRange.After(_log.Committed);
        if (from != pending.FromSeq)
            throw new DamagedException($"Seal {pending.Id} begins at record {pending.FromSeq}, but the one before ends at {from}.",
                SealLogContent.DamageHint);
        return _step.Redo(DerivedRange.Derive(_files, _vault, pending.FromSeq, pending.ToSeqExcl, state, _venues), pending);
    }
}
