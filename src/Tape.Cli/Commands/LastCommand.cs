using System.CommandLine;
using Tape.Cli.Options;
using Tape.Host;
using Tape.Host.Queries;
using Tape.Query.Last;

namespace Tape.Cli.Commands;

/// <summary><c>tape last</c>: the newest values of a symbol, and how old they are.</summary>
internal static class LastCommand
{
    public static Command Create()
    {
        var symbol = new Argument<string>("symbol") { Description = "As the venue writes it: BTCUSDT." };
        var vault = VaultOption.Create();
        var venue = new Option<string?>("--venue") { HelpName = "name", Description = "Only of this venue." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("last", "Show the newest trade, quote, mark price, funding and open interest of a symbol.") { symbol, venue, vault, json };
        command.SetAction((parse, cancel) => Task.Run(() =>
        {
            var now = UnixNanos.From(TimeProvider.System.GetUtcNow());
            var rows = LastRows.Find(Snapshots.Source(parse.GetValue(vault)!.FullName, default), parse.GetRequiredValue(symbol), parse.GetValue(venue), now,
                cancel);
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json)) output.WriteLine(Json(parse.GetRequiredValue(symbol), rows, now));
            else WriteText(output, rows, now);
            return ExitCode.Ok;
        }, cancel));
        return command;
    }

    private static void WriteText(TextWriter output, IReadOnlyList<LastRow> rows, UnixNanos now)
    {
        foreach (var group in rows.GroupBy(row => (row.Exchange, row.Symbol)))
        {
            output.WriteLine($"{group.Key.Exchange} {group.Key.Symbol}");
            foreach (var row in group)
                output.WriteLine($"  {row.Table,-14} {Age(now.Since(row.ReceivedAt)),12}  "
                    + $"{string.Join("  ", row.Values.Select(value => $"{value.Key} {Show(value.Value)}"))}");
        }
    }

    private static string Json(string symbol, IReadOnlyList<LastRow> rows, UnixNanos now) =>
        JsonText.Object(json => LastRowsJson.Write(json, symbol, rows, now));

    private static string Show(object value) =>
        value is double number ? number.ToString("0.##################", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Age(TimeSpan age) =>
        age < TimeSpan.Zero ? "now" // by a clock that stepped back
        : age.TotalSeconds < 120 ? $"{age.TotalSeconds:0.0} s ago"
        : age.TotalHours < 2 ? $"{age.TotalMinutes:0} min ago"
        : age.TotalDays < 2 ? $"{age.TotalHours:0} h ago"
        : $"{age.TotalDays:0} days ago";
}
