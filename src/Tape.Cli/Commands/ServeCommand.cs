using System.CommandLine;
using Tape.Api.Security;
using Tape.Cli.Options;
using Tape.Host;
using Tape.Host.Configuration;
using Tape.Host.Logging;
using Tape.Host.Processes;
using Tape.Storage.Files;

namespace Tape.Cli.Commands;

/// <summary><c>tape serve</c>: makes tables and answers, beside a recorder of another process.</summary>
internal static class ServeCommand
{
    private const string Details =
        """
        Beside 'tape collect --tape-only'; 'tape up' runs both. It reads the tape as any reader does: whatever happens to it costs no frame.
        The token is in the file api/token of the vault:  curl -H "Authorization: Bearer $(cat vault/api/token)" http://127.0.0.1:8640/status
        """;

    public static Command Create()
    {
        var config = ConfigOption.Create();
        var port = PortOption();
        var untilStdin = new Option<bool>("--until-stdin-closes")
        {
            Description = "Stop in order when standard input ends, and only then, for programs that start this one.",
            Hidden = true,
        };
        var command = new Command("serve", "Make tables of what a recorder writes, and answer over HTTP, until Ctrl-C.") { config, port, untilStdin }
            .WithDetails(Details);
        command.SetAction(async (parse, cancel) =>
        {
            var settings = ConfigReader.ReadFile(parse.GetValue(config)!);
            if (parse.GetValue(port) is { } given) settings = settings with { Api = settings.Api with { Port = given } };
            return await RunAsync(settings, parse.GetValue(untilStdin), cancel);
        });
        return command;
    }

    public static Option<int?> PortOption()
    {
        var port = new Option<int?>("--port") { HelpName = "port", Description = "Port on 127.0.0.1 instead of api.port; 0 takes a free one." };
        return port.Check(given => given is null or (>= 0 and <= 65_535), "--port is between 0 and 65535.");
    }

    /// <summary>Under a supervisor, Ctrl-C reaches both at once; the server waits for the supervisor, so that it seals what the recorder still wrote.</summary>
    private static async Task<int> RunAsync(TapeConfig config, bool untilStdin, CancellationToken cancel)
    {
        using var stop = untilStdin ? new CancellationTokenSource() : CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (untilStdin) StandardInput.StopAtEnd(stop);
        var isTerminal = !Console.IsOutputRedirected;
        ServerSession.RequireVault(config.Recorder.Vault);
        using var file = new LogFile(DiskFiles.Instance, Path.Combine(config.Recorder.Vault, "logs"), isTerminal ? null : Console.OpenStandardOutput(),
            ThisProcess.Owner("tape serve"), "server");
        using var log = new BackgroundLog(file);
        await new ServerSession(config, log, TimeProvider.System).RunAsync(port =>
        {
            if (isTerminal)
                Console.WriteLine($"Answering at http://127.0.0.1:{port}; the token is in {ApiToken.PathOf(config.Recorder.Vault)}. Ctrl-C stops.");
        }, stop.Token);
        return ExitCode.Ok;
    }
}
