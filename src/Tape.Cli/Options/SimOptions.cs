using System.CommandLine;
using Tape.Cli.Commands;
using Tape.Simulator.Faults;
using Tape.Simulator.Market;
using Tape.Simulator.Replay;
using Tape.Simulator.Serving;

namespace Tape.Cli.Options;

/// <summary>The options that the simulators of all venues have.</summary>
internal sealed class SimOptions
{
    /// <summary>Milliseconds: an hour.</summary>
    private const int SkewMax = 3_600_000;

    private readonly Option<int> _port = new("--port") { HelpName = "port", Description = "TCP port on 127.0.0.1; 0 takes a free one." };
    private readonly Option<string> _symbols = new("--symbols")
    {
        HelpName = "list",
        Description = "How many symbols, or their names with commas.",
        DefaultValueFactory = _ => "5",
    };
    private readonly Option<double?> _rate = new("--rate")
    {
        HelpName = "frames",
        Description = "Frames a second over all subscribed streams (default 100; captured frames: their own pace).",
    };
    private readonly Option<int> _seed = new("--seed") { HelpName = "number", Description = "Seed of the market and of faults.", DefaultValueFactory = _ => 1 };
    private readonly Option<string[]> _frames = new("--frames")
    {
        HelpName = "path",
        Description = "Serve captured frames instead: a .jsonl file or a folder of them. May be repeated.",
    };
    private readonly Option<bool> _once = new("--once") { Description = "End captured frames at their end instead of beginning again." };
    private readonly Option<FileInfo?> _script = new("--faults") { HelpName = "file", Description = "A file of fault lines, such as '5s cut conn=public'." };
    private readonly Option<string[]> _fault = new("--fault") { HelpName = "line", Description = "One fault line. May be repeated." };
    private readonly Option<FileInfo?> _journal = new("--journal")
    {
        HelpName = "file",
        Description = "Write down every frame sent, for proofs: 32 bytes a frame, replaces the file.",
    };
    private readonly Option<int> _connects = new("--max-connects")
    {
        HelpName = "count",
        Description = "Connections in the venue's window of time; further ones are refused.",
    };
    private readonly Option<int> _buffer = new("--buffer")
    {
        HelpName = "KiB",
        Description = "What may wait for a slow reader before it is cut.",
        DefaultValueFactory = _ => 8192,
    };
    private readonly Option<double> _skew = new("--skew")
    {
        HelpName = "ms",
        Description = "How far the venue's clock is ahead (below 0: behind), in milliseconds.",
    };
    private readonly Option<double?> _duration = new("--duration") { HelpName = "seconds", Description = "Stop after this many seconds." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON lines also on a terminal." };

    /// <param name="port">The port unless another one is given.</param>
    /// <param name="connects">The venue's own limit of connections.</param>
    public SimOptions(int port, int connects)
    {
        (_port.DefaultValueFactory, _connects.DefaultValueFactory) = (_ => port, _ => connects);
        _port.Check(given => given is >= 0 and <= 65_535, "--port is between 0 and 65535.");
    }

    /// <summary>Gives a command these options, in order, and the venue's own where such stand.</summary>
    public void AddTo(Command command, params Option[] own)
    {
        Option[] all = [_port, _symbols, _rate, _seed, _frames, _once, _script, _fault, _journal, .. own, _connects, _buffer, _skew, _duration, _json];
        foreach (var option in all) command.Options.Add(option);
        foreach (var option in own.Append(_duration).Append(_rate)) CheckAmount(option);
        foreach (var option in new[] { _connects, _buffer }) CheckAmount(option);
        _skew.Check(given => Math.Abs(given) <= SkewMax, $"--skew is between -{SkewMax} and {SkewMax} milliseconds (an hour).");
    }

    /// <summary>A venue's options with what was given.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="defaults">The venue's own.</param>
    /// <param name="channels">The venue's.</param>
    /// <param name="first">Gives the venue's first symbols, as many as asked for.</param>
    /// <param name="named">The venue's symbols of these names.</param>
    /// <exception cref="TapeException">A value is out of its range.</exception>
    public T Read<T>(ParseResult parse, T defaults, ChannelMap channels, Func<int, IReadOnlyList<SymbolSpec>> first, Func<IEnumerable<string>,
        IReadOnlyList<SymbolSpec>> named)
        where T : SimulatorOptions
    {
        SimulatorOptions options = defaults;
        return (T)(options with
        {
            Port = parse.GetValue(_port),
            Symbols = Symbols(parse.GetValue(_symbols)!, first, named),
            FramesPerSecond = Positive("--rate", parse.GetValue(_rate)),
            Seed = parse.GetValue(_seed),
            Captured = parse.GetValue(_frames) is { Length: > 0 } paths ? CapturedFrames.Load(paths, channels) : null,
            LoopCaptured = !parse.GetValue(_once),
            Faults = Faults(parse.GetValue(_script), parse.GetValue(_fault) ?? []),
            ConnectsMax = Count("--max-connects", parse.GetValue(_connects)),
            SendBufferBytesMax = Count("--buffer", parse.GetValue(_buffer)) * 1024,
            ClockSkew = Skew(parse.GetValue(_skew)),
        });
    }

    /// <summary>How a run is reported and when it ends.</summary>
    public SimRun Run(ParseResult parse) => new(
        parse.GetValue(_journal), Positive("--duration", parse.GetValue(_duration)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            parse.GetValue(_json) || Console.IsOutputRedirected);

    /// <summary>Numbers of these commands are counts, or times and rates above 0.</summary>
    private static void CheckAmount(Option option)
    {
        if (option is Option<int> count) count.Check(IsCount, $"{option.Name} is between 1 and 1000000.");
        if (option is Option<double> amount) amount.Check(given => IsPositive(given), $"{option.Name} is above 0, at most 10000000.");
        if (option is Option<double?> optional) optional.Check(IsPositive, $"{option.Name} is above 0, at most 10000000.");
    }

    private static bool IsCount(int value) => value is > 0 and <= 1_000_000;

    private static bool IsPositive(double? value) => value is null or (> 0 and <= 1e7);

    public static int Count(string option, int value) =>
        IsCount(value) ? value : throw new TapeException($"{option}: found {value}, expected 1 to 1000000");

    public static double? Positive(string option, double? value) =>
        IsPositive(value)
            ? value
            : throw new TapeException(
            $"{option}: found {value?.ToString(CultureInfo.InvariantCulture)}, expected a number above 0, at most 10000000");

    private static FaultScript Faults(FileInfo? file, string[] lines)
    {
        if (file is { Exists: false }) throw new TapeException($"--faults {file.FullName}: the file is not there");
        var given = FaultScript.Parse(string.Join('\n', lines), "--fault");
        return file is null ? given : FaultScript.Parse(File.ReadAllText(file.FullName), file.Name).And(given);
    }

    private static IReadOnlyList<SymbolSpec> Symbols(string text, Func<int, IReadOnlyList<SymbolSpec>> first, Func<IEnumerable<string>,
        IReadOnlyList<SymbolSpec>> named)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return named(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return count is >= 1 and <= SymbolSpec.CountMax
            ? first(count)
            : throw new TapeException($"--symbols: found {count}, expected 1 to {SymbolSpec.CountMax}, or names with commas");
    }

    private static TimeSpan Skew(double milliseconds) =>
        Math.Abs(milliseconds) <= SkewMax
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new TapeException($"--skew: found {milliseconds.ToString(CultureInfo.InvariantCulture)}, expected -3600000 to 3600000 (an hour)");
}
