using Tape.Api.Documents;
using Tape.Host.Configuration;

namespace Tape.Cli.Screens;

/// <summary>The document of <c>/status</c> as lines for a person: state, reasons, the last minutes, streams.</summary>
internal static class StatusScreen
{
    /// <summary>Streams shown at most: those in trouble first, then the busiest.</summary>
    private const int StreamsMax = 30;

    public static IEnumerable<string> Lines(StatusDocument status)
    {
        yield return Headline(status);
        foreach (var (why, advice) in status.Why.Zip(status.Advice.Concat(Enumerable.Repeat("", 100)))) yield return $"  {why}  {advice}".TrimEnd();
        if (status.Recorder is { } recorder) yield return Recorder(recorder);
        foreach (var line in Recent(status.Recent)) yield return line;
        foreach (var line in BookLines.Of(status.Streams)) yield return line;
        foreach (var line in Streams(status.Streams)) yield return line;
    }

    private static string Headline(StatusDocument status)
    {
        var since = status.Since is { } time ? $" since {time[..19]}Z" : "";
        var up = status.UptimeS is { } uptime ? $"  up {Units.Show(TimeSpan.FromSeconds(Math.Floor(uptime)))}" : "";
        return $"{status.State}{since}{up}";
    }

    private static string Recorder(RecorderDocument recorder)
    {
        var free = recorder.FreeBytes is { } bytes ? $"  free {Units.Show(bytes)}" : "";
        var clock = recorder.ClockOffsetMs is { } offset ? $"  clock {((double)offset).ToString("+0;-0;0", CultureInfo.InvariantCulture)} ms" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"frames {recorder.Frames:N0}  {Units.Show(recorder.FrameBytes)}  dropped {recorder.Dropped:N0}  queue {recorder.QueueUtilization:P0}  sockets "
                + $"{recorder.ConnectionsOpen}/{recorder.Connections}{free}{clock}");
    }

    private static IEnumerable<string> Recent(RecentDocument recent)
    {
        yield return $"last minutes: {Counts(recent.Frames, recent.Dropped, recent.Interruptions, recent.Gaps)}";
        foreach (var minute in recent.Minutes.Where(minute => minute.Dropped > 0 || minute.Interruptions > 0 || minute.Gaps > 0))
            yield return $"  {minute.Start[11..16]}  {Counts(minute.Frames, minute.Dropped, minute.Interruptions, minute.Gaps)}";
    }

    private static string Counts(long frames, long dropped, int interruptions, int? gaps) => string.Create(
        CultureInfo.InvariantCulture, $"{frames:N0} frames, {dropped:N0} dropped, {interruptions} interruptions{(gaps is { } count ? $", {count} gaps" : "")}");

    private static IEnumerable<string> Streams(IReadOnlyList<StreamDocument> streams)
    {
        yield return $"{"venue",-9} {"channel",-16} {"symbol",-20} {"condition",-10} {"frames",10} {"quiet",8}";
        foreach (var stream in streams.OrderByDescending(stream => stream.Condition is not null).ThenByDescending(stream => stream.RecentFrames)
            .Take(StreamsMax))
        {
            var condition = stream.Condition ?? (stream.Open ? "open" : "closed");
            var quiet = stream.QuietS is { } seconds ? Units.Show(TimeSpan.FromSeconds(seconds)) : "-";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{stream.Exchange,-9} {stream.Channel,-16} {stream.Symbol,-20} {condition,-10} {stream.RecentFrames,10:N0} {quiet,8}");
        }

        if (streams.Count > StreamsMax) yield return $"and {streams.Count - StreamsMax} more streams";
    }
}
