using Microsoft.AspNetCore.Http;
using Tape.Api.Text;
using Tape.Core.Errors;
using Tape.Query.Last;
using Tape.Query.Snapshots;
using Tape.Tables.DuckDb;

namespace Tape.Api.Routes;

/// <summary>What the vault holds: holes, instruments, and the newest values of a symbol.</summary>
internal sealed class DataRoutes(ApiContext api, QueryRoutes queries)
{
    public IEnumerable<ApiRoute> All() =>
    [
        new("GET", "/v1/instruments", "instruments",
            "What the venues list now: names, tick, lot and contract size, status; with history=true what they ever listed.", ApiRoute.Json, InstrumentsAsync)
        {
            Parameters = [new("venue", "Only this venue."), new("symbol", "Only this symbol, as the venue writes it."),
                new("history", "Also what holds no more.") { Values = ["true", "false"] }],
            Refusals = [400, 429, 500],
        },
        new("GET", "/v1/gaps", "gaps", "The holes of the streams with their causes, as the view 'gaps' has them, the earliest first.", ApiRoute.Json, GapsAsync)
        {
            Parameters = [.. StreamFilter.Parameters, new("cause", "Only holes of this cause."), .. QueryRoutes.Range],
            Refusals = [400, 429, 500],
        },
        new("GET", "/v1/last/{symbol}", "last", "The newest trade, quote, mark price, funding and open interest of a symbol, with their ages.", ApiRoute.Json,
            LastAsync)
        {
            Parameters = [new("symbol", "As the venue writes it: BTCUSDT.") { IsInPath = true, IsRequired = true }],
            Refusals = [404, 429],
        },
    ];

    private Task InstrumentsAsync(HttpContext context) => queries.AnswerAsync(
        context,
        $"SELECT * FROM instruments{Where(context.Request, context.Request.Query["history"] == "true" ? [] : ["valid_to IS NULL"], ("venue", "exchange"), ("symbol", "symbol"))} ORDER BY exchange, symbol, valid_from");

    private Task GapsAsync(HttpContext context) => queries.AnswerAsync(
        context, $"SELECT * FROM gaps{Where(context.Request, [], ("venue", "exchange"), ("channel", "channel"), ("symbol", "symbol"), ("cause", "cause"))} "
            + $"ORDER BY from_time, exchange, channel, symbol");

    /// <summary>The condition that the address asks for; empty for none. What the address says becomes text in quotes, never SQL.</summary>
    private static string Where(HttpRequest request, IEnumerable<string> fixedConditions, params (string Parameter, string Column)[] filters)
    {
        var conditions = fixedConditions.ToList();
        foreach (var (parameter, column) in filters)
            if (StreamFilter.Value(request, parameter) is { } value) conditions.Add($"{column} = {Sql.Text(value)}");
        return conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
    }

    private Task LastAsync(HttpContext context)
    {
        var symbol = (string)context.Request.RouteValues["symbol"]!;
        return api.Gate.WithinAsync(context, async () =>
        {
            IReadOnlyList<LastRow> rows;
            try
            {
                rows = await Task.Run(() => LastRows.Find(TapeSnapshot.Take(api.Files, api.Vault, default), symbol, api.Now, context.RequestAborted),
                    context.RequestAborted);
            }
            catch (TapeException fault)
            {
                await new Problem(StatusCodes.Status404NotFound, "nothing to show", fault.Message, fault.Hint).WriteAsync(context);
                return;
            }

            await JsonAnswer.WriteAsync(context, json => LastRowsJson.Write(json, symbol, rows, api.Now));
        });
    }
}
