using System.Text.Json;
using Tape.Storage.Tapes.Format;
using Tape.Storage.Tapes.Notes;

namespace Tape.Storage.Tapes;

/// <summary>
/// Walks a tape from end to end and checks every checksum, the numbers of all records, that times lie where the headers say and never fall within a
/// connection, and that notes and ticks can be read. Goes on behind damage at the next good block. Takes no lock; a tape may be written meanwhile.
/// </summary>
public sealed class TapeVerifier
{
    private const int ConnectionsMax = 1 << 20;
    private readonly IFiles _files;
    private readonly CancellationToken _cancel;
    private readonly TapeReport _report;
    private readonly TapeSegmentFile[] _segments;
    private readonly Dictionary<long, long> _lastTimes = [];
    private bool _isFirst = true;

    private TapeVerifier(IFiles files, string folder, CancellationToken cancel)
    {
        (_files, _cancel) = (files, cancel);
        _segments = TapeSegmentFile.List(files, folder);
        _report = new TapeReport { TapeId = _segments.Length == 0 ? 0 : _segments[0].TapeId };
    }

    /// <summary>Verifies the tape of a folder.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two blocks.</exception>
    public static TapeReport Run(IFiles files, string folder, CancellationToken cancel = default)
    {
        var verifier = new TapeVerifier(files, folder, cancel);
        for (var number = 0; number < verifier._segments.Length; number++)
            verifier.WalkSegment(verifier._segments[number], number == verifier._segments.Length - 1);
        verifier._report.Connections = verifier._lastTimes.Keys.Count(connection => connection != 0);
        return verifier._report;
    }

    private void WalkSegment(TapeSegmentFile segment, bool isLast)
    {
        using var file = TryOpen(segment);
        _report.Segments++;
        if (_isFirst) (_report.FirstSeq, _report.NextSeq, _isFirst) = (segment.FirstSeq, segment.FirstSeq, false);
        Expect(segment, 0, segment.FirstSeq);
        if (file is null) return;
        _report.Bytes += file.Length;
        if (segment.CheckHeader(file) is { } fault)
        {
            if (isLast && file.Length <= SegmentHeader.Bytes) _report.UnfinishedBytes = file.Length;
            else Damaged(segment, 0, fault);
        }
        WalkBlocks(segment, file, isLast);
        if (!isLast) CheckIndex(segment);
    }

    /// <summary>Opens a segment so that damaged pieces of a compressed one are told and the rest is walked; null when nothing of it can be read.</summary>
    private IFileHandle? TryOpen(TapeSegmentFile segment)
    {
        try
        {
            return segment.Open(_files, Tell);
        }
        catch (DamagedException fault)
        {
            Tell(fault.Message);
            return null;
        }
    }

    private void WalkBlocks(TapeSegmentFile segment, IFileHandle file, bool isLast)
    {
        var reader = new BlockReader(segment.TapeId);
        var offset = (long)SegmentHeader.Bytes;
        while (_report.Damage.Count < TapeReport.DamageMax)
        {
            _cancel.ThrowIfCancellationRequested();
            var outcome = reader.Read(file, offset);
            // The writer may be in the middle of this very block: what is bad only for a moment is not damage.
            for (var again = 0; outcome == BlockOutcome.Bad && isLast && again < 3; again++) outcome = reader.Read(file, offset);
            if (outcome == BlockOutcome.End) return;
            if (outcome == BlockOutcome.Good)
            {
                WalkRecords(segment, offset, reader);
                offset += BlockHeader.Bytes + reader.Header.PayloadBytes;
                continue;
            }
            if (outcome == BlockOutcome.Unfinished && isLast)
            {
                _report.UnfinishedBytes = file.Length - offset;
                return;
            }
            offset = NextGood(segment, file, offset, reader.Found, isLast);
            if (offset < 0) return;
        }
    }

    /// <summary>Tells a bad place and finds the next block behind it; -1 when there is none.</summary>
    private long NextGood(TapeSegmentFile segment, IFileHandle file, long offset, string found, bool isLast)
    {
        var next = LaterBlock.Find(file, offset, segment.TapeId);
        var tail = isLast && LaterCommit.Find(file, offset, segment.TapeId) < 0
            ? " (never synced: a crash may leave this too, and opening the tape for writing cuts it)" : "";
        Damaged(segment, offset, found + tail
            + (next < 0 ? $"; nothing good follows in the remaining {file.Length - offset} bytes" : $"; the next good block is at byte {next}"));
        return next;
    }

