using Microsoft.AspNetCore.Http;
using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Bybit;

/// <summary>
/// The REST side: time and instruments-info, and of the synthetic market kline, recent-trade, orderbook and tickers. What is refused comes with status 200 and
/// a code in the body; only too many requests are answered 403, then for ten minutes.
/// </summary>
internal sealed class BybitRestServer(SimulatorHub hub, int perFiveSecondsMax, BybitMarket? market, Lazy<IReadOnlyList<SymbolSpec>> listed, TimeProvider time)
    : RestServer(hub, time)
{
    private const int ParameterError = 10001;
    private readonly RateWindow _rate = new(perFiveSecondsMax, TimeSpan.FromSeconds(5), time);
    private readonly TimeProvider _time = time;
    private long? _bannedAt;

    protected override string RefusalBody(int status) =>
        status == 403 ? "access too frequent" : Error(status == 429 ? 10429 : 10016, status == 429 ? "System level frequency protection" : "Server error", 0);

    protected override (int Status, string Body) Answer(HttpContext context, DateTimeOffset now)
    {
        lock (Hub.Gate)
        {
            if (!Admits()) return (403, RefusalBody(403));
            if (!HttpMethods.IsGet(context.Request.Method)) return (404, "");
            return Serve(context.Request.Path.Value ?? "", new RestQuery(context.Request.Query), now);
        }
    }

    private bool Admits()
    {
        if (_bannedAt is { } since && _time.GetElapsedTime(since) < TimeSpan.FromMinutes(10)) return false;
        _bannedAt = _rate.Take() ? null : _time.GetTimestamp();
        return _bannedAt is null;
    }

    private (int Status, string Body) Serve(string path, RestQuery query, DateTimeOffset now)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        if (path == "/v5/market/time")
            return Ok(string.Create(CultureInfo.InvariantCulture, $"{{\"timeSecond\":\"{nowMs / 1000}\",\"timeNano\":\"{nowMs}000000\"}}"), nowMs);
        if (!path.StartsWith("/v5/market/", StringComparison.Ordinal)) return (404, "");
        if (query.Text("category") != "linear") return (200, Error(ParameterError, "Params Error: category must be linear here", nowMs));
        if (path == "/v5/market/instruments-info") return Instruments(query, nowMs);
        if (market is null) return (404, "");
        if (path == "/v5/market/tickers" && !query.Has("symbol")) return Ok(BybitAnswers.Tickers(market, market.Markets, nowMs), nowMs);
        if (market.Markets.FirstOrDefault(m => m.Spec.Name == query.Text("symbol")) is not { } symbol)
            return (200, Error(ParameterError, "Params Error: Symbol Is Invalid", nowMs));
        if (query.Has("limit") && query.Integer("limit") is not (>= 1 and <= 1000))
            return (200, Error(ParameterError, "Params Error: limit is 1 to 1000", nowMs));
        return path switch
        {
            "/v5/market/tickers" => Ok(BybitAnswers.Tickers(market, [symbol], nowMs), nowMs),
            "/v5/market/kline" when query.Text("interval") != "1" => (200, Error(ParameterError, "Params Error: interval is 1 here", nowMs)),
            "/v5/market/kline" => Ok(BybitAnswers.Candles(symbol, query, nowMs), nowMs),
            "/v5/market/recent-trade" => Ok(BybitAnswers.Trades(symbol, query.Limit(500)), nowMs),
            "/v5/market/orderbook" => Ok(BybitAnswers.Book(market, symbol, query.Limit(25), nowMs), nowMs),
            _ => (404, ""),
        };
    }

    /// <summary>A page of the list; the cursor is the place of the next row.</summary>
    private (int Status, string Body) Instruments(RestQuery query, long nowMs)
    {
        var limit = query.Limit(500);
        if (limit is < 1 or > 1000) return (200, Error(ParameterError, "Params Error: limit is 1 to 1000", nowMs));
        var rows = BybitInstruments.Rows(listed.Value);
        if (query.Text("symbol") is { } name) rows = [.. rows.Where(row => row.Symbol == name)];
        if (query.Text("status") is { } status) rows = [.. rows.Where(row => row.Status == status)];
        var from = 0;
        if (query.Text("cursor") is { } cursor && !(int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out from) && from <= rows.Count))
            return (200, Error(ParameterError, "Params Error: cursor is invalid", nowMs));
        var page = rows.Skip(from).Take(limit).ToList();
        var next = from + page.Count < rows.Count ? (from + page.Count).ToString(CultureInfo.InvariantCulture) : "";
        return Ok($"{{\"category\":\"linear\",\"list\":[{string.Join(',', page.Select(row => row.Json))}],\"nextPageCursor\":\"{next}\"}}", nowMs);
    }

    private static (int Status, string Body) Ok(JsonBuilder result, long nowMs) => Ok(Encoding.UTF8.GetString(result.Bytes), nowMs);

    private static (int Status, string Body) Ok(string result, long nowMs) =>
        (200, string.Create(CultureInfo.InvariantCulture, $"{{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{result},\"retExtInfo\":{{}},\"time\":{nowMs}}}"));

    private static string Error(int code, string message, long nowMs) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"retCode\":{code},\"retMsg\":\"{message}\",\"result\":{{}},\"retExtInfo\":{{}},\"time\":{nowMs}}}");
}
