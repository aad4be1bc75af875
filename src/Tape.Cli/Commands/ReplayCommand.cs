using System.CommandLine;
using System.CommandLine.Parsing;
using Tape.Cli.Options;
using Tape.Simulator.Binance;
using Tape.Simulator.Bybit;
using Tape.Simulator.Journal;
using Tape.Simulator.Okx;
using Tape.Simulator.Replay;
using Tape.Simulator.Serving;
using Tape.Storage.Files;
using Tape.Storage.Tapes;

namespace Tape.Cli.Commands;

/// <summary><c>tape replay</c>: a recorded tape behind the venue's own protocol.</summary>
internal static class ReplayCommand
{
    private const double SpeedMax = 1e6;

    private const string Details =
        """
        Clients connect and subscribe as they do at the exchange and get the recorded frames of their streams, byte for byte, in the order received.
        It begins a second (OKX: three) after they have subscribed, waits while no client listens, and is silent at the tape's end.
        REST answers the time and the list of instruments (Binance's as recorded, or the tape's symbols). A tape that holds several venues is served one venue at a time.

        Example:
          tape replay vault --speed 10 --port 9443     and elsewhere: tape collect --config other.yaml --endpoint ws://127.0.0.1:9443
        """;

    public static Command Create()
    {
        var vault = new Argument<DirectoryInfo>("vault") { Description = "Folder of the vault whose tape to serve." };
        var venue = new Option<string>("--venue")
        {
            Description = "Whose frames to serve, behind that venue's protocol.",
            DefaultValueFactory = _ => "binance",
        };
        venue.AcceptOnlyFromAmong("binance", "bybit", "okx");
        var speed = new Option<double?>("--speed")
        {
            Description = "How many times faster than recorded, or max for as fast as the clients take it.",
            HelpName = "times",
            CustomParser = ParseSpeed,
            DefaultValueFactory = _ => 1,
        };
        var port = new Option<int>("--port") { Description = "TCP port on 127.0.0.1; 0 takes a free one.", HelpName = "port", DefaultValueFactory = _ => 9443 };
        var from = TimeOption.Create("--from", "Begin with what was received at this time.");
        var duration = new Option<double?>("--duration") { Description = "Stop after this many seconds.", HelpName = "seconds" };
        var json = new Option<bool>("--json") { Description = "Print JSON lines also on a terminal." };
        var command = new Command("replay",
            "Serve a recorded tape behind the venue's own protocol. Ctrl-C stops it.") { vault, venue, speed, port, from, duration, json }
            .WithDetails(Details);
        duration.Check(given => given is null or (> 0 and <= 1e7), "--duration is above 0, at most 10000000 seconds.");
        port.Check(given => given is >= 0 and <= 65_535, "--port is between 0 and 65535.");
        command.SetAction((parse, cancel) =>
        {
            var folder = VaultOption.TapeFolder(parse.GetRequiredValue(vault));
            var first = parse.GetValue(from) is { } time ? TapeReader.SeekTime(DiskFiles.Instance, folder, time) : 0;
            var replay = new ReplayOptions(folder, parse.GetValue(speed), first);
            var run = new SimRun(null, parse.GetValue(duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                parse.GetValue(json) || Console.IsOutputRedirected);
            return run.ServeAsync(journal => StartAsync(parse.GetRequiredValue(venue), parse.GetValue(port), replay, journal, cancel), cancel);
        });
        return command;
    }

    private static async Task<VenueSimulator> StartAsync(string venue, int port, ReplayOptions replay, SimulatorJournal journal, CancellationToken cancel) =>
        venue switch
        {
            "bybit" => await BybitSimulator.StartAsync(new BybitSimulatorOptions { Port = port, Replay = replay }, TimeProvider.System, cancel, journal),
            "okx" => await OkxSimulator.StartAsync(new OkxSimulatorOptions { Port = port, Replay = replay }, TimeProvider.System, cancel, journal),
            _ => await BinanceSimulator.StartAsync(new BinanceSimulatorOptions { Port = port, Replay = replay }, TimeProvider.System, cancel, journal),
        };

    private static double? ParseSpeed(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (text == "max") return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var times) && times is > 0 and <= SpeedMax) return times;
        result.AddError($"'{text}' is not a speed. Write 1, 0.5, 60 or max.");
        return null;
    }
}
