using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Tape.Api.Documents;
using Tape.Api.Text;
using Tape.Candles.Files;
using Tape.Core.Candles;
using Tape.Tables.DuckDb;

namespace Tape.Api.Routes;

/// <summary>Candles of one symbol, page by page.</summary>
internal sealed class CandleRoutes(ApiContext api, QueryRoutes queries)
{
    public void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/candles", AnswerAsync)
        .Produces<CandlesDocument>(200, "application/json", "application/x-ndjson", "text/csv").WithName("candles")
        .WithSummary("Candles of a symbol by open time, with the columns of the day files; 'from' and 'to' mean the time at which they open.");

    private async Task<IResult> AnswerAsync([AsParameters] CandleQuestion question, [AsParameters] PageRange page, HttpContext context)
    {
        if (string.IsNullOrEmpty(question.Venue) || string.IsNullOrEmpty(question.Symbol))
            return Bad(context, "The question has no 'venue' or no 'symbol', expected both, such as venue=binance&symbol=BTCUSDT.");
        var timeframe = string.IsNullOrEmpty(question.Timeframe) ? Timeframe.Minute.Name
            : UnknownNameException.Resolve("a timeframe", context.Request.Path, question.Timeframe, Timeframe.All.Select(known => known.Name));
        var (venue, symbol) = await Task.Run(() => Resolve(question.Venue, question.Symbol), context.RequestAborted);
        var sql = $"SELECT * FROM candles WHERE venue = {Sql.Text(venue)} AND {symbol} AND timeframe = {Sql.Text(timeframe)} ORDER BY open_time_ms";
        return await queries.AnswerPageAsync("candles", question.Ask(sql) with { Format = question.Format }, page, context);
    }

    /// <summary>What the names mean among the day files, else among the streams: those may have no candles yet.</summary>
    /// <returns>The venue, and the condition of the symbol in SQL.</returns>
    /// <exception cref="UnknownNameException">A name is not there.</exception>
    private (string Venue, string Symbol) Resolve(string venue, string symbol)
    {
        // Two symbols that a path can't tell apart have folders of their own: then the row says which is which.
        var folder = new PathNames().Of(symbol);
        var files = DayFileList.Read(api.Files, api.Vault).Where(file => file.VenueFolder.Equals(venue, StringComparison.OrdinalIgnoreCase)
            && file.SymbolFolder.Equals(folder, StringComparison.OrdinalIgnoreCase)).ToList();
        if (files.Exists(file => file.SymbolFolder == folder)) return (files[0].VenueFolder, $"symbol = {Sql.Text(symbol)}");
        if (files.Count > 0) return (files[0].VenueFolder, $"lower(symbol) = lower({Sql.Text(symbol)})");
        var pick = api.KnownStreams().Pick(venue, null, symbol);
        return (pick.Venue!, $"symbol = {Sql.Text(pick.Symbol!)}");
    }

    private static IResult Bad(HttpContext context, string detail) => new Problem(400, "no question", detail, "See /openapi.json.").For(context);
}

/// <summary>Which candles a client asks for.</summary>
internal sealed record CandleQuestion : TimeRange
{
    [FromQuery(Name = "venue"), Description("The venue: binance."), Required]
    public string? Venue { get; init; }

    [FromQuery(Name = "symbol"), Description("As the venue writes it; upper and lower case are the same."), Required]
    public string? Symbol { get; init; }

    [FromQuery(Name = "timeframe"), Description("How long a candle is; 1m when absent."), AllowedValues("1m", "5m", "15m", "1h", "4h", "1d")]
    public string? Timeframe { get; init; }

    [FromQuery(Name = "format"), Description("How rows are written; json when absent."), AllowedValues("json", "ndjson", "csv")]
    public string? Format { get; init; }
}
