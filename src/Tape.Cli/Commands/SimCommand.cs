using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Tape.Core.Errors;
using Tape.Simulator.Binance;
using Tape.Simulator.Faults;
using Tape.Simulator.Journal;
using Tape.Simulator.Market;
using Tape.Simulator.Replay;

namespace Tape.Cli.Commands;

/// <summary><c>tape sim</c>: a venue's own protocol on loopback.</summary>
internal static class SimCommand
{
    private const string Details =
        """
        The limits are the exchange's own until you change them: a connection is closed at its --lifetime (24 h there), on too many messages or streams, and when its client reads too slowly;
        further connections are refused. Fault lines do the rest. A line is '[when] what [key=value...]':
          when      5s (since the start), every 10s, frame 1000, every 1000 frames (of each connection); nothing: at once
          ends      cut, reset, cut-inside (in the middle of a frame), close code=1001
          delays    stall for=5s, stall-inside for=5s, slow rate=4096 for=10s (bytes a second)
          frames    drop n=3, duplicate n=3, reorder n=3 (each with stream=NAME), garbage kind=text|binary|utf8|frame
          refusals  refuse status=429 retry=30 for=1m (new connections), rest status=418 retry=60 for=1m (REST)
          REST      rest-slow by=2s for=1m, rest-garbage for=1m; clock: skew by=-350ms for=1m (frames and REST)
        'conn=public', 'conn=market' or a number narrows a line to those connections.

        Examples:
          tape sim binance --lifetime 60                                   every connection is cut after a minute
          tape sim binance --fault 'every 30s cut conn=market' --skew -350
          tape sim binance --fault 'refuse status=451 for=1h'              nobody gets in: a blocked region
        """;

    public static Command Create()
    {
        var sim = new Command("sim", "Serve a venue's own protocol on this machine, to try, test and rehearse failures.");
        sim.Subcommands.Add(Binance());
        return sim;
    }

