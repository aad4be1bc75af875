using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tape.Cli.Options;
using Tape.Cli.Screens;
using Tape.Host;
using Tape.Host.Processes;

namespace Tape.Cli;

/// <summary>
/// Runs a program of commands: parses, invokes, and turns what went wrong into words on standard error and an exit status of <see cref="ExitCode"/>.
/// </summary>
public static class CommandProgram
{
    /// <param name="name">What a user types: the program's name.</param>
    /// <param name="description">One line for the help.</param>
    public static async Task<int> RunAsync(string name, string description, IEnumerable<Command> commands, string[] args)
    {
        SafeConsole.Install();
        using var signals = new StopSignals(TimeProvider.System);
        var root = Root(name, description, commands);
        try
        {
            return await InvokeAsync(root, args, signals.Token);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"{name}: cancelled");
            return ExitCode.Cancelled;
        }
        catch (TapeException fault)
        {
            Console.Error.WriteLine($"{name}: {fault.Message}");
            if (fault.Hint is not null) Console.Error.WriteLine($"  {fault.Hint}");
            return fault is UsageException or UnknownNameException ? ExitCode.Usage : ExitCode.Failed;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{name}: {fault.Message}");
            Console.Error.WriteLine("  Check that the folder is there, that you may write to it, and that the disk has room.");
            return ExitCode.Failed;
        }
    }

    /// <summary>The whole tree of commands, as it is run.</summary>
    internal static RootCommand Root(string name, string description, IEnumerable<Command> commands)
    {
        var root = new RootCommand(description) { HelpName = name };
        foreach (var command in commands) root.Subcommands.Add(command);
        root.ShowDetailsInHelp();
        root.RefuseEmptyValues();
        return root;
    }

    private static async Task<int> InvokeAsync(RootCommand root, string[] args, CancellationToken cancel)
    {
        var parse = root.Parse(args);
        // The whole help behind a misspelt option would hide what is wrong; someone who gave only the name of a group of commands wants to see them.
        var isGroupAlone = parse.UnmatchedTokens.Count == 0 && parse.CommandResult.Command.Subcommands.Count > 0;
        if (parse.Action is ParseErrorAction wrong) wrong.ShowHelp = isGroupAlone;
        if (parse.Errors.Count == 0 && !CommandHelp.IsAskedFor(parse)) VaultOption.Require(parse, Console.Error);
        var status = await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancel);
        if (parse.Errors.Count == 0) return status;
        if (!isGroupAlone) Console.Error.WriteLine($"See '{parse.CommandResult.Command.FullName()} --help'.");
        return ExitCode.Usage;
    }
}
