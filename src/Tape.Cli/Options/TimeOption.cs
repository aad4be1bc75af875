using System.CommandLine;
using System.CommandLine.Parsing;

namespace Tape.Cli.Options;

/// <summary>The options <c>--from</c> and <c>--to</c>: ISO 8601, UTC unless the text says otherwise.</summary>
internal static class TimeOption
{
    public static Option<UnixNanos?> From() =>
        Create("--from", "Only rows received at this time or later (ISO 8601, UTC unless it says otherwise): 2026-11-21 or 2026-11-21T07:00Z.");

    public static Option<UnixNanos?> To() => Create("--to", "Only rows received before this time.");

    public static Option<UnixNanos?> Create(string name, string description) => new(name)
    {
        HelpName = "time",
        Description = description,
        CustomParser = Parse,
    };

    private static UnixNanos? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year is > 1677 and < 2262)
            return UnixNanos.From(time);
        result.AddError($"'{text}' is not a time. Write 2026-11-21 or 2026-11-21T07:00:00Z.");
        return null;
    }
}
