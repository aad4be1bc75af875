using System.CommandLine;
using Spectre.Console;
using Tape.Cli.Options;
using Tape.Cli.Screens;
using Tape.Host;
using Tape.Query.Sanity;
using Tape.Storage.Files;

namespace Tape.Cli.Commands;

/// <summary><c>tape sanity</c>: is everything that is stored what it must be?</summary>
internal static class SanityCommand
{
    public static Command Create()
    {
        var vault = VaultOption.Create();
        var deep = new Option<bool>("--deep") { Description = "Derive every row again from the tape and compare." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("sanity", "Check that the tape is whole and every table file holds what it must; list gaps.") { vault, deep, json }
            .WithDetails("Lists jumps of the venue's ids and downtimes of each stream; they are facts of the world, not findings. "
                + "Exit status 1 when stored data is wrong.\nChanges nothing and may run beside a recorder.");
        command.SetAction((parse, cancel) => Task.Run(() => Run(parse.GetValue(vault)!.FullName, parse.GetValue(deep), parse.GetValue(json), cancel), cancel));
        return command;
    }

    private static int Run(string vault, bool deep, bool json, CancellationToken cancel)
    {
        var report = Check(vault, deep, quiet: json, cancel);
        if (json) SanityScreen.WriteJson(report, Console.OpenStandardOutput());
        else SanityScreen.WriteText(report, Console.Out);
        return report.IsSound ? ExitCode.Ok : ExitCode.Findings;
    }

    /// <summary>Runs the check with a progress bar on a terminal.</summary>
    internal static SanityReport Check(string vault, bool deep, bool quiet, CancellationToken cancel)
    {
        var check = new SanityCheck(DiskFiles.Instance, vault, Environment.ProcessorCount);
        if (quiet || Console.IsOutputRedirected) return check.Run(deep, _ => { }, cancel);
        return AnsiConsole.Progress().AutoClear(true).Start(context =>
        {
            var task = context.AddTask(deep ? "reading the tape and deriving again" : "reading the tape", maxValue: 1);
            return check.Run(deep, done => task.Value = done, cancel);
        });
    }
}
