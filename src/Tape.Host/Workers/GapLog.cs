using Microsoft.Extensions.Logging;
using Tape.Collect.Logging;
using Tape.Derive.Gaps;
using Tape.Host.Logging;
using Tape.Storage.Gaps;

namespace Tape.Host.Workers;

/// <summary>
/// Logs each gap once, when it is found (<c>gap_detected</c>): a few a look in full, the rest counted. Gaps that were there at the first look are not logged
/// again; 'tape gaps' lists all. Not thread-safe.
/// </summary>
public sealed class GapLog(ILogger log)
{
    /// <summary>Gaps of one look that get a line each.</summary>
    public const int LinesMax = 20;

    /// <summary>Gaps that began earlier are not found any more, and are forgotten here.</summary>
    private static readonly TimeSpan LooksBack = TimeSpan.FromHours(1);

    private HashSet<(int Stream, long From, long IdFrom)>? _known;

    /// <summary>Takes what the ledger and the tape behind it say now.</summary>
    public void Take(GapReport report)
    {
        if (report.Now == Absent.Integer) return;
        var from = new UnixNanos(report.Now).Add(-LooksBack).Value;
        List<GapEntry> recent = [.. report.Gaps.Where(gap => gap is { Repaired: false, Cause: not (GapCause.OurStop or GapCause.Unsubscribed) }
            && gap.From >= from)];
        var known = _known;
        _known = [.. recent.Select(Key)];
        if (known is null) return;
        List<GapEntry> fresh = [.. recent.Where(gap => !known.Contains(Key(gap)))];
        foreach (var gap in fresh.Take(LinesMax)) Write(report.Streams[gap.Stream].Stream.Key, gap);
        if (fresh.Count > LinesMax) log.MoreGaps(fresh.Count - LinesMax, "'tape gaps' lists them all.");
    }

    private static (int, long, long) Key(GapEntry gap) => (gap.Stream, gap.From, gap.IdFrom);

    private void Write(StreamKey stream, GapEntry gap) => log.Event(LogLevel.Warning, "gap_detected", json =>
    {
        json.WriteString("venue", stream.Venue);
        json.WriteString("channel", stream.Channel);
        json.WriteString("symbol", stream.Symbol);
        json.WriteString("cause", gap.Cause.Name());
        json.WriteString("from", new UnixNanos(gap.From).ToString());
        if (!gap.IsOpen) json.WriteString("to", new UnixNanos(gap.To).ToString());
        if (gap.IdFrom != Absent.Integer) json.WriteNumber("id_from", gap.IdFrom);
        if (gap.IdTo != Absent.Integer) json.WriteNumber("id_to", gap.IdTo);
        if (gap.Missing != Absent.Integer) json.WriteNumber("missing", gap.Missing);
    });
}
