using System.CommandLine;
using System.CommandLine.Parsing;

namespace Tape.Cli.Options;

/// <summary>A UTC day on the command line.</summary>
internal static class DayOption
{
    /// <summary>An option that may be left out.</summary>
    public static Option<DateOnly?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "day",
        CustomParser = result => Parse(result),
    };

    /// <summary>An argument that must be given.</summary>
    public static Argument<DateOnly> Argument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Parse(result) ?? default,
    };

    private static DateOnly? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var today = UnixNanos.From(TimeProvider.System.GetUtcNow()).Day;
        if (text == "today") return today;
        if (text == "yesterday") return today.AddDays(-1);
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        result.AddError($"'{text}' is not a day. Write today, yesterday or 2026-11-21.");
        return null;
    }
}
