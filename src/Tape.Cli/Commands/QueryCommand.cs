using System.CommandLine;
using Tape.Cli.Options;
using Tape.Host.Queries;
using Tape.Query.Engine;
using Tape.Query.Output;
using Tape.Query.Requests;

namespace Tape.Cli.Commands;

/// <summary><c>tape query</c>: asks in a process of its own that ends with the answer.</summary>
internal static class QueryCommand
{
    private const string Details =
        """
        Views: trades, bbo, mark_price, funding, open_interest, liquidations, book, streams, segments ("DESCRIBE trades" shows columns);
        trades_market has each market trade once (no insurance-fund or deleveraging fills, nothing twice): for prices, candles and joins;
        bbo_state, mark_price_state, funding_state and open_interest_state carry the last value of each column forward within a connection;
        instruments (names, sizes, status and while they held); trades_base, bbo_base, open_interest_base, liquidations_base and book_base add the instrument and quantities in base units;
        trades_compact and so on, for each table, hold the rows of finished days without those that an overlapping connection brought twice.
        The others hold the sealed parts and the newest rows, with or without a running recorder. Times are UTC; now() is the present.

        Examples:
          tape query "SELECT symbol, count(*), max(ts_recv) FROM trades_market WHERE ts_recv > now() - INTERVAL 5 MINUTE GROUP BY symbol"
          tape query --from 2026-11-21T07:00Z --to 2026-11-21T08:00Z --format parquet --out bbo.parquet "SELECT * FROM bbo WHERE symbol = 'BTCUSDT'"
        """;

    public static Command Create()
    {
        var sql = new Argument<string>("sql") { Description = "One SELECT; '-' reads it from standard input." };
        var vault = VaultOption.Create();
        var from = TimeOption.From();
        var to = TimeOption.To();
        var format = AnswerFormat.Create(RowWriters.Formats, "table");
        var output = new Option<FileInfo?>("--out")
        {
            HelpName = "file",
            Description = "File for the answer; an existing one is replaced once the answer is whole.",
        };
        var memory = MemoryOption.Create();
        var timeout = new Option<double>("--timeout")
        {
            HelpName = "seconds",
            Description = "Seconds after which the query is ended.",
            DefaultValueFactory = _ => QueryLimits.TimeoutDefault.TotalSeconds,
        };
        timeout.Check(given => given is > 0 and <= 86_400, "--timeout is above 0, at most 86400 seconds.");
        var command = new Command("query", "Answer one SELECT over what is recorded.") { sql, vault, from, to, format, output, memory, timeout }
            .WithDetails(Details);
        format.CheckAgainst(command, output, RowWriters.Formats);
        command.SetAction(async (parse, cancel) => await QueryProcess.Run(
            new QueryRequest(parse.GetValue(vault)!.FullName, parse.GetValue(sql)!, parse.GetValue(from)?.Value, parse.GetValue(to)?.Value,
                AnswerFormat.Of(parse.GetValue(format), parse.GetValue(output), "table"), parse.GetValue(output)?.FullName,
                    Console.IsOutputRedirected ? null : Console.WindowWidth,
                    parse.GetValue(memory) ?? new QueryLimits().MemoryBytes, parse.GetValue(timeout), null),
            cancel));
        return command;
    }
}
