using System.CommandLine;
using Tape.Candles.Files;
using Tape.Cli.Options;
using Tape.Cli.Screens;
using Tape.Core.Candles;
using Tape.Host;
using Tape.Host.Candles;
using Tape.Host.Configuration;
using Tape.Storage.Files;

namespace Tape.Cli.Commands;

/// <summary><c>tape backfill</c>: asks venues for the minutes that day files lack.</summary>
internal static class BackfillCommand
{
    private const string Details = """
        Each answer is put on the answers log first, and day files in data/ are made from it; so it may run beside a recorder, and be ended at any time.
        Asking again asks for what is still missing only. Beside a running server that one takes the answers into day files.
        Exit status 0 when nothing is missing that the venues still answer, 1 when something is.
        """;

    public static Command Create()
    {
        var config = ConfigOption.Create();
        var venue = new Option<string?>("--venue") { HelpName = "name", Description = "Only of this venue." };
        var symbol = new Option<string?>("--symbol") { HelpName = "name", Description = "Only this symbol, as the venue writes it." };
        var from = TimeOption.Create("--from", "Only minutes from this time on (default: gap_detection.lookback_days ago).");
        var to = TimeOption.Create("--to", "Only minutes before this time (default: now).");
        var json = new Option<bool>("--json") { Description = "One JSON object a line, for each symbol." };
        var command = new Command("backfill", "Ask the venues for the one-minute candles that are missing.") { config, venue, symbol, from, to, json }
            .WithDetails(Details);
        command.SetAction((parse, cancel) =>
        {
            var screen = new Screen(parse.InvocationConfiguration.Output, Console.IsErrorRedirected ? null : parse.InvocationConfiguration.Error,
                parse.GetValue(json));
            return RunAsync(ConfigReader.ReadFile(parse.GetValue(config)!), parse.GetValue(venue), parse.GetValue(symbol), parse.GetValue(from),
                parse.GetValue(to), screen, cancel);
        });
        return command;
    }

    /// <summary>Fills the last hours of all that a configuration names, and shows it as the command does.</summary>
    public static Task<int> RunAsync(TapeConfig config, TimeSpan back, TextWriter output, CancellationToken cancel) => RunAsync(config, null, null,
        UnixNanos.From(TimeProvider.System.GetUtcNow()).Add(-back), null, new Screen(output, null, json: false), cancel);

    private static async Task<int> RunAsync(TapeConfig config, string? venue, string? symbol, UnixNanos? from, UnixNanos? to, Screen screen,
        CancellationToken cancel)
    {
        VaultMarking.Ensure(config.Recorder.Vault);
        var now = UnixNanos.From(TimeProvider.System.GetUtcNow());
        var range = (From: from ?? now.Add(-TimeSpan.FromDays(config.GapDetection.LookbackDays)), To: to ?? now);
        if (range.From >= range.To) throw new UsageException($"--from {range.From} is not before --to {range.To}.", "Exchange them.");
        var minutes = (Ms(range.From), Math.Min(Ms(range.To), Timeframe.Minute.OpenOf(Ms(now))));
        using var session = new BackfillSession(config, DiskFiles.Instance, TimeProvider.System, "tape backfill");
        return await RunAsync(session, Venues(session, venue), symbol, minutes, screen, cancel);
    }

    private static long Ms(UnixNanos time) => time.Value / UnixNanos.PerMillisecond;

    private static async Task<int> RunAsync(BackfillSession session, IReadOnlyList<VenueSettings> venues, string? symbol, (long From, long To) range,
        Screen screen, CancellationToken cancel)
    {
        var isWhole = true;
        var results = new List<(VenueSettings Settings, BackfillResult Result)>();
        foreach (var settings in venues)
            foreach (var name in symbol is null ? session.SymbolsOf(settings) : [symbol])
            {
                var result = await session.AskAsync(settings, name, range.From, range.To, screen.Progress, cancel);
                results.Add((settings, result));
                isWhole &= result.Failure is null;
                if (result.Failure?.IsUnwell == true) break;
            }

        var elsewhere = await Task.Run(() => session.TakeIn(screen.Stored, cancel), cancel);
        if (elsewhere is not null) screen.Note($"The answers are on the log, and come into day files by whoever owns these: {elsewhere}");
        foreach (var (settings, result) in results)
        {
            var left = elsewhere is null ? session.Missing(settings, result.Symbol, range.From, range.To) : (int?)null;
            screen.Result(result, left);
            isWhole &= left is null || left <= result.BeyondReach;
        }

        return isWhole ? ExitCode.Ok : ExitCode.Failed;
    }

    private static IReadOnlyList<VenueSettings> Venues(BackfillSession session, string? name)
    {
        var all = session.Venues;
        if (name is null) return all.Count > 0 ? all
            : throw new TapeException("tape.yaml names no venue that answers about candles over REST.", "Add one below venues, or set its rest_endpoint.");
        var known = UnknownNameException.Resolve("a venue", "tape.yaml", name, all.Select(settings => settings.Venue.Name));
        return [all.Single(settings => settings.Venue.Name == known)];
    }

    /// <summary>What the person who asked sees.</summary>
    private sealed class Screen(TextWriter output, TextWriter? terminal, bool json)
    {
        private readonly ProgressLine? _progress = terminal is null ? null : new ProgressLine(terminal);

        public void Progress(int answered, int of) => _progress?.Draw((double)answered / of);

        public void Note(string text)
        {
            _progress?.Clear();
            if (!json) output.WriteLine(text);
        }

        public void Stored(CandleStoreReport report)
        {
            _progress?.Clear();
            foreach (var (day, _, reason) in report.Failed) Console.Error.WriteLine($"{day}: not written: {reason}. It is tried again next time.");
            foreach (var (day, path, reason) in report.SetAside) Console.Error.WriteLine($"{day}: the day file was damaged and is kept as {path}: {reason}");
        }

        /// <param name="left">Minutes that are still missing; null when that is not known yet.</param>
        public void Result(BackfillResult result, int? left)
        {
            _progress?.Clear();
            output.WriteLine(json ? Json(result, left) : Text(result, left));
        }

        private static string Text(BackfillResult result, int? left) =>
            $"{result.Venue} {result.Symbol}: {result.Missing:N0} minutes were missing, {result.Answers:N0} answers"
            + (left is { } still ? $", {result.Missing - still:N0} filled, {still:N0} still missing" : "")
            + (result.BeyondReach > 0 ? $"; {result.BeyondReach:N0} are older than what the venue answers" : "")
            + (result.Failure is { } failure ? $"\n  {failure.Message} {failure.Hint}" : "");

        private static string Json(BackfillResult result, int? left) => JsonText.Object(writer =>
        {
            writer.WriteString("exchange", result.Venue);
            writer.WriteString("symbol", result.Symbol);
            writer.WriteNumber("missing", result.Missing);
            writer.WriteNumber("beyond_reach", result.BeyondReach);
            writer.WriteNumber("answers", result.Answers);
            if (left is { } still) writer.WriteNumber("still_missing", still);
            else writer.WriteNull("still_missing");
            writer.WriteString("failure", result.Failure?.Message);
        });
    }
}