    private void WalkRecords(TapeSegmentFile segment, long offset, BlockReader reader)
    {
        var header = reader.Header;
        _report.Blocks++;
        Expect(segment, offset, header.FirstSeq);
        _report.NextSeq = header.NextSeq;
        var (min, max) = (long.MaxValue, long.MinValue);
        for (var cursor = new RecordCursor(header); cursor.Left > 0;)
        {
            if (cursor.Read(reader.Payload, out var record) is { } fault)
            {
                Damaged(segment, offset, fault);
                return;
            }
            Count(segment, offset, record);
            (min, max) = (Math.Min(min, record.Time.Value), Math.Max(max, record.Time.Value));
        }
        if (min != header.MinTime || max != header.MaxTime)
            Damaged(segment, offset, $"records from {min} to {max} ns, expected {header.MinTime} to {header.MaxTime} as the block's header says");
    }

    private void Count(TapeSegmentFile segment, long offset, TapeRecord record)
    {
        _report.Records++;
        Add(_report.Kinds, Enum.IsDefined(record.Kind) ? record.Kind.ToString().ToLowerInvariant() : $"kind {(int)record.Kind}");
        if (record.Kind == RecordKind.Tick && record.Payload.Length != Tick.Bytes)
            Damaged(segment, offset, $"tick {record.Seq} of {record.Payload.Length} bytes, expected {Tick.Bytes}");
        if (record.Kind == RecordKind.Note) CountNote(segment, offset, record);
        // The table is bounded: beyond a million connections further ones are not watched for falling times.
        var isKnown = _lastTimes.TryGetValue(record.Connection, out var lastTime);
        if (isKnown && record.Kind == RecordKind.Frame && record.Connection != 0 && record.Time.Value < lastTime)
            Damaged(segment, offset, $"frame {record.Seq} of connection {record.Connection} at {record.Time}, expected no time before "
                + $"{new Core.Values.UnixNanos(lastTime)}");
        if (record.Kind == RecordKind.Frame && (isKnown || _lastTimes.Count < ConnectionsMax)) _lastTimes[record.Connection] = record.Time.Value;
        else if (!isKnown && _lastTimes.Count < ConnectionsMax) _lastTimes[record.Connection] = long.MinValue;
    }

    private void CountNote(TapeSegmentFile segment, long offset, TapeRecord record)
    {
        try
        {
            var json = new Utf8JsonReader(record.Payload);
            using var note = JsonDocument.ParseValue(ref json);
            Add(_report.Notes, note.RootElement.TryGetProperty("note", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : "unnamed");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            Damaged(segment, offset, $"note {record.Seq} that is no JSON object ({fault.Message})");
        }
    }

    private void Expect(TapeSegmentFile segment, long offset, long firstSeq)
    {
        if (firstSeq != _report.NextSeq)
            Damaged(segment, offset, $"record {firstSeq}, expected {_report.NextSeq}: {firstSeq - _report.NextSeq} records are missing before it");
        _report.NextSeq = firstSeq;
    }

    private void CheckIndex(TapeSegmentFile segment)
    {
        var path = TapeFormat.IndexPath(segment.Path);
        if (SegmentIndex.OtherVersion(_files, segment) is { } version)
            _report.Damage.Add($"{Path.GetFileName(path)}: found version {version}, expected {TapeFormat.Version}; this program does without it and leaves "
                + $"it, a newer one wrote it");
        else if (_files.FileExists(path) && SegmentIndex.Load(_files, segment) is null)
            _report.Damage.Add($"{Path.GetFileName(path)}: does not fit its segment; readers ignore it, and opening the tape for writing builds it again");
    }

    private void Damaged(TapeSegmentFile segment, long offset, string found) => Tell($"{Path.GetFileName(segment.Path)}: at byte {offset}: found {found}");

    private void Tell(string damage)
    {
        if (_report.Damage.Count < TapeReport.DamageMax) _report.Damage.Add(damage);
    }

    private static void Add(SortedDictionary<string, long> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;
}
