using System.CommandLine;
using Tape.Cli.Options;
using Tape.Cli.Screens;
using Tape.Derive.Gaps;
using Tape.Host;
using Tape.Host.Processes;
using Tape.Query.Names;
using Tape.Storage.Files;
using Tape.Storage.Gaps;
using Tape.Venues;

namespace Tape.Cli.Commands;

/// <summary><c>tape gaps</c>: what is missing, since when, and why.</summary>
internal static class GapsCommand
{
    public static Command Create()
    {
        var vault = VaultOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object a line." };
        var from = TimeOption.Create("--from", "Only gaps that reach to this time or later (ISO 8601, UTC unless it says otherwise).");
        var to = TimeOption.Create("--to", "Only gaps that begin before this time.");
        var venue = new Option<string?>("--venue") { HelpName = "name", Description = "Only of this venue." };
        var symbol = new Option<string?>("--symbol")
        {
            HelpName = "name",
            Description = "Only of this symbol, as the venue writes it; upper and lower case are the same.",
        };
        var cause = new Option<string?>("--cause")
        {
            HelpName = "cause",
            Description = $"Only with this cause: {string.Join(", ", GapCauses.All.Select(known => known.Name()))}.",
        };
        cause.AcceptOnlyFromAmong([.. GapCauses.All.Select(known => known.Name())]);
        var rebuild = new Option<bool>("--rebuild") { Description = "Make the ledger again from what is on the tape first." };
        var command = new Command("gaps", "List what is missing from the streams: from when to when, which ids, and why.")
        {
            vault,
            json,
            from,
            to,
            venue,
            symbol,
            cause,
            rebuild,
        }
            .WithDetails("Reads the ledger in quality/ and the tape behind it; may run beside a recorder (but for --rebuild).\n"
                + "A gap without an end is still open. Ids that were left out a moment ago may still come: they are listed at once and settled after 10 s.\n"
                + "Exit status 1 when a recorder ran and never connected: then nothing is known of any stream.");
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            VaultOption.TapeFolder(parse.GetValue(vault)!);
            var path = parse.GetValue(vault)!.FullName;
            if (parse.GetValue(rebuild)) GapRebuild.Run(DiskFiles.Instance, path, VenueCatalog.Find, ThisProcess.Owner("tape gaps"), cancel);
            var report = GapReports.Read(DiskFiles.Instance, path, cancel: cancel);
            if (report.NextSeq > 0 && report.Streams.Count == 0)
            {
                GapScreen.WriteNeverConnected(report, parse.GetValue(json) ? parse.InvocationConfiguration.Error : parse.InvocationConfiguration.Output);
                return ExitCode.Findings;
            }

            var streams = new KnownStreams([.. report.Streams.Select(standing => standing.Stream.Key)]);
            var filter = new GapFilter(parse.GetValue(from), parse.GetValue(to), streams.Pick(parse.GetValue(venue), null, parse.GetValue(symbol)),
                parse.GetValue(cause) is { } name ? GapCauses.Find(name) : null);
            var gaps = filter.Of(report);
            if (parse.GetValue(json)) GapScreen.WriteJson(report, gaps, parse.InvocationConfiguration.Output);
            else GapScreen.WriteText(report, gaps, parse.InvocationConfiguration.Output);
            return ExitCode.Ok;
        }, cancel));
        return command;
    }

    /// <summary>Which gaps are shown.</summary>
    private sealed record GapFilter(UnixNanos? From, UnixNanos? ToExcl, StreamPick Streams, GapCause? Cause)
    {
        public List<GapEntry> Of(GapReport report)
        {
            var isShown = report.Streams.Select(standing => Streams.Takes(standing.Stream.Key)).ToArray();
            return [.. report.Gaps.Where(gap => isShown[gap.Stream] && Shows(gap)).OrderBy(gap => gap.From)];
        }

        private bool Shows(in GapEntry gap) =>
            (Cause is not { } cause || gap.Cause == cause) && (From is not { } from || gap.IsOpen || gap.To >= from.Value)
                && (ToExcl is not { } to || gap.From < to.Value);
    }
}
