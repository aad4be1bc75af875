using Microsoft.AspNetCore.Http;
using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Binance;

/// <summary>
/// The REST side: ping, time, exchangeInfo, depth, klines, aggTrades, openInterest and premiumIndex of the synthetic market, with weights by clock minute,
/// 429 with <c>Retry-After</c> above the limit, and the venue's error bodies. With captured frames only ping, time and errors are served, with a replayed tape
/// its instruments too.
/// </summary>
internal sealed class BinanceRestServer(SimulatorHub hub, int weightPerMinuteMax, SyntheticMarket? market, TapeInstruments? replayed, TimeProvider time)
    : RestServer(hub, time)
{
    private static readonly int[] _depthLimits = [5, 10, 20, 50, 100, 500, 1000];
    private readonly RestWeight _weight = new(weightPerMinuteMax);

    protected override string RefusalBody(int status) => status switch
    {
        429 or 418 => Error(-1003, "Way too many requests; IP banned until the time in Retry-After."),
        451 => Error(0, "Service unavailable from a restricted location."),
        _ => Error(-1000, "An unknown error occurred while processing the request."),
    };

    protected override (int Status, string Body) Answer(HttpContext context, DateTimeOffset now)
    {
        var query = new RestQuery(context.Request.Query);
        var endpoint = context.Request.Path.Value ?? "";
        var cost = Weight(endpoint, query);
        bool isAllowed;
        lock (Hub.Gate)
        {
            isAllowed = _weight.Take(cost, now);
            context.Response.Headers["X-MBX-USED-WEIGHT-1M"] = _weight.Used.ToString(CultureInfo.InvariantCulture);
            if (isAllowed) return HttpMethods.IsGet(context.Request.Method) ? Serve(endpoint, query, now) : (405, Error(-1101, "Method not allowed."));
        }
        context.Response.Headers.RetryAfter = (60 - now.Second).ToString(CultureInfo.InvariantCulture);
        return (429, Error(-1003, $"Too many requests; current limit is {weightPerMinuteMax} request weight per minute."));
    }

    private (int Status, string Body) Serve(string endpoint, RestQuery query, DateTimeOffset now)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        if (endpoint == "/fapi/v1/ping") return (200, "{}");
        if (endpoint == "/fapi/v1/time") return (200, $"{{\"serverTime\":{nowMs}}}");
        if (replayed is not null && endpoint == "/fapi/v1/exchangeInfo") return (200, replayed.ExchangeInfo(nowMs));
        if (market is null) return (404, Error(-5000, $"Path {endpoint} is not served with captured or replayed frames."));
        var text = new JsonBuilder();
        var answers = new BinanceAnswers(market, text);
        if (endpoint == "/fapi/v1/exchangeInfo") return Done(text, answers.ExchangeInfo(nowMs, weightPerMinuteMax));
        var needsSymbol = endpoint is "/fapi/v1/depth" or "/fapi/v1/klines" or "/fapi/v1/aggTrades" or "/fapi/v1/openInterest" or "/fapi/v1/premiumIndex";
        if (!needsSymbol) return (404, Error(-5000, $"Path {endpoint}, Method GET is invalid"));
        if (query.Text("symbol") is not { } name)
            return endpoint == "/fapi/v1/premiumIndex"
                ? Done(text, answers.AllPremiumIndexes(nowMs))
                : (400, Error(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."));
        if (market.Markets.FirstOrDefault(m => m.Spec.Name == name.ToUpperInvariant()) is not { } symbol) return (400, Error(-1121, "Invalid symbol."));
        if (query.Malformed is { } wrong) return (400, Error(-1102, $"Mandatory parameter '{wrong}' was not sent, was empty/null, or malformed."));
        return endpoint switch
        {
            "/fapi/v1/depth" => _depthLimits.Contains(query.Limit(500))
                ? Done(text, answers.Depth(symbol, query.Limit(500), nowMs)) : (400, Error(-4021, $"Depth limit {query.Limit(500)} is not valid.")),
            "/fapi/v1/klines" => query.Text("interval") != "1m"
                ? (400, Error(-1120, "Invalid interval."))
                : query.Limit(500) is < 1 or > 1500
                ? (400, Error(-1130, "Data sent for parameter 'limit' is not valid.")) : Done(text, answers.Klines(symbol, query, nowMs)),
            "/fapi/v1/aggTrades" => query.Limit(500) is < 1 or > 1000
                ? (400, Error(-1130, "Data sent for parameter 'limit' is not valid."))
                : answers.AggTrades(symbol, query) ? Done(text, text) : (400, Error(-4166, "Search window is restricted to recent 2000 aggregate trades.")),
            "/fapi/v1/openInterest" => Done(text, answers.OpenInterest(symbol, nowMs)),
            _ => Done(text, answers.PremiumIndex(symbol, nowMs)),
        };
    }

    private static (int Status, string Body) Done(JsonBuilder text, JsonBuilder _) => (200, Encoding.UTF8.GetString(text.Bytes));

    private static int Weight(string endpoint, RestQuery query) => endpoint switch
    {
        "/fapi/v1/klines" => !query.Has("limit") ? 5 : query.Limit(500) switch { <= 100 => 1, <= 500 => 2, <= 1000 => 5, _ => 10 },
        "/fapi/v1/depth" => query.Limit(500) switch { <= 50 => 2, <= 100 => 5, <= 500 => 10, _ => 20 },
        "/fapi/v1/aggTrades" => 20,
        "/fapi/v1/premiumIndex" => query.Has("symbol") ? 1 : 10,
        _ => 1,
    };

    private static string Error(int code, string message) => $"{{\"code\":{code.ToString(CultureInfo.InvariantCulture)},\"msg\":\"{message}\"}}";
}