    private static Command Binance()
    {
        var port = new Option<int>("--port") { HelpName = "port", Description = "TCP port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 9443 };
        var symbols = new Option<string>("--symbols") { HelpName = "list", Description = "How many symbols, or their names with commas.", DefaultValueFactory = _ => "5" };
        var rate = new Option<double?>("--rate") { HelpName = "frames", Description = "Frames a second over all subscribed streams (default 100; captured frames: their own pace)." };
        var seed = new Option<int>("--seed") { HelpName = "number", Description = "Seed of the market and of faults.", DefaultValueFactory = _ => 1 };
        var frames = new Option<string[]>("--frames") { HelpName = "path", Description = "Serve captured frames instead: a .jsonl file or a folder of them. May be repeated." };
        var once = new Option<bool>("--once") { Description = "End captured frames at their end instead of beginning again." };
        var script = new Option<FileInfo?>("--faults") { HelpName = "file", Description = "A file of fault lines, such as '5s cut conn=public'." };
        var fault = new Option<string[]>("--fault") { HelpName = "line", Description = "One fault line. May be repeated." };
        var journal = new Option<FileInfo?>("--journal") { HelpName = "file", Description = "Write down every frame sent, for proofs: 32 bytes a frame, replaces the file." };
        var ping = new Option<double>("--ping") { HelpName = "seconds", Description = "Seconds between the server's pings.", DefaultValueFactory = _ => 180 };
        var lifetime = new Option<double>("--lifetime") { HelpName = "seconds", Description = "Seconds after which a connection is closed.", DefaultValueFactory = _ => 86_400 };
        var connects = new Option<int>("--max-connects") { HelpName = "count", Description = "Connections in five minutes; further ones are answered 429.", DefaultValueFactory = _ => 300 };
        var streams = new Option<int>("--max-streams") { HelpName = "count", Description = "Streams on a connection; more are refused and end it.", DefaultValueFactory = _ => 1024 };
        var messages = new Option<int>("--max-messages") { HelpName = "count", Description = "Messages a second from a client; more end its connection.", DefaultValueFactory = _ => 10 };
        var buffer = new Option<int>("--buffer") { HelpName = "KiB", Description = "What may wait for a slow reader before it is cut.", DefaultValueFactory = _ => 8192 };
        var skew = new Option<double>("--skew") { HelpName = "ms", Description = "How far the venue's clock is ahead (below 0: behind), in milliseconds." };
        var duration = new Option<double?>("--duration") { HelpName = "seconds", Description = "Stop after so many seconds." };
        var json = new Option<bool>("--json") { Description = "Print JSON lines also on a terminal." };
        var command = new Command("binance", "Serve Binance USD-M futures, WebSocket and REST, until Ctrl-C.")
        {
            port, symbols, rate, seed, frames, once, script, fault, journal, ping, lifetime, connects, streams, messages, buffer, skew, duration, json,
        }.WithDetails(Details);
        command.SetAction(async (parse, cancel) =>
        {
            BinanceSimulatorOptions options;
            TimeSpan? limit;
            try
            {
                options = new BinanceSimulatorOptions
                {
                    Port = parse.GetValue(port),
                    Symbols = Symbols(parse.GetValue(symbols)!),
                    FramesPerSecond = Positive("--rate", parse.GetValue(rate)),
                    Seed = parse.GetValue(seed),
                    Captured = parse.GetValue(frames) is { Length: > 0 } paths ? CapturedFrames.Load(paths, new BinanceChannels()) : null,
                    LoopCaptured = !parse.GetValue(once),
                    Faults = Faults(parse.GetValue(script), parse.GetValue(fault) ?? []),
                    PingEvery = TimeSpan.FromSeconds(Positive("--ping", parse.GetValue(ping))!.Value),
                    ConnectsMax = Count("--max-connects", parse.GetValue(connects)),
                    StreamsPerConnectionMax = Count("--max-streams", parse.GetValue(streams)),
                    InboundPerSecondMax = Count("--max-messages", parse.GetValue(messages)),
                    SendBufferBytesMax = Count("--buffer", parse.GetValue(buffer)) * 1024,
                    ClockSkew = Skew(parse.GetValue(skew)),
                    Lifetime = TimeSpan.FromSeconds(Positive("--lifetime", parse.GetValue(lifetime))!.Value),
                };
                limit = Positive("--duration", parse.GetValue(duration)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            }
            catch (TapeException wrong)
            {
                throw new UsageException(wrong.Message, wrong.Hint);
            }
            return await RunAsync(options, parse.GetValue(journal), limit, parse.GetValue(json) || Console.IsOutputRedirected, cancel);
        });
        return command;
    }

    /// <summary>Serves until cancelled, failed or out of time, and reports meanwhile.</summary>
    internal static async Task<int> RunAsync(BinanceSimulatorOptions options, FileInfo? journalFile, TimeSpan? limit, bool isJson, CancellationToken cancel)
    {
        var time = TimeProvider.System;
        using var journal = journalFile is null ? SimulatorJournal.CountsOnly() : SimulatorJournal.ToStream(OpenJournal(journalFile));
        await using var simulator = await BinanceSimulator.StartAsync(options, time, cancel, journal);
        using var ends = limit is { } span ? new CancellationTokenSource(span, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, ends.Token);
        Announce(simulator, isJson);
        await ReportAsync(simulator, time, isJson, either.Token);
        if (!isJson) Console.WriteLine();
        if (simulator.Completion.IsFaulted) await simulator.Completion;
        Console.WriteLine(isJson ? Line("simulator_stop", simulator, 0) : "stopped");
        return ExitCode.Ok;
    }

    /// <summary>Reports each second on a terminal, each ten seconds elsewhere, until cancelled or failed.</summary>
    private static async Task ReportAsync(BinanceSimulator simulator, TimeProvider time, bool isJson, CancellationToken cancel)
    {
        var every = TimeSpan.FromSeconds(isJson ? 10 : 1);
        using var timer = new PeriodicTimer(every, time);
        var before = simulator.Status.FramesSent;
        try
        {
            while (!simulator.Completion.IsCompleted && await timer.WaitForNextTickAsync(cancel))
            {
                var sent = simulator.Status.FramesSent;
                var perSecond = (sent - before) / every.TotalSeconds;
                before = sent;
                if (isJson) Console.WriteLine(Line("heartbeat", simulator, perSecond));
                else Console.Write($"\r{simulator.Status.Connections} connections, {perSecond:N0} frames/s, {sent:N0} sent, {simulator.Status.FramesSkipped:N0} taken away by faults   ");
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C and --duration are the ways to end it.
        }
    }

    private static void Announce(BinanceSimulator simulator, bool isJson)
    {
        if (isJson) Console.WriteLine(Line("simulator_start", simulator, 0));
        else Console.WriteLine($"WebSocket {simulator.Endpoint.ToString().TrimEnd('/')}  REST {simulator.RestEndpoint.ToString().TrimEnd('/')}  (Ctrl-C stops)");
    }

    private static string Line(string name, BinanceSimulator simulator, double perSecond)
    {
        var status = simulator.Status;
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["event"] = name,
            ["endpoint"] = simulator.Endpoint.ToString().TrimEnd('/'),
            ["rest"] = simulator.RestEndpoint.ToString().TrimEnd('/'),
            ["connections"] = status.Connections,
            ["frames_per_second"] = Math.Round(perSecond),
            ["frames_sent"] = status.FramesSent,
            ["bytes_sent"] = status.BytesSent,
            ["frames_skipped"] = status.FramesSkipped,
            ["frames_late"] = status.FramesLate,
        });
    }

    private static FileStream OpenJournal(FileInfo file)
    {
        try
        {
            return new FileStream(file.FullName, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TapeException($"--journal {file.FullName}: can't be written: {fault.Message}", "Give a file in a folder that is there and that you may write to.", fault);
        }
    }

    private static FaultScript Faults(FileInfo? file, string[] lines)
    {
        if (file is { Exists: false }) throw new TapeException($"--faults {file.FullName}: the file is not there");
        var given = FaultScript.Parse(string.Join('\n', lines), "--fault");
        return file is null ? given : FaultScript.Parse(File.ReadAllText(file.FullName), file.Name).And(given);
    }

    private static IReadOnlyList<SymbolSpec> Symbols(string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return SymbolSpec.Named(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return count is >= 1 and <= SymbolSpec.CountMax ? SymbolSpec.First(count) : throw new TapeException($"--symbols: found {count}, expected 1 to {SymbolSpec.CountMax}, or names with commas");
    }

    private static int Count(string option, int value) =>
        value is > 0 and <= 1_000_000 ? value : throw new TapeException($"{option}: found {value}, expected 1 to 1000000");

    private static TimeSpan Skew(double milliseconds) =>
        Math.Abs(milliseconds) <= 3_600_000 ? TimeSpan.FromMilliseconds(milliseconds) : throw new TapeException($"--skew: found {milliseconds.ToString(CultureInfo.InvariantCulture)}, expected -3600000 to 3600000 (an hour)");

    private static double? Positive(string option, double? value) =>
        value is null or (> 0 and <= 1e7) ? value : throw new TapeException($"{option}: found {value.Value.ToString(CultureInfo.InvariantCulture)}, expected a number above 0, at most 10000000");
}
