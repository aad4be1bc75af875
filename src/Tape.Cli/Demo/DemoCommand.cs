using System.CommandLine;
using System.Text.RegularExpressions;
using Spectre.Console;
using Tape.Cli.Commands;
using Tape.Cli.Options;
using Tape.Cli.Screens;
using Tape.Host;
using Tape.Host.Configuration;
using Tape.Host.Processes;
using Tape.Host.Queries;
using Tape.Query.Engine;
using Tape.Query.Requests;
using Tape.Simulator.Binance;
using Tape.Simulator.Market;
using Tape.Simulator.Proof;
using Tape.Simulator.Replay;

namespace Tape.Cli.Demo;

/// <summary><c>tape demo</c>: everything in half a minute: record, kill the recorder, start it again, prove that nothing is missing, query.</summary>
internal static partial class DemoCommand
{
    private const string SealInterval = "3s";
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(5);

    private static readonly string[] Queries =
    [
        "SELECT symbol, count(*) AS trades, round(sum(price * qty), 0) AS turnover, max(ts_recv) AS last FROM trades_market GROUP BY symbol ORDER BY turnover "
            + "DESC "
            + "LIMIT 5",
        "SELECT symbol, count(*) AS quotes, round(avg((ask_price - bid_price) / bid_price) * 10000, 3) AS spread_bp FROM bbo GROUP BY symbol ORDER BY quotes "
            + "DESC LIMIT 5",
        "SELECT exchange, channel, count(*) AS streams, sum(frames) AS frames, sum(rows) AS rows, sum(dropped) AS dropped FROM streams GROUP BY ALL ORDER BY "
            + "frames DESC",
        "SELECT symbol, timeframe, source, count(*) AS candles, max(close) AS highest FROM candles GROUP BY ALL ORDER BY symbol, candles DESC LIMIT 6",
    ];

    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { HelpName = "seconds", Description = "How long to record.", DefaultValueFactory = _ => 30 };
        seconds.Check(given => given is >= 4 and <= 86_400, "--seconds is between 4 and 86400.");
        var folder = new Option<string?>("--folder")
        {
            HelpName = "folder",
            Description = "A new folder for the demo's data (default: tape-demo-<time> here).",
        };
        var frames = new Option<string?>("--frames")
        {
            HelpName = "path",
            Description = "Serve captured frames instead of a synthetic market: a .jsonl file, or a folder of them.",
        };
        var rate = new Option<double>("--rate")
        {
            HelpName = "frames",
            Description = "Frames a second that the simulator sends.",
            DefaultValueFactory = _ => 2000,
        };
        rate.Check(given => given is > 0 and <= 100_000, "--rate is above 0, at most 100000.");
        var symbols = new Option<int>("--symbols") { HelpName = "number", Description = "Symbols of the synthetic market.", DefaultValueFactory = _ => 5 };
        symbols.Check(given => given is >= 1 and <= 100, "--symbols is between 1 and 100.");
        var seed = new Option<int>("--seed") { HelpName = "number", Description = "Seed of the synthetic market.", DefaultValueFactory = _ => 1 };
        var command = new Command("demo", "Record from a simulator, kill the recorder midway, and prove that nothing is missing.")
        {
            seconds,
            folder,
            frames,
            rate,
            symbols,
            seed,
        };
        command.SetAction((parse, cancel) => RunAsync(
            new DemoOptions(TimeSpan.FromSeconds(parse.GetValue(seconds)), parse.GetValue(folder), parse.GetValue(frames), parse.GetValue(rate),
                parse.GetValue(symbols), parse.GetValue(seed)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken cancel)
    {
        var folder = options.Folder ?? string.Create(CultureInfo.InvariantCulture, $"tape-demo-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}");
        Console.WriteLine($"Building what the demo needs in {folder}: a simulated exchange, a configuration and an empty vault.");
        var (simulator, symbols) = Market(options);
        await using var rehearsal = await RehearsalVault.CreateAsync(folder, simulator, symbols, SealInterval, cancel);
        Console.WriteLine($"A simulator serves Binance's protocol at {rehearsal.Simulator.Endpoint}; "
            + $"a recorder writes what it receives into {rehearsal.Folder}.");
        Console.WriteLine($"Recording for {options.Length.TotalSeconds:0.#} s; in the middle the recorder's process is killed and started again.");
        await RecordAsync(rehearsal, options.Length, cancel);
        if (options.Frames is null) await FillCandlesAsync(rehearsal, cancel);
        var proof = await rehearsal.ProveAsync();
        await AskAsync(rehearsal.Vault, cancel);
        ShowNext(rehearsal.Folder);
        var sound = Report(rehearsal, proof, cancel);
        return sound && proof.Unexplained == 0 ? ExitCode.Ok : ExitCode.Findings;
    }

    /// <summary>The two hours before the recording, and what the kill cost, out of the exchange's own history.</summary>
    private static async Task FillCandlesAsync(RehearsalVault rehearsal, CancellationToken cancel)
    {
        Console.WriteLine();
        Console.WriteLine($"$ tape backfill --config {Shown(rehearsal.ConfigPath)} --from=-2h");
        await BackfillCommand.RunAsync(ConfigReader.ReadFile(rehearsal.ConfigPath), TimeSpan.FromHours(2), Console.Out, cancel);
    }

    private static (BinanceSimulatorOptions Options, IReadOnlyList<string> Symbols) Market(DemoOptions options)
    {
        if (options.Frames is not { } path)
        {
            var specs = SymbolSpec.First(options.Symbols);
            return (new BinanceSimulatorOptions { Symbols = specs, FramesPerSecond = options.Rate, Seed = options.Seed }, [.. specs.Select(spec => spec.Name)]);
        }

        // The shared folder holds several venues; this demo is Binance's.
        var venue = Path.Combine(path, "dev", "binance-usdm");
        var source = Directory.Exists(venue) ? venue : path;
        if (!Directory.Exists(source) && !File.Exists(source))
            throw new TapeException($"{path} is not there.", "Give a .jsonl file of Binance frames, or a folder of them, with --frames.");
        return (new BinanceSimulatorOptions { Captured = CapturedFrames.Load([source], new BinanceChannels()), FramesPerSecond = options.Rate },
            CapturedSymbols(source));
    }

    /// <summary>The symbols that captured frames name in their stream names, at most 100.</summary>
    private static List<string> CapturedSymbols(string source)
    {
        var paths = Directory.Exists(source)
            ? Directory.EnumerateFiles(source, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : Enumerable.Repeat(source, 1);
        var symbols = paths.SelectMany(File.ReadLines).Select(line => StreamSymbol().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value.ToUpperInvariant());
        return [.. symbols.Distinct().Take(100).DefaultIfEmpty("BTCUSDT")];
    }

    private static async Task RecordAsync(RehearsalVault rehearsal, TimeSpan length, CancellationToken cancel)
    {
        using (var first = rehearsal.StartRecorder())
        {
            await WatchAsync(first, length / 2, "recording", cancel);
            await rehearsal.KillAsync(first);
            Console.WriteLine("Killed the recorder (no chance to clean up). Starting it again on the same vault.");
        }

        using var second = rehearsal.StartRecorder();
        await WatchAsync(second, length / 2, "recording again", cancel);
        await second.StopAsync();
    }

    private static async Task WatchAsync(RecorderProcess recorder, TimeSpan length, string title, CancellationToken cancel)
    {
        await recorder.WaitUntilConnectedAsync(cancel);
        var end = TimeProvider.System.GetTimestamp() + (long)(length.TotalSeconds * TimeProvider.System.TimestampFrequency);
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
        {
            await RepeatAsync(recorder, end, PlainEvery, () => Console.WriteLine(recorder.Status is { } status ? StatusTable.Line(status) : title), cancel);
            return;
        }

        await AnsiConsole.Live(new Markup(title)).AutoClear(true).StartAsync(screen => RepeatAsync(recorder, end, Redraw, () =>
        {
            if (recorder.Status is { } status) screen.UpdateTarget(StatusTable.Render(status));
        }, cancel));
    }

    private static async Task RepeatAsync(RecorderProcess recorder, long end, TimeSpan every, Action show, CancellationToken cancel)
    {
        while (true)
        {
            if (recorder.HasExited)
            {
                recorder.ThrowUnlessOk();
                throw new TapeException("The recorder ended before it was asked to stop.", "Its log is in vault/logs/recorder.jsonl.");
            }

            var left = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), end);
            if (left <= TimeSpan.Zero) return;
            // Delays are cut to whole milliseconds; one more keeps the end of the wait from becoming many empty ones.
            await Task.Delay((left < every ? left : every) + TimeSpan.FromMilliseconds(1), TimeProvider.System, cancel);
            show();
        }
    }

    private static bool Report(RehearsalVault rehearsal, ProofResult proof, CancellationToken cancel)
    {
        Console.WriteLine();
        Console.WriteLine("What the simulator sent against what the tape holds, frame by frame:");
        ProofScreen.WriteText(proof, rehearsal.Kills.Count, Console.Out);
        Console.WriteLine();
        Console.WriteLine($"$ tape sanity --deep --vault {Shown(rehearsal.Vault)}");
        var sanity = SanityCommand.Check(rehearsal.Vault, deep: true, quiet: false, cancel);
        SanityScreen.WriteText(sanity, Console.Out);
        return sanity.IsSound;
    }

    private static async Task AskAsync(string vault, CancellationToken cancel)
    {
        foreach (var sql in Queries)
        {
            Console.WriteLine();
            Console.WriteLine($"$ tape query --vault {Shown(vault)} \"{sql}\"");
            await QueryProcess.Run(new QueryRequest(vault, sql, null, null, "table", null, null, new QueryLimits().MemoryBytes,
                QueryLimits.TimeoutDefault.TotalSeconds, null), cancel);
        }
    }

    private static void ShowNext(string folder)
    {
        var files = new DirectoryInfo(folder).GetFiles("*", SearchOption.AllDirectories);
        var vault = Shown(Path.Combine(folder, "vault"));
        Console.WriteLine();
        Console.WriteLine($"Everything is in {folder}: {files.Length} files, {Units.Show(files.Sum(file => file.Length))}.");
        Console.WriteLine(TapeProgram.IsOnPath ? "Try next:" : $"Try next ('tape' is {TapeProgram.ShownPath}; put its folder on your PATH):");
        Console.WriteLine($"  tape query \"SELECT * FROM trades ORDER BY ts_recv DESC LIMIT 10\" --vault {vault}");
        Console.WriteLine($"  tape log show --vault {vault} --kind note");
        Console.WriteLine("  tape init                                   then: tape collect   (records from the real exchange)");
    }

    /// <summary>A folder as short as it can be typed from here.</summary>
    private static string Shown(string folder)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), folder);
        var shown = relative.Length < folder.Length ? relative : folder;
        return shown.Contains(' ') ? $"\"{shown}\"" : shown;
    }

    [GeneratedRegex("^\\{\"stream\":\"([^!@\"][^@\"]*)@")]
    private static partial Regex StreamSymbol();

    private sealed record DemoOptions(TimeSpan Length, string? Folder, string? Frames, double Rate, int Symbols, int Seed);
}
