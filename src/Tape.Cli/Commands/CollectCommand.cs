using System.CommandLine;
using Tape.Cli.Options;
using Spectre.Console;
using Tape.Cli.Screens;
using Tape.Collect;
using Tape.Collect.Logging;
using Tape.Host;
using Tape.Host.Configuration;
using Tape.Host.Logging;
using Tape.Host.Processes;
using Tape.Storage.Files;
using Tape.Venues.Contract;

namespace Tape.Cli.Commands;

/// <summary><c>tape collect</c>: records until stopped.</summary>
internal static class CollectCommand
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var config = ConfigOption.Create();
        var symbols = new Option<string?>("--symbols")
        {
            HelpName = "list",
            Description = "Record these symbols or patterns, such as '*USDT' (separated by commas), instead of those in the file.",
        };
        var endpoint = new Option<string?>("--endpoint")
        {
            HelpName = "address",
            Description = "WebSocket base address instead of the venue's own, such as that of a simulator.",
        };
        var plain = new Option<bool>("--plain") { Description = "JSON log lines instead of the live table, on a terminal too." };
        var tapeOnly = new Option<bool>("--tape-only") { Description = "Record onto the tape and do nothing else; seal it later with 'tape seal'." };
        var supervised = new Option<bool>("--supervised")
        {
            Description = "With --tape-only, for 'tape up': ask the venues for their lists and the time too, and leave alerts to it.",
            Hidden = true,
        };
        var untilStdin = new Option<bool>("--until-stdin-closes")
        {
            Description = "Stop in order when standard input ends, for programs that start this one.",
            Hidden = true,
        };
        var command = new Command("collect", "Record what the configured venues send, until Ctrl-C.")
        {
            config,
            symbols,
            endpoint,
            plain,
            tapeOnly,
            supervised,
            untilStdin,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var settings = WithOverrides(ConfigReader.ReadFile(parse.GetValue(config)!), parse.GetValue(symbols), parse.GetValue(endpoint));
            return await RunAsync(settings, parse.GetValue(plain), parse.GetValue(untilStdin),
                (session, stop) => parse.GetValue(tapeOnly) ? session.RecordAsync(parse.GetValue(supervised), stop) : session.RunAsync(stop), cancel);
        });
        return command;
    }

    private static TapeConfig WithOverrides(TapeConfig config, string? symbols, string? endpoint)
    {
        if (symbols is null && endpoint is null) return config;
        if (endpoint is not null && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "ws" or "wss"))
            throw new UsageException($"--endpoint: found '{endpoint}', expected an address that begins with ws:// or wss://.",
                "Such as ws://127.0.0.1:9443 of 'tape sim binance'.");
        var selection = symbols is null ? null : SymbolSelection.Of(symbols.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        var venues = config.Venues.Select(venue =>
            venue with { Symbols = selection ?? venue.Symbols, Endpoint = endpoint is null ? venue.Endpoint : new Uri(endpoint) }).ToList();
        var faults = venues.SelectMany(venue => venue.Faults()).ToList();
        return faults.Count == 0 ? config with { Venues = venues }
            : throw new UsageException($"--symbols: {string.Join("\n  ", faults)}", "Nothing was started.");
    }

    private static async Task<int> RunAsync(TapeConfig config, bool plain, bool untilStdin, Func<RecordingSession, CancellationToken, Task> run,
        CancellationToken cancel)
    {
        var live = !plain && AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var file = new LogFile(DiskFiles.Instance, Path.Combine(config.Recorder.Vault, "logs"), live ? null : Console.OpenStandardOutput(),
            ThisProcess.Owner("tape collect"));
        using var log = new BackgroundLog(file);
        using var session = await RecordingSession.OpenAsync(config, log, stop.Token);
        if (untilStdin) StandardInput.StopAtEnd(stop);
        var running = run(session, stop.Token);
        if (live) await ShowAsync(session, config.Recorder, running);
        await running;
        if (live && session.Status is { } status)
            AnsiConsole.MarkupLine($"Stopped: {status.Frames:N0} frames on the tape, {status.Dropped:N0} dropped. Ask with: "
                + $"tape query \"SELECT count(*) FROM trades\" --vault {SafeConsole.Markup(config.Recorder.Vault)}");
        return ExitCode.Ok;
    }

    private static Task ShowAsync(RecordingSession session, RecorderOptions options, Task running) =>
        AnsiConsole.Live(new Markup($"Recording into {SafeConsole.Markup(options.Vault)}; Ctrl-C stops.")).AutoClear(true).StartAsync(async screen =>
        {
            while (!running.IsCompleted)
            {
                if (session.Status is { } status) screen.UpdateTarget(StatusTable.Render(HeartbeatLine.Of(status, 0)));
                await Task.WhenAny(running, Task.Delay(Redraw, TimeProvider.System, CancellationToken.None));
            }
        });
}
