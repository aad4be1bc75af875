using Spectre.Console;
using Spectre.Console.Rendering;
using Tape.Collect.Health;
using Tape.Host.Configuration;

namespace Tape.Cli.Screens;

/// <summary>The live table of a recorder.</summary>
internal static class StatusTable
{
    /// <summary>Streams shown at most, the busiest first, on a tall terminal; the rest is summed in a line.</summary>
    private const int StreamsMax = 40;

    /// <summary>Lines that are not streams: headline (two lines where narrow), table head, caption, cursor.</summary>
    private const int OtherLines = 6;

    /// <summary>Lines that a reason with its advice may take.</summary>
    private const int ReasonLines = 3;

    public static IRenderable Render(RecorderStatus status)
    {
        var parts = new List<IRenderable> { Headline(status) };
        foreach (var (why, advice) in status.Report.Why.Zip(status.Report.Advice.Concat(Enumerable.Repeat("", status.Report.Why.Count))))
            parts.Add(new Markup($"[yellow]  {Markup.Escape(why)}[/] [grey]{Markup.Escape(advice)}[/]"));
        parts.Add(Streams(status));
        return new Rows(parts);
    }

    /// <summary>The same in one line, for places without a terminal.</summary>
    public static string Line(RecorderStatus status) => string.Create(
        CultureInfo.InvariantCulture,
        $"{status.Report.Name,-8} {status.Frames,10:N0} frames {status.FramesPerSecond,8:N0}/s  {Units.Show(status.FrameBytes),10}  queue "
            + $"{status.QueueUtilization:P0}  dropped {status.Dropped:N0}  connections {status.Connections.Count(connection => connection.Connection != 0)}/"
            + $"{status.Connections.Count}");

    private static Markup Headline(RecorderStatus status)
    {
        var color = status.Report.State switch { RecorderState.Ready => "green", RecorderState.Degraded => "yellow", _ => "red" };
        return new Markup(string.Create(
            CultureInfo.InvariantCulture,
            $"[{color} bold]{status.Report.Name}[/]  up {TimeSpan.FromSeconds(Math.Floor(status.UptimeSeconds))}  {status.Frames:N0} frames on the tape, "
                + $"{status.FramesPerSecond:N0}/s, {Units.Show(status.FrameBytes)}  queue {status.QueueUtilization:P0}  dropped "
                + $"{status.Dropped:N0}{Clock(status)}"));
    }

    private static string Clock(RecorderStatus status) => status.Clock is { } clock
        ? string.Create(CultureInfo.InvariantCulture,
            $"  {(clock.IsFar ? "[yellow]" : "[default]")}clock {(double)clock.Nanos / UnixNanos.PerMillisecond:+0;-0;0} ms[/]")
        : "";

    /// <summary>Without borders and wrapping it fits into 80 columns, and it never gets taller than the terminal, which would make it flicker.</summary>
    private static Table Streams(RecorderStatus status)
    {
        var table = new Table().NoBorder();
        foreach (var name in new[] { "venue", "channel", "symbol", "health" }) table.AddColumn(Column(name));
        foreach (var name in new[] { "frames", "frames/s", "quiet", "dropped" }) table.AddColumn(Column(name).RightAligned());
        var shown = Math.Clamp(AnsiConsole.Profile.Height - OtherLines - ReasonLines * status.Report.Why.Count, 1, StreamsMax);
        foreach (var stream in status.Streams.OrderByDescending(stream => stream.Frames).Take(shown)) AddRow(table, stream);
        if (status.Streams.Count > shown) table.Caption($"and {status.Streams.Count - shown} more streams");
        return table;
    }

    private static TableColumn Column(string name) => new TableColumn($"[grey]{name}[/]").NoWrap().Padding(0, 0, 1, 0);

    private static void AddRow(Table table, StreamStatus stream)
    {
        var color = stream.Health switch
        {
            StreamHealth.Live => "green",
            StreamHealth.Waiting => "grey",
            StreamHealth.Down or StreamHealth.Refused => "red",
            _ => "yellow"
        };
        table.AddRow(
            Markup.Escape(stream.Key.Venue), Markup.Escape(stream.Key.Channel), Markup.Escape(stream.Key.Symbol),
                $"[{color}]{stream.Health.ToString().ToLowerInvariant()}[/]",
            stream.Frames.ToString("N0", CultureInfo.InvariantCulture), stream.FramesPerSecond.ToString("N0", CultureInfo.InvariantCulture),
            stream.QuietSeconds is { } quiet ? Units.Show(TimeSpan.FromSeconds(Math.Round(quiet, 1))) : "-",
                stream.Dropped.ToString("N0", CultureInfo.InvariantCulture));
    }
}
