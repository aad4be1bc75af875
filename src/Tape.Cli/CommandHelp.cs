using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Tape.Cli;

/// <summary>
/// Lets a command say more in its own help than the one line that the list of commands shows: notes and examples below the options.
/// </summary>
internal static class CommandHelp
{
    private static readonly ConditionalWeakTable<Command, string> Details = [];

    /// <summary>Adds text below a command's own help.</summary>
    public static Command WithDetails(this Command command, string text)
    {
        Details.Add(command, text);
        return command;
    }

    /// <summary>To be called on the root once all commands are there.</summary>
    public static void ShowDetailsInHelp(this RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new DetailedHelp((HelpAction)help.Action!);
    }

    /// <summary>Whether a command line only asks for help.</summary>
    public static bool IsAskedFor(ParseResult parse) => parse.Action is DetailedHelp;

    /// <summary>How a user types a command: <c>tape sim binance</c>.</summary>
    public static string FullName(this Command command)
    {
        var names = new List<string>();
        var at = command;
        for (; at is not RootCommand; at = at.Parents.OfType<Command>().First()) names.Insert(0, at.Name);
        return string.Join(' ', names.Prepend(((RootCommand)at).HelpName ?? at.Name));
    }

    private sealed class DetailedHelp(HelpAction inner) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var status = inner.Invoke(parseResult);
            if (Details.TryGetValue(parseResult.CommandResult.Command, out var text)) parseResult.InvocationConfiguration.Output.WriteLine(text + "\n");
            return status;
        }
    }
}
