using Tape.Derive.Compaction;
using Tape.Derive.Decoding;
using Tape.Storage.Files;
using Tape.Storage.Retention;
using Tape.Storage.Schema;
using Tape.Storage.Seals;
using Tape.Storage.Segments;

namespace Tape.Bench.Crash;

/// <summary>Sees from outside, by files that come and lines that are added, what a process is doing to a vault.</summary>
internal sealed class WorkWatch
{
    /// <summary>The longest line that is looked for at the end of a log.</summary>
    private const int LineBytesMax = 64 << 10;

    private readonly string _vault;
    private readonly string _tape;
    private readonly string _segmentLog;
    private readonly long _segmentLogBytes;

    public WorkWatch(string vault)
    {
        (_vault, _tape) = (vault, TapeRange.Folder(vault));
        _segmentLog = SegmentHistory.PathOf(_tape);
        _segmentLogBytes = LengthOf(_segmentLog);
    }

    /// <summary>Whether such work is left to do, or may come by itself.</summary>
    public bool CanBegin(KillAim aim) => aim switch
    {
        KillAim.WhileCompacting or KillAim.WhileMerging or KillAim.WhileExchanging or KillAim.WhileShortening =>
            DayMaker.HasWork(DiskFiles.Instance, _vault, SealLog.Read(DiskFiles.Instance, _vault)),
        KillAim.WhileExpiring => OldDays.SegmentsLeft(_vault) > 0,
        _ => true,
    };

    /// <summary>Whether such work is being done now.</summary>
    public bool HasBegun(KillAim aim) => aim switch
    {
        KillAim.WhileSealing => Any("tmp", "seal-*"),
        KillAim.WhileCompacting => Any("tmp", "compact-?.parquet"),
        KillAim.WhileMerging => Any("tmp", "compact-fold-*"),
        KillAim.WhileExchanging => LastEntry(PartPath.SealLog(_vault)) == "fold",
        KillAim.WhileShortening => Any("raw", "seals.log.new"),
        KillAim.WhileCompressing => Any("tape", "*.tapez.new"),
        KillAim.WhileExpiring => LengthOf(_segmentLog) > _segmentLogBytes && LastEntry(_segmentLog) is "verified" or "expired",
        _ => false,
    };

    private bool Any(string folder, string pattern) =>
        new DirectoryInfo(Path.Combine(_vault, folder)) is { Exists: true } there && there.EnumerateFiles(pattern).Any();

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    /// <summary>The type of a log's last whole line; null when there is none.</summary>
    private static string? LastEntry(string path)
    {
        if (LengthOf(path) == 0) return null;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, LineBytesMax), SeekOrigin.End);
        using var reader = new StreamReader(file);
        var lines = reader.ReadToEnd().Split('\n');
        return lines.Length > 1 && lines[^2].Split("\"entry\":\"") is [_, var rest, ..] ? rest[..rest.IndexOf('"')] : null;
    }
}
