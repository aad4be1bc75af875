using System.CommandLine;
using Spectre.Console;
using Tape.Api.Documents;
using Tape.Cli.Options;
using Tape.Cli.Screens;
using Tape.Host;

namespace Tape.Cli.Commands;

/// <summary><c>tape status</c>: how a recording is, for a person or a script.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Redraw = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var vault = VaultOption.Create();
        var json = new Option<bool>("--json") { Description = "Print one JSON object, that of GET /status." };
        var watch = new Option<bool>("--watch") { Description = "Show it again each second, until Ctrl-C." };
        var command = new Command("status", "Show how the recording is, why, and what to do.") { vault, json, watch }
            .WithDetails("Asks the server of 'tape up' or 'tape serve' where one runs, else reads the vault. "
                + "Exit status 1 when it does not record (OFFLINE or ERROR).");
        command.SetAction(async (parse, cancel) =>
        {
            VaultOption.TapeFolder(parse.GetValue(vault)!);
            var folder = parse.GetValue(vault)!.FullName;
            var output = parse.InvocationConfiguration.Output;
            if (!parse.GetValue(watch)) return Show(output, await StatusSource.ReadAsync(folder, TimeProvider.System, cancel), parse.GetValue(json));
            await WatchAsync(folder, status => Show(output, status, parse.GetValue(json)), parse.GetValue(json) || Console.IsOutputRedirected, cancel);
            return ExitCode.Ok;
        });
        return command;
    }

    private static int Show(TextWriter output, StatusDocument status, bool json)
    {
        if (json) output.WriteLine(status.ToJson());
        else
            foreach (var line in StatusScreen.Lines(status)) output.WriteLine(line);
        return status.Recording ? ExitCode.Ok : ExitCode.Findings;
    }

    private static async Task WatchAsync(string vault, Action<StatusDocument> show, bool asLines, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var status = await StatusSource.ReadAsync(vault, TimeProvider.System, cancel);
            if (!asLines) AnsiConsole.Clear();
            show(status);
            await Task.Delay(Redraw, TimeProvider.System, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
