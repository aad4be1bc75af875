using System.CommandLine;
using System.CommandLine.Parsing;

namespace Tape.Cli.Options;

/// <summary>Checks of options that leave a value which could not be read to the parser, which says what is wrong with it.</summary>
public static class OptionChecks
{
    /// <summary>Adds a check.</summary>
    /// <param name="holds">Whether a value is one that the command takes.</param>
    /// <param name="otherwise">What is said when it is not.</param>
    public static Option<T> Check<T>(this Option<T> option, Func<T?, bool> holds, string otherwise)
    {
        option.Validators.Add(result =>
        {
            if (result.TryValue(option, out var value) && !holds(value)) result.AddError(otherwise);
        });
        return option;
    }

    /// <summary>An option's value, or its default; false when what was given is no value of it.</summary>
    public static bool TryValue<T>(this SymbolResult result, Option<T> option, out T? value)
    {
        try
        {
            value = result.GetValue(option);
            return true;
        }
        catch (InvalidOperationException)
        {
            value = default; // The parser reports the same as an error of its own.
            return false;
        }
    }

    /// <summary>Refuses empty texts, files and folders of a command and of those below it: no option means anything by one.</summary>
    internal static void RefuseEmptyValues(this Command command)
    {
        foreach (var option in command.Options) option.Validators.Add(result => RefuseEmpty(option.Name, result.Tokens, result));
        foreach (var argument in command.Arguments) argument.Validators.Add(result => RefuseEmpty($"<{argument.Name}>", result.Tokens, result));
        foreach (var inner in command.Subcommands) inner.RefuseEmptyValues();
    }

    private static void RefuseEmpty(string name, IReadOnlyList<Token> given, SymbolResult result)
    {
        if (given.Any(token => string.IsNullOrWhiteSpace(token.Value))) result.AddError($"{name}: found an empty text, expected a value.");
    }
}
