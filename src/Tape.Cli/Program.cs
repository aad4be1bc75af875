using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Tape.Cli;
using Tape.Core.Errors;

using var signals = new StopSignals(TimeProvider.System);
var root = new RootCommand("Records what exchanges say, proves what is missing, answers questions about it.").HideFromParsing();
foreach (var command in CommandList.Create()) root.Subcommands.Add(command);
root.ShowDetailsInHelp();

try
{
    var parse = root.Parse(args);
    // The whole help behind a misspelt option would hide what is wrong; someone who gave only the name of a group of commands wants to see them.
    var isGroupAlone = parse.UnmatchedTokens.Count == 0 && parse.CommandResult.Command.Subcommands.Count > 0;
    if (parse.Action is ParseErrorAction wrong) wrong.ShowHelp = isGroupAlone;
    var status = await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, signals.Token);
    if (parse.Errors.Count == 0) return status;
    if (!isGroupAlone) Console.Error.WriteLine($"See '{parse.CommandResult.Command.FullName()} --help'.");
    return ExitCode.Usage;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("tape: cancelled");
    return ExitCode.Cancelled;
}
catch (TapeException fault)
{
    Console.Error.WriteLine($"tape: {fault.Message}");
    if (fault.Hint is not null) Console.Error.WriteLine($"  {fault.Hint}");
    return fault is UsageException ? ExitCode.Usage : ExitCode.Failed;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"tape: {fault.Message}");
    Console.Error.WriteLine("  Check that the folder is there, that you may write to it, and that the disk has room.");
    return ExitCode.Failed;
}
