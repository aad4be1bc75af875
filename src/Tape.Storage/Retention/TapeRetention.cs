using Tape.Storage.Files;
using Tape.Storage.Gaps;
using Tape.Storage.Journal;
using Tape.Storage.Seals;
using Tape.Storage.Segments;
using Tape.Storage.Tapes;
using Tape.Storage.Tapes.Format;

namespace Tape.Storage.Retention;

/// <summary>
/// Keeps a tape over months, behind sealing and without hurry: compresses segments, writes <c>segments.log</c>, and lets the oldest expire. One keeper a tape,
/// held by the lock of <c>tape/kept</c>. It touches only segments with a sealed record behind them, so it never meets the writer. Order, each durable before
/// the next: listed &lt;= compressed &lt;= covered by the gap ledger, verified and undecodable frames kept &lt;= logged as expired &lt;= deleted. A file that
/// somebody reads can't be deleted on Windows: a plain form then stays beside its compressed one, an expired segment stays for a while, and both are tried
/// again at each look; nothing that comes later expires meanwhile, so the tape gets no holes. Failure policy: a segment that can't be treated stays as it is,
/// is told once, and holds back those after it only where order matters (expiry); a failed write to the log ends this keeper, and opening again goes on. Not
/// thread-safe.
/// </summary>
public sealed class TapeRetention : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan VerifyAgainAfter = TimeSpan.FromHours(1);

    private readonly IFiles _files;
    private readonly string _vault;
    private readonly string _folder;
    private readonly ExpiryRules _rules;
    private readonly TimeProvider _time;
    private readonly Pace _pace;
    private readonly OwnerLock _lock;
    private readonly SegmentLog _log;
    private readonly SegmentCompressor _compressor;
    private readonly SegmentVerifier _verifier;
    private readonly HashSet<long> _damaged = [];
    private readonly HashSet<long> _inBothForms = [];
    private readonly Dictionary<long, string> _told = [];
    private (long FirstSeq, long Since)? _stuck;
    private bool _hasExpiredFiles;

    private TapeRetention(IFiles files, string vault, ExpiryRules rules, IRangeVerifier verifier, TimeProvider time, Pace pace, OwnerLock held, SegmentLog log)
    {
        (_files, _vault, _rules, _time, _pace, _lock, _log) = (files, vault, rules, time, pace, held, log);
        _folder = TapeFolderOf(vault);
        _compressor = new(files, _folder, pace);
        _verifier = new(files, _folder, rules, verifier, log, time, pace);
        _compressor.Clean();
        KeptFrames.Clean(files, KeptFrames.FolderOf(_folder));
        _hasExpiredFiles = !TryDeleteExpired();
    }

    /// <summary>What is known of all segments.</summary>
    public SegmentHistory History => _log.History;

    /// <summary>Takes the lock, reads the log, and completes what a cut run left.</summary>
    /// <param name="verifier">Proves that a segment's tables hold what it derives to, before it may expire.</param>
    /// <param name="pace">Limits the share of the processor.</param>
    /// <exception cref="OwnedElsewhereException">Another process keeps this tape.</exception>
    /// <exception cref="DamagedException"><c>segments.log</c> is damaged.</exception>
    public static TapeRetention Open(IFiles files, string vault, ExpiryRules rules, IRangeVerifier verifier, TimeProvider time, Pace pace, OwnerInfo owner)
    {
        EntryPath.Confine(files, vault, "tape/kept");
        var kept = KeptFrames.FolderOf(TapeFolderOf(vault));
        DurableFolder.Create(files, kept);
        var held = OwnerLock.Take(files, kept, "tape's retention", owner);
        SegmentLog? log = null;
        try
        {
            log = SegmentLog.Open(files, TapeFolderOf(vault));
            return new(files, vault, rules, verifier, time, pace, held, log);
        }
        catch
        {
            log?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Compresses and expires until cancelled, looking every 30 s.</summary>
    /// <param name="told">Hears of everything that is done or can't be.</param>
    /// <exception cref="TapeException">The log could not be written, or the tape can't be listed.</exception>
    public async Task RunAsync(Action<RetentionEvent> told, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await AdvanceAsync(told, stop).ConfigureAwait(false);
                await Task.Delay(LookEvery, _time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped between two pieces of work; what was not finished is done again next time.
        }
    }

    /// <summary>Does all that can be done now.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two pieces of work.</exception>
    public async Task AdvanceAsync(Action<RetentionEvent> told, CancellationToken cancel)
    {
        if (_hasExpiredFiles) _hasExpiredFiles = !TryDeleteExpired();
        var segments = TapeFolder.Segments(_files, _folder);
        var now = UnixNanos.From(_time.GetUtcNow());
        var isDue = ExpiryPlan.Make(segments, _rules, now, long.MaxValue).Count > 0;
        if (!isDue && !segments.Any(segment => segment is { IsFinished: true, CompressedBytes: null })) return;
        var seals = SealLog.Read(_files, _vault);
        _log.Seals = seals.Head;
        var sealedTo = seals.Committed.Count == 0 ? 0 : seals.Committed[^1].ToSeqExcl;
        foreach (var segment in segments.Where(segment => segment.CompressedBytes is null && ExpiryPlan.IsSealedBehind(segment, sealedTo)))
            await CompressAsync(segment, told, cancel).ConfigureAwait(false);
        if (isDue && !_hasExpiredFiles) await ExpireAsync(TapeFolder.Segments(_files, _folder), seals, now, sealedTo, told, cancel).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _log.Dispose();
        _lock.Dispose();
    }

    private static string TapeFolderOf(string vault) => Path.Combine(vault, "tape");

    private async Task CompressAsync(SegmentInfo info, Action<RetentionEvent> told, CancellationToken cancel)
    {
        // A damaged segment is not read again and again: it waits for the next opening.
        if (_damaged.Contains(info.FirstSeq)) return;
        var segment = new TapeSegmentFile(info.Path, info.TapeId, info.FirstSeq);
        if (_inBothForms.Contains(info.FirstSeq))
        {
            if (_compressor.TryDropPlain(segment)) _inBothForms.Remove(info.FirstSeq);
            return;
        }

        try
        {
            var (bytes, compressed) = await CompressAsync(segment, told, cancel).ConfigureAwait(false);
            told(new(RetentionAct.Compressed, info.FirstSeq, bytes - compressed,
                $"{Path.GetFileName(info.Path)}: compressed from {bytes} to {compressed} bytes"));
        }
        catch (DiskFullException fault)
        {
            TellOnce(info.FirstSeq, $"it can't be compressed now: {fault.Message}", told);
        }
        catch (DamagedException fault)
        {
            _damaged.Add(info.FirstSeq);
            TellOnce(info.FirstSeq, $"it stays plain: {fault.Message}", told);
        }
    }

    private async Task<(long Bytes, long Compressed)> CompressAsync(TapeSegmentFile segment, Action<RetentionEvent> told, CancellationToken cancel)
    {
        SegmentDigest digest;
        using (var file = _files.Open(segment.Path, FileUse.Read)) digest = await SegmentDigest.ReadAsync(file, segment, _pace, cancel).ConfigureAwait(false);
        if (_log.History.Find(segment.FirstSeq)?.Segment is { } listed && listed.Sha256 != digest.Sha256)
            throw TapeDamageText.Exception(segment.Path, 0, $"bytes with SHA-256 {digest.Sha256}, expected {listed.Sha256} as segments.log says");
        if (_files.FileExists(segment.CompressedPath) && await _compressor.SettleAsync(segment, digest, cancel).ConfigureAwait(false))
        {
            List(segment, digest, _files.FileLength(segment.CompressedPath));
            if (!_compressor.TryDropPlain(segment)) StaysInBothForms(segment, told);
            return (digest.Bytes, _files.FileLength(segment.CompressedPath));
        }
        var compressed = await _compressor.PrepareAsync(segment, digest, cancel).ConfigureAwait(false);
        List(segment, digest, compressed);
        if (!_compressor.Replace(segment)) StaysInBothForms(segment, told);
        return (digest.Bytes, compressed);
    }

    private void StaysInBothForms(TapeSegmentFile segment, Action<RetentionEvent> told)
    {
        _inBothForms.Add(segment.FirstSeq);
        TellOnce(segment.FirstSeq, $"it is compressed, but its plain form can't be deleted while somebody reads it ({Path.GetFileName(segment.Path)}); tried "
            + $"again every {LookEvery.TotalSeconds:0} s", told);
    }

    private void List(TapeSegmentFile segment, SegmentDigest digest, long compressed)
    {
        var entry = new SegmentEntry(segment.TapeId.ToString("x16"), segment.FirstSeq, digest.NextSeq, digest.MinTime, digest.MaxTime, digest.Bytes, compressed,
            digest.Sha256, digest.Records);
        if (_log.History.Find(segment.FirstSeq)?.Segment is { } listed && listed.CompressedBytes == compressed) return;
        _log.Append(entry);
    }

    private async Task ExpireAsync(IReadOnlyList<SegmentInfo> segments, SealLogContent seals, UnixNanos now, long sealedTo, Action<RetentionEvent> told,
        CancellationToken cancel)
    {
        foreach (var step in ExpiryPlan.Make(segments, _rules, now, sealedTo))
        {
            if (_stuck is { } stuck && stuck.FirstSeq == step.Segment.FirstSeq && _time.GetElapsedTime(stuck.Since) < VerifyAgainAfter) return;
            var early = step.Obstacle ?? LedgerObstacle(step.Segment);
            var obstacle = early ?? await _verifier.VerifyAsync(step.Segment, segments, seals, told, cancel).ConfigureAwait(false);
            if (obstacle is not null)
            {
                if (early is null) _stuck = (step.Segment.FirstSeq, _time.GetTimestamp());
                TellOnce(step.Segment.FirstSeq, $"it is due by {step.Why} and stays: {obstacle}", told);
                return;
            }
            _log.Append(new ExpiredEntry(step.Segment.TapeId.ToString("x16"), step.Segment.FirstSeq, UnixNanos.From(_time.GetUtcNow()).Value, step.Why));
            if (!TryDelete(step.Segment.FirstSeq, step.Segment.TapeId))
            {
                _hasExpiredFiles = true;
                TellOnce(step.Segment.FirstSeq,
                    $"it has expired by {step.Why}, but can't be deleted while somebody reads it; tried again every {LookEvery.TotalSeconds:0} s, and nothing "
                    + $"later expires before", told);
                return;
            }
            told(new(RetentionAct.Expired, step.Segment.FirstSeq, step.Segment.StoredBytes,
                $"{Path.GetFileName(step.Segment.FilePath)}: expired by {step.Why}, records {step.Segment.FirstSeq} to {step.Segment.NextSeq - 1}"));
        }
    }

    /// <summary>What is missing from the segment's streams must be known before its records are gone.</summary>
    private string? LedgerObstacle(SegmentInfo segment)
    {
        var covered = GapStateFile.Read(_files, _vault)?.NextSeq ?? 0;
        return covered >= segment.NextSeq ? null : $"the gap ledger (quality/gaps.log) covers records up to {covered}, and it reaches to {segment.NextSeq}";
    }

    /// <summary>Deletes what is logged as expired and still there, as after a cut run.</summary>
    /// <returns>Whether all of it is gone.</returns>
    private bool TryDeleteExpired()
    {
        var names = _files.ListFiles(_folder).ToHashSet(StringComparer.Ordinal);
        var isGone = true;
        foreach (var story in _log.History.Segments.Where(story => story.Expired is not null))
        {
            var tapeId = long.Parse(story.Segment.Tape, System.Globalization.NumberStyles.AllowHexSpecifier, null);
            if (FormsOf(story.Segment.FirstSeq, tapeId).Any(path => names.Contains(Path.GetFileName(path))))
                isGone &= TryDelete(story.Segment.FirstSeq, tapeId);
        }
        return isGone;
    }

    private bool TryDelete(long firstSeq, long tapeId)
    {
        var isGone = FormsOf(firstSeq, tapeId).All(path => InUse.TryDelete(_files, path));
        _files.SyncFolder(_folder);
        return isGone;
    }

    private string[] FormsOf(long firstSeq, long tapeId)
    {
        var segment = TapeSegmentFile.Of(_folder, tapeId, firstSeq);
        return [segment.CompressedPath, segment.Path, TapeFormat.IndexPath(segment.Path)];
    }

    private void TellOnce(long firstSeq, string text, Action<RetentionEvent> told)
    {
        if (_told.GetValueOrDefault(firstSeq) == text) return;
        _told[firstSeq] = text;
        told(new(RetentionAct.Hindered, firstSeq, 0, $"segment at record {firstSeq}: {text}"));
    }
}
