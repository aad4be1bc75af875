using System.CommandLine;
using Tape.Host;

namespace Tape.Cli.Tests.Commands;

/// <summary>Commands of the program, run in the process of the tests.</summary>
internal static class InProcess
{
    /// <summary>Runs one; what it throws passes through.</summary>
    /// <returns>Its exit status and what it wrote; <see cref="ExitCode.Usage"/> and nothing for arguments that are refused.</returns>
    public static async Task<(int Status, string Output)> RunAsync(params string[] arguments)
    {
        var root = new RootCommand();
        foreach (var command in CommandList.Create()) root.Subcommands.Add(command);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var parse = root.Parse(arguments);
        if (parse.Errors.Count > 0) return (ExitCode.Usage, "");
        var status = await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
        return (status, output.ToString());
    }
}
