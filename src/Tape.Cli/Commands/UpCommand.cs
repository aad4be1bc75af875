using System.CommandLine;
using Tape.Cli.Options;
using Tape.Cli.Screens;
using Tape.Collect.Logging;
using Tape.Core.Logging;
using Tape.Host;
using Tape.Host.Alerts;
using Tape.Host.Configuration;
using Tape.Host.Logging;
using Tape.Host.Processes;
using Tape.Host.Supervision;
using Tape.Storage.Files;

namespace Tape.Cli.Commands;

/// <summary><c>tape up</c>: the recorder and the server as two processes that are kept running.</summary>
internal static class UpCommand
{
    private const string Details =
        """
        For a recording that is left alone: a server that dies, or a query that takes all memory, costs no frame. Either process is started again when it ends.
        Stop it with Ctrl-C or SIGTERM: the recorder stores what it has, the server seals it. 'tape status' shows how it is.
        """;

    public static Command Create()
    {
        var config = ConfigOption.Create();
        var port = ServeCommand.PortOption();
        var plain = new Option<bool>("--plain") { Description = "JSON log lines on a terminal too." };
        var untilStdin = new Option<bool>("--until-stdin-closes")
        {
            Description = "Stop in order when standard input ends, for programs that start this one.",
            Hidden = true,
        };
        var command = new Command("up", "Record, make tables and answer over HTTP, as two processes that are kept running.") { config, port, plain, untilStdin }
            .WithDetails(Details);
        command.SetAction(async (parse, cancel) =>
        {
            var path = Path.GetFullPath(parse.GetValue(config)!);
            var settings = ConfigReader.ReadFile(path);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            if (parse.GetValue(untilStdin)) StandardInput.StopAtEnd(stop);
            return await RunAsync(path, settings, parse.GetValue(port), parse.GetValue(plain) || Console.IsOutputRedirected, stop.Token);
        });
        return command;
    }

    private static async Task<int> RunAsync(string path, TapeConfig config, int? port, bool plain, CancellationToken stop)
    {
        VaultMarking.Ensure(config.Recorder.Vault);
        var lines = new LinePrinter(Console.Out, plain);
        using var file = new LogFile(DiskFiles.Instance, Path.Combine(config.Recorder.Vault, "logs"), null, ThisProcess.Owner("tape up"), "supervisor");
        using var log = new BackgroundLog(new TeeLog(file, lines));
        var events = new JsonLogger(log, TimeProvider.System);
        using var alerts = AlertDispatcher.Open(config.Alerts, config.Recorder, events, TimeProvider.System);
        return await new Supervisor(path, config, port, lines.Write, events, TimeProvider.System, change =>
        {
            events.StateChanged("supervised_state", change.From, change.To);
            alerts?.Take(change);
        }).RunAsync(stop);
    }

    /// <summary>Lines of the supervisor go to its file and to where those of its children go.</summary>
    private sealed class TeeLog(ILogSink file, LinePrinter lines) : ILogSink
    {
        public void Write(ReadOnlySpan<byte> line)
        {
            lines.Write(System.Text.Encoding.UTF8.GetString(line));
            file.Write(line);
        }
    }
}
