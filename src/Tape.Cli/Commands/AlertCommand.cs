using System.CommandLine;
using Tape.Cli.Options;
using Tape.Host;
using Tape.Host.Alerts;
using Tape.Host.Configuration;

namespace Tape.Cli.Commands;

/// <summary><c>tape alert</c>: alerts about changes of the state.</summary>
internal static class AlertCommand
{
    public static Command Create() => new("alert", "Alerts about changes of the state.") { Test() };

    private static Command Test()
    {
        var config = ConfigOption.Create("The configuration file with the section 'alerts'.");
        var command = new Command("test", "Send a test alert to every configured channel and print what became of it.") { config };
        command.SetAction((parse, cancel) => RunAsync(ConfigReader.ReadFile(parse.GetValue(config)!), parse.InvocationConfiguration.Output, cancel));
        return command;
    }

    private static async Task<int> RunAsync(TapeConfig config, TextWriter output, CancellationToken cancel)
    {
        var ways = config.Alerts.Ways(config.Recorder.Network, TimeProvider.System, Environment.GetEnvironmentVariable);
        if (ways.Count == 0) throw new UsageException("The configuration names no channel for alerts.", "Set alerts.webhook or alerts.command.");
        var alert = new Alert(UnixNanos.From(TimeProvider.System.GetUtcNow()), "READY", new StateReport(RecorderState.Ready, [], []), 1, config.Recorder.Vault,
            IsTest: true);
        var failed = 0;
        foreach (var way in ways)
        {
            var failure = await way.SendAsync(alert, cancel);
            if (failure is not null) failed++;
            output.WriteLine($"{way.Name}: {failure ?? "taken"}");
        }

        return failed == 0 ? ExitCode.Ok : ExitCode.Findings;
    }
}
