using Microsoft.AspNetCore.Http;
using Tape.Api.Text;
using Tape.Core.Errors;
using Tape.Query;
using Tape.Storage.Tables.DuckDb;

namespace Tape.Api.Routes;

/// <summary>What the vault holds: instruments, and the newest values of a symbol.</summary>
internal sealed class DataRoutes(ApiContext api, QueryRoutes queries)
{
    public IEnumerable<ApiRoute> All() =>
    [
        new("GET", "/v1/instruments", "instruments", "What the venues list now: names, tick, lot and contract size, status; with history=true what they ever listed.", ApiRoute.Json, InstrumentsAsync)
        {
            Parameters = [new("venue", "Only this venue."), new("symbol", "Only this symbol, as the venue writes it."), new("history", "Also what holds no more.") { Values = ["true", "false"] }],
            Refusals = [400, 429, 500],
        },
        new("GET", "/v1/last/{symbol}", "last", "The newest trade, quote, mark price, funding and open interest of a symbol, with their ages.", ApiRoute.Json, LastAsync)
        {
            Parameters = [new("symbol", "As the venue writes it: BTCUSDT.") { IsInPath = true, IsRequired = true }],
            Refusals = [404, 429],
        },
    ];

    private Task InstrumentsAsync(HttpContext context)
    {
        var request = context.Request;
        var conditions = new List<string>();
        if (request.Query["history"] != "true") conditions.Add("valid_to IS NULL");
        if (StreamFilter.Value(request, "venue") is { } venue) conditions.Add($"exchange = {Sql.Text(venue)}");
        if (StreamFilter.Value(request, "symbol") is { } symbol) conditions.Add($"symbol = {Sql.Text(symbol)}");
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        return queries.AnswerAsync(context, new ApiQuestion($"SELECT * FROM instruments{where} ORDER BY exchange, symbol, valid_from", "json", null, null, api.Options.Query));
    }

    private Task LastAsync(HttpContext context)
    {
        var symbol = (string)context.Request.RouteValues["symbol"]!;
        return api.Gate.WithinAsync(context, async () =>
        {
            IReadOnlyList<LastRow> rows;
            try
            {
                rows = await Task.Run(() => LastRows.Find(TapeSnapshot.Take(api.Files, api.Vault, default), symbol, api.Now, context.RequestAborted), context.RequestAborted);
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
