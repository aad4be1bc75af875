using System.CommandLine;
using System.CommandLine.Parsing;

namespace Tape.Cli.Options;

/// <summary>The options <c>--from</c> and <c>--to</c>: times as <see cref="TimeText"/> reads them.</summary>
internal static class TimeOption
{
    public static Option<UnixNanos?> From() =>
        Create("--from", "Only rows received at this time or later: 2026-11-21, 2026-11-21T07:00Z (UTC unless it says otherwise), today, yesterday or -1h.");

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
        if (TimeText.TryRead(text, UnixNanos.From(TimeProvider.System.GetUtcNow()), out var time)) return time;
        result.AddError($"'{text}' is not a time. Write {TimeText.Expected}.");
        return null;
    }
}
