using Tape.Api.Documents;
using Tape.Derive.Gaps;
using Tape.Host.Configuration;
using Tape.Storage.Gaps;

namespace Tape.Cli.Screens;

/// <summary>Holes as text for people and as JSON for scripts.</summary>
internal static class GapScreen
{
    /// <summary>The newest gaps that are printed; <c>--json</c> has all.</summary>
    private const int Listed = 50;

    /// <param name="gaps">By time.</param>
    public static void WriteText(GapReport report, IReadOnlyList<GapEntry> gaps, TextWriter output)
    {
        if (gaps.Count > 0) output.WriteLine($"{"stream",-40} {"cause",-15} {"from",-30} {"for",10} {"missing ids",12}  ids");
        if (gaps.Count > Listed) output.WriteLine($"… {gaps.Count - Listed:N0} earlier ones (--from and --to narrow, --json lists all)");
        foreach (var gap in gaps.Skip(gaps.Count - Listed))
            output.WriteLine($"{report.Streams[gap.Stream].Stream.Key,-40} {gap.Cause.Name(),-15} {new UnixNanos(gap.From),-30} "
                + $"{(gap.IsOpen ? "open" : Units.Show(Duration(gap))),10} {Number(gap.Missing),12}  {Ids(gap)}"
                + (Reason(report, gap) is { } reason ? string.Concat(reason.Where(letter => !char.IsControl(letter))) : ""));
        output.WriteLine($"{"cause",-15} {"gaps",9} {"open",6} {"repaired",9} {"missing ids",14} {"time",12}");
        foreach (var cause in gaps.GroupBy(gap => gap.Cause).OrderBy(group => group.Key)) WriteSum(cause.Key.Name(), [.. cause], output);
        WriteSum("all", gaps, output);
    }

    /// <summary>A recorder ran, and there is no stream of which something could be missing: all is.</summary>
    public static void WriteNeverConnected(GapReport report, TextWriter output) => output.WriteLine(
        $"No stream was ever received: the tape has {report.NextSeq:N0} records{(report.Now == Absent.Integer ? "" : $" up to {new UnixNanos(report.Now)}")} "
        + "and no connection in them. Everything is missing; 'tape status' says why.");

    /// <param name="gaps">By time.</param>
    public static void WriteJson(GapReport report, IReadOnlyList<GapEntry> gaps, TextWriter output)
    {
        foreach (var gap in gaps) output.WriteLine(GapDocument.Of(report, gap).ToJson());
    }

    private static void WriteSum(string name, IReadOnlyList<GapEntry> gaps, TextWriter output) =>
        output.WriteLine($"{name,-15} {gaps.Count,9:N0} {gaps.Count(gap => gap.IsOpen),6:N0} {gaps.Count(gap => gap.Repaired),9:N0} "
            + $"{gaps.Where(gap => gap is { Repaired: false, Missing: not Absent.Integer }).SaturatingSum(gap => gap.Missing),14:N0} "
            + $"{Units.Show(new TimeSpan(gaps.Where(gap => gap is { IsOpen: false, Repaired: false }).SaturatingSum(gap => Duration(gap).Ticks))),12}");

    /// <summary>The venue's words for a stream that it refuses; null for other causes.</summary>
    private static string? Reason(GapReport report, in GapEntry gap) => gap.Cause == GapCause.Refused ? report.Streams[gap.Stream].Stream.Refusal : null;

    private static TimeSpan Duration(in GapEntry gap) => new(Math.Max(0, Saturating.Subtract(gap.To, gap.From)) / 100);

    private static string Number(long number) => number == Absent.Integer ? "" : number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ids(in GapEntry gap) =>
        (gap.IdFrom == Absent.Integer ? "" : $"{gap.IdFrom}..{gap.IdTo}") + (gap.Repaired ? " came late" : "");
}
