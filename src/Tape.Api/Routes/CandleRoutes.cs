using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Tape.Api.Text;
using Tape.Candles.Files;
using Tape.Core.Candles;
using Tape.Tables.DuckDb;

namespace Tape.Api.Routes;

/// <summary>Candles of one symbol, page by page.</summary>
internal sealed class CandleRoutes(ApiContext api, QueryRoutes queries)
{
    /// <summary>Candles of a page when the address doesn't say.</summary>
    public const int PageUsual = 1000;

    /// <summary>Candles of a page at most: a week of minutes.</summary>
    public const int PageMax = 10_080;

    public void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/candles", AnswerAsync).Produces<IEnumerable<JsonObject>>().WithName("candles")
        .WithSummary("Candles of a symbol by open time, with the columns of the day files; 'from' and 'to' mean the time at which they open.");

    private async Task<IResult> AnswerAsync([AsParameters] CandleQuestion question, HttpContext context)
    {
        if (string.IsNullOrEmpty(question.Venue) || string.IsNullOrEmpty(question.Symbol))
            return Bad(context, "The question has no 'venue' or no 'symbol', expected both, such as venue=binance&symbol=BTCUSDT.");
        if (!TryNumber(question.Limit, PageUsual, 1, PageMax, out var limit))
            return Bad(context, $"The limit is '{question.Limit}', expected a whole number from 1 to {PageMax}.");
        if (!TryNumber(question.After, long.MinValue, long.MinValue, long.MaxValue, out var after))
            return Bad(context, $"'after' is '{question.After}', expected the open_time_ms of the last candle of the page before.");
        var timeframe = string.IsNullOrEmpty(question.Timeframe) ? Timeframe.Minute.Name
            : UnknownNameException.Resolve("a timeframe", context.Request.Path, question.Timeframe, Timeframe.All.Select(known => known.Name));
        var (venue, symbol) = await Task.Run(() => Resolve(question.Venue, question.Symbol), context.RequestAborted);
        var page = after == long.MinValue ? "" : $" AND open_time_ms > {after}";
        var sql = $"SELECT * FROM candles WHERE venue = {Sql.Text(venue)} AND {symbol} AND timeframe = {Sql.Text(timeframe)}{page} "
            + $"ORDER BY open_time_ms LIMIT {limit}";
        return await queries.AnswerAsync(question.Ask(sql) with { Format = question.Format }, context);
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

    private static bool TryNumber(string? text, long fallback, long least, long most, out long number)
    {
        number = fallback;
        return string.IsNullOrEmpty(text)
            || (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number >= least && number <= most);
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

    [FromQuery(Name = "limit"), Description("Candles at most, 1 to 10080; 1000 when absent.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "after"), Description("Only candles that open later than this open_time_ms: that of the last one of the page before.")]
    public string? After { get; init; }
}
