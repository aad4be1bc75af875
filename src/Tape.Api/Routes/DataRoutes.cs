using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Tape.Api.Documents;
using Tape.Api.Text;
using Tape.Derive.Instruments;
using Tape.Query.Last;
using Tape.Query.Names;
using Tape.Query.Snapshots;
using Tape.Storage.Gaps;
using Tape.Tables.DuckDb;

namespace Tape.Api.Routes;

/// <summary>What the vault holds: holes, instruments, and the newest values of a symbol.</summary>
internal sealed class DataRoutes(ApiContext api, QueryRoutes queries)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/instruments", InstrumentsAsync).Produces<InstrumentsDocument>().WithName("instruments")
            .WithSummary("What the venues list now: names, tick, lot and contract size, status; with history=true what they ever listed.");
        app.MapGet("/v1/gaps", GapsAsync).Produces<GapsDocument>().WithName("gaps")
            .WithSummary("The holes of the streams with their causes, as the view 'gaps' has them, the earliest first.");
        var last = app.MapGet("/v1/last/{symbol}", LastAsync).Produces<JsonObject>().WithName("last")
            .WithSummary("The newest trade, quote, mark price, funding and open interest of a symbol, with their ages.");
        Problem.Describe(last, 404);
    }

    private async Task<IResult> InstrumentsAsync(
        [Description("Only this venue.")] string? venue, [Description("Only this symbol, as the venue writes it.")] string? symbol,
        [Description("Also what holds no more."), AllowedValues("true", "false")] string? history, [AsParameters] TimeRange range,
        [AsParameters] PageRange page, HttpContext context)
    {
        var all = string.IsNullOrEmpty(history)
            ? "false" : UnknownNameException.Resolve("a value of 'history'", context.Request.Path, history, ["true", "false"]);
        var pick = string.IsNullOrEmpty(venue) && string.IsNullOrEmpty(symbol) ? new(null, null, null)
            : (await Task.Run(KnownInstruments, context.RequestAborted)).Pick(venue, null, symbol);
        return await queries.AnswerPageAsync("instruments", range.Ask(
            $"SELECT * FROM instruments{Where(all == "true" ? [] : ["valid_to IS NULL"], ("exchange", pick.Venue), ("symbol", pick.Symbol))} "
            + "ORDER BY exchange, symbol, valid_from"), page, context);
    }

    private KnownStreams KnownInstruments() =>
        new([.. InstrumentHistory.Read(api.Files, api.Vault).Select(span => new StreamKey(span.Instrument.Venue, "", span.Instrument.Symbol)).Distinct()]);

    private Task<IResult> GapsAsync(
        [AsParameters] StreamFilter stream, [Description("Only holes of this cause.")] string? cause, [AsParameters] TimeRange range,
        [AsParameters] PageRange page, HttpContext context)
    {
        var pick = stream.Pick(api);
        if (!string.IsNullOrEmpty(cause))
            cause = UnknownNameException.Resolve("a cause", context.Request.Path, cause, GapCauses.All.Select(known => known.Name()));
        return queries.AnswerPageAsync("gaps", range.Ask(
            $"SELECT * FROM gaps{Where([], ("exchange", pick.Venue), ("channel", pick.Channel), ("symbol", pick.Symbol), ("cause", cause))} "
            + "ORDER BY from_time, exchange, channel, symbol, id_from, seq_before"), page, context);
    }

    /// <summary>The condition that the address asks for; empty for none. What the address says becomes text in quotes, never SQL.</summary>
    private static string Where(IReadOnlyList<string> fixedConditions, params IEnumerable<(string Column, string? Value)> filters)
    {
        string[] conditions = [.. fixedConditions, .. filters.Where(filter => !string.IsNullOrEmpty(filter.Value))
            .Select(filter => $"{filter.Column} = {Sql.Text(filter.Value!)}")];
        return conditions.Length == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
    }

    private async Task<IResult> LastAsync([Description("As the venue writes it: BTCUSDT; upper and lower case are the same.")] string symbol,
        [Description("Only of this venue.")] string? venue, HttpContext context)
    {
        try
        {
            var rows = await Task.Run(() => LastRows.Find(TapeSnapshot.Take(api.Files, api.Vault, default), symbol, venue, api.Now, context.RequestAborted),
                context.RequestAborted);
            return TypedResults.Text(JsonText.Object(json => LastRowsJson.Write(json, symbol, rows, api.Now)), "application/json");
        }
        catch (TapeException fault)
        {
            return new Problem(StatusCodes.Status404NotFound, "nothing to show", fault.Message, fault.Hint).For(context);
        }
    }
}
