using System.Globalization;
using System.Text.Json;
using Tape.Host.Configuration;

namespace Tape.Cli.Screens;

/// <summary>The document of <c>/status</c> as lines for a person: state, reasons, the last minutes, streams.</summary>
internal static class StatusScreen
{
    /// <summary>Streams shown at most: those in trouble first, then the busiest.</summary>
    private const int StreamsMax = 30;

    public static IEnumerable<string> Lines(JsonElement status)
    {
        yield return Headline(status);
        foreach (var (why, advice) in status.GetProperty("why").EnumerateArray()
            .Zip(status.GetProperty("advice").EnumerateArray().Select(item => item.GetString()).Concat(Enumerable.Repeat("", 100))))
            yield return $"  {why.GetString()}  {advice}".TrimEnd();
        if (status.TryGetProperty("recorder", out var recorder)) yield return Recorder(recorder);
        foreach (var line in Recent(status.GetProperty("recent"))) yield return line;
        foreach (var line in BookLines.Of(status)) yield return line;
        foreach (var line in Streams(status)) yield return line;
    }

    private static string Headline(JsonElement status)
    {
        var since = status.GetProperty("since").GetString() is { } time ? $" since {time[..19]}Z" : "";
        var up = status.TryGetProperty("uptime_s", out var uptime) ? $"  up {Units.Show(TimeSpan.FromSeconds(Math.Floor(uptime.GetDouble())))}" : "";
        return $"{status.GetProperty("state").GetString()}{since}{up}";
    }

    private static string Recorder(JsonElement recorder)
    {
        var free = recorder.TryGetProperty("free_bytes", out var bytes) ? $"  free {Units.Show(bytes.GetInt64())}" : "";
        var clock = recorder.TryGetProperty("clock_offset_ms", out var offset)
            ? $"  clock {offset.GetDouble().ToString("+0;-0;0", CultureInfo.InvariantCulture)} ms"
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"frames {recorder.GetProperty("frames").GetInt64():N0}  {Units.Show(recorder.GetProperty("frame_bytes").GetInt64())}  dropped "
                + $"{recorder.GetProperty("dropped").GetInt64():N0}  queue {recorder.GetProperty("queue_utilization").GetDouble():P0}  sockets "
                + $"{recorder.GetProperty("connections_open").GetInt32()}/{recorder.GetProperty("connections").GetInt32()}{free}{clock}");
    }

    private static IEnumerable<string> Recent(JsonElement recent)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"last minutes: {recent.GetProperty("frames").GetInt64():N0} frames, {recent.GetProperty("dropped").GetInt64():N0} dropped, "
                + $"{recent.GetProperty("interruptions").GetInt32()} interruptions{Gaps(recent)}");
        foreach (var minute in recent.GetProperty("minutes").EnumerateArray()
            .Where(minute => minute.GetProperty("dropped").GetInt64() > 0 || minute.GetProperty("interruptions").GetInt32() > 0
            || (minute.TryGetProperty("gaps", out var gaps) && gaps.GetInt32() > 0)))
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"  {minute.GetProperty("start").GetString()![11..16]}  {minute.GetProperty("frames").GetInt64():N0} frames, "
                    + $"{minute.GetProperty("dropped").GetInt64():N0} dropped, {minute.GetProperty("interruptions").GetInt32()} interruptions{Gaps(minute)}");
    }

    private static string Gaps(JsonElement counts) =>
        counts.TryGetProperty("gaps", out var gaps) ? $", {gaps.GetInt32()} gaps" : "";

    private static IEnumerable<string> Streams(JsonElement status)
    {
        var streams = status.GetProperty("streams").EnumerateArray().ToList();
        yield return $"{"venue",-9} {"channel",-16} {"symbol",-20} {"condition",-10} {"frames",10} {"quiet",8}";
        foreach (var stream in streams.OrderByDescending(stream => stream.TryGetProperty("condition", out _))
            .ThenByDescending(stream => stream.GetProperty("recent_frames").GetInt64()).Take(StreamsMax))
        {
            var condition = stream.TryGetProperty("condition", out var found) ? found.GetString() : stream.GetProperty("open").GetBoolean() ? "open" : "closed";
            var quiet = stream.TryGetProperty("quiet_s", out var seconds) ? Units.Show(TimeSpan.FromSeconds(seconds.GetDouble())) : "-";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{stream.GetProperty("venue").GetString(),-9} {stream.GetProperty("channel").GetString(),-16} {stream.GetProperty("symbol").GetString(),-20} "
                    + $"{condition,-10} {stream.GetProperty("recent_frames").GetInt64(),10:N0} {quiet,8}");
        }

        if (streams.Count > StreamsMax) yield return $"and {streams.Count - StreamsMax} more streams";
    }
}
