using Tape.Storage.Journal;

namespace Tape.Storage.Segments;

/// <summary>
/// Writes <c>tape/segments.log</c>. Its owner holds the lock of retention. After a failed write it is broken until opened again. Not thread-safe.
/// </summary>
internal sealed class SegmentLog : IDisposable
{
    private readonly CheckedLog _log;

    private SegmentLog(CheckedLog log, SegmentHistory history) => (_log, History) = (log, history);

    /// <summary>What the log says, lines of this writer included.</summary>
    public SegmentHistory History { get; }

    /// <exception cref="Core.Errors.DamagedException">The log is damaged before its last line.</exception>
    public static SegmentLog Open(IFiles files, string tapeFolder)
    {
        var history = new SegmentHistory();
        return new(CheckedLog.Open(files, SegmentHistory.PathOf(tapeFolder), SegmentHistory.Format, history.Take), history);
    }

    /// <summary>How far the seal log has come, for the next lines.</summary>
    public LogHead? Seals { get; set; }

    /// <summary>Appends a line; durable when this returns.</summary>
    /// <exception cref="Core.Errors.WriterBrokenException">This or an earlier write failed.</exception>
    public void Append(SegmentLogEntry entry)
    {
        _log.Append(SegmentHistory.Format.Write(entry with { Seals = Seals }));
        History.Take(entry);
    }

    public void Dispose() => _log.Dispose();
}
