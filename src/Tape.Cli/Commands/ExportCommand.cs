using System.CommandLine;
using Tape.Cli.Options;
using Tape.Host.Queries;
using Tape.Query.Engine;
using Tape.Query.Names;
using Tape.Query.Requests;
using Tape.Storage.Schema;
using Tape.Tables.DuckDb;

namespace Tape.Cli.Commands;

/// <summary><c>tape export</c>: a table, or a time and some symbols of it, as one file. It asks as <c>tape query</c> does, in a process of its own.</summary>
internal static class ExportCommand
{
    private const string Details =
        """
        The newest rows are in it, sealed or not.
        Rows come in the order of the sealed ranges (about a minute each), by symbol within a range, in the order received within a symbol: a file of one symbol is in the order received.

        Example:
          tape export --table trades --symbol BTCUSDT --from 2026-11-21 --to 2026-11-22 --out btc-trades.parquet
        """;

    /// <summary>The longest that an export may take.</summary>
    private const double TimeoutSeconds = 86_400;

    private static readonly string[] Formats = ["parquet", "csv"];

    public static Command Create()
    {
        var table = new Option<string>("--table") { Description = $"One of {string.Join(", ", RawSchema.Tables)}.", Required = true };
        table.AcceptOnlyFromAmong([.. RawSchema.Tables.Select(raw => raw.Name)]);
        var symbols = new Option<string[]>("--symbol") { Description = "Only this symbol, as the venue writes it. May be repeated, or several with commas." };
        var venue = new Option<string?>("--venue") { Description = "Only rows of this venue." };
        var (from, to) = (TimeOption.From(), TimeOption.To());
        var format = AnswerFormat.Create(Formats, otherwise: null);
        var output = new Option<FileInfo?>("--out") { Description = "The file; an existing one is replaced once the new one is whole.", Required = true };
        var vault = VaultOption.Create();
        var memory = MemoryOption.Create();
        var command = new Command("export",
            "Write a table, or a time and some symbols of it, as one Parquet or CSV file.") { table, symbols, venue, from, to, format, output, vault, memory }
            .WithDetails(Details);
        format.CheckAgainst(command, output, Formats);
        command.SetAction(async (parse, cancel) =>
        {
            var file = parse.GetRequiredValue(output)!;
            var (ofVenue, names) = Known(parse.GetRequiredValue(vault).FullName, parse.GetValue(venue), Names(parse.GetValue(symbols) ?? []));
            var sql = SqlOf(parse.GetRequiredValue(table), ofVenue, names);
            var request = new QueryRequest(parse.GetValue(vault)!.FullName, sql, parse.GetValue(from)?.Value, parse.GetValue(to)?.Value,
                AnswerFormat.Of(parse.GetValue(format), file, Formats[0]), file.FullName, null, parse.GetValue(memory) ?? new QueryLimits().MemoryBytes,
                    TimeoutSeconds, null)
            { Progress = !Console.IsErrorRedirected };
            return await QueryProcess.Run(request, cancel);
        });
        return command;
    }

    private static List<string> Names(string[] given) =>
        [.. given.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>The names as the vault has them.</summary>
    private static (string? Venue, List<string> Symbols) Known(string vault, string? venue, List<string> symbols)
    {
        if (venue is null && symbols.Count == 0) return (venue, symbols);
        var streams = KnownStreams.Of(Snapshots.Source(vault, default));
        return (streams.Pick(venue, null, null).Venue, [.. symbols.Select(symbol => streams.Pick(venue, null, symbol).Symbol!)]);
    }

    private static string SqlOf(string table, string? venue, List<string> names)
    {
        var conditions = new List<string>(2);
        if (venue is not null) conditions.Add($"exchange = {Sql.Text(venue)}");
        if (names.Count > 0) conditions.Add($"symbol IN ({string.Join(", ", names.Select(Sql.Text))})");
        return $"SELECT * FROM {table}{(conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}")}";
    }
}
