using Spectre.Console;
using Spectre.Console.Rendering;
using Tape.Collect.Logging;
using Tape.Host.Configuration;
using Tape.Storage.Tapes.Notes;

namespace Tape.Cli.Screens;

/// <summary>The live table of a recorder.</summary>
internal static class StatusTable
{
    /// <summary>Lines that are not streams: headline (two lines where narrow), table head, caption, cursor.</summary>
    private const int OtherLines = 6;

    /// <summary>Lines that a reason with its advice may take.</summary>
    private const int ReasonLines = 3;

    public static IRenderable Render(HeartbeatLine status)
    {
        var parts = new List<IRenderable> { Headline(status) };
        foreach (var (why, advice) in status.Why.Zip(status.Advice.Concat(Enumerable.Repeat("", status.Why.Count))))
            parts.Add(new Markup($"[yellow]  {SafeConsole.Markup(why)}[/] [grey]{SafeConsole.Markup(advice)}[/]"));
        parts.Add(Streams(status));
        return new Rows(parts);
    }

    /// <summary>The same in one line, for places without a terminal.</summary>
    public static string Line(HeartbeatLine status) => string.Create(
        CultureInfo.InvariantCulture,
        $"{status.State,-8} {status.Frames,10:N0} frames {status.FramesPerS,8:N0}/s  {Units.Show(status.FrameBytes),10}  queue "
            + $"{status.QueueUtilization:P0}  dropped {status.Dropped:N0}  connections {status.ConnectionCounts.Open}/"
            + $"{status.ConnectionCounts.Planned}");

    private static Markup Headline(HeartbeatLine status)
    {
        var color = status.State switch { "READY" => "green", "DEGRADED" => "yellow", _ => "red" };
        return new Markup(string.Create(
            CultureInfo.InvariantCulture,
            $"[{color} bold]{status.State}[/]  up {TimeSpan.FromSeconds(Math.Floor(status.UptimeS))}  {status.Frames:N0} frames on the tape, "
                + $"{status.FramesPerS:N0}/s, {Units.Show(status.FrameBytes)}  queue {status.QueueUtilization:P0}  dropped "
                + $"{status.Dropped:N0}{Clock(status)}"));
    }

    private static string Clock(HeartbeatLine status) => status.Clock is { } clock
        ? string.Create(CultureInfo.InvariantCulture,
            $"  {(clock.IsFar ? "[yellow]" : "[default]")}clock {clock.OffsetMs:+0;-0;0} ms[/]")
        : "";

    /// <summary>
    /// Without borders and wrapping it fits into 80 columns, and it never gets taller than the terminal, which would make it flicker; the worst streams come
    /// first.
    /// </summary>
    private static Table Streams(HeartbeatLine status)
    {
        var table = new Table().NoBorder();
        foreach (var name in new[] { "venue", "channel", "symbol", "health" }) table.AddColumn(Column(name));
        foreach (var name in new[] { "frames", "frames/s", "quiet", "dropped" }) table.AddColumn(Column(name).RightAligned());
        var shown = Math.Clamp(AnsiConsole.Profile.Height - OtherLines - ReasonLines * status.Why.Count, 1, HeartbeatLine.StreamsMax);
        foreach (var stream in status.Streams.Take(shown)) AddRow(table, stream);
        var more = All(status.StreamCounts) - Math.Min(shown, status.Streams.Count);
        if (more > 0) table.Caption($"and {more} more streams");
        return table;
    }

    private static int All(StreamCounts counts) => counts.Live + counts.Waiting + counts.Silent + counts.Unproven + counts.Refused + counts.Down;

    private static TableColumn Column(string name) => new TableColumn($"[grey]{name}[/]").NoWrap().Padding(0, 0, 1, 0);

    private static void AddRow(Table table, HeartbeatStream stream)
    {
        var color = stream.Health switch
        {
            "live" => "green",
            "waiting" => "grey",
            "down" or "refused" => "red",
            _ => "yellow"
        };
        table.AddRow(
            SafeConsole.Markup(stream.Venue), SafeConsole.Markup(stream.Channel), SafeConsole.Markup(stream.Symbol),
                $"[{color}]{stream.Health}[/]",
            stream.Frames.ToString("N0", CultureInfo.InvariantCulture), stream.FramesPerS.ToString("N0", CultureInfo.InvariantCulture),
            stream.QuietS is { } quiet ? Units.Show(TimeSpan.FromSeconds(Math.Round(quiet, 1))) : "-",
                stream.Dropped.ToString("N0", CultureInfo.InvariantCulture));
    }
}
