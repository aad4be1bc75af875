using Microsoft.AspNetCore.Http;
using Tape.Simulator.Market;
using Tape.Simulator.Serving;

namespace Tape.Simulator.Okx;

/// <summary>
/// The REST side: public/time and public/instruments, and of the synthetic market market/books, trades and candles, each with its limit in two seconds.
/// </summary>
internal sealed class OkxRestServer : RestServer
{
    private const string Time = "/api/v5/public/time", Instruments = "/api/v5/public/instruments", Books = "/api/v5/market/books",
        Trades = "/api/v5/market/trades", Candles = "/api/v5/market/candles",
        History = "/api/v5/market/history-candles";
    private readonly OkxMarket? _market;
    private readonly Lazy<IReadOnlyList<SymbolSpec>> _listed;
    private readonly Dictionary<string, RateWindow> _rates;

    public OkxRestServer(SimulatorHub hub, OkxMarket? market, Lazy<IReadOnlyList<SymbolSpec>> listed, TimeProvider time)
        : base(hub, time)
    {
        (_market, _listed) = (market, listed);
        RateWindow Limit(int requests) => new(requests, TimeSpan.FromSeconds(2), time);
        _rates = new()
        {
            [Time] = Limit(10),
            [Instruments] = Limit(20),
            [Books] = Limit(40),
            [Trades] = Limit(100),
            [Candles] = Limit(40),
            [History] = Limit(20),
        };
    }

    protected override string RefusalBody(int status) =>
        status == 429 ? Error("50011", "Too Many Requests") : Error("50001", "Service temporarily unavailable. Try again later.");

    protected override (int Status, string Body) Answer(HttpContext context, DateTimeOffset now)
    {
        var path = context.Request.Path.Value ?? "";
        lock (Hub.Gate)
        {
            if (!HttpMethods.IsGet(context.Request.Method) || !_rates.TryGetValue(path, out var rate)) return (404, Error("404", "Not Found"));
            return rate.Take() ? Serve(path, new RestQuery(context.Request.Query), now.ToUnixTimeMilliseconds()) : (429, RefusalBody(429));
        }
    }

    private (int Status, string Body) Serve(string path, RestQuery query, long nowMs)
    {
        if (path == Time) return Ok(string.Create(CultureInfo.InvariantCulture, $"{{\"ts\":\"{nowMs}\"}}"));
        if (path == Instruments) return List(query);
        if (_market is null) return (200, Error("50001", "not served with captured or replayed frames"));
        if (query.Text("instId") is not { } name) return (400, Error("50014", "Parameter instId can not be empty."));
        if (_market.Markets.FirstOrDefault(market => market.Spec.Name == name) is not { } symbol)
            return (200, Error("51001", "Instrument ID, Instrument ID code, or Spread ID doesn't exist."));
        if (path is Candles or History && (query.Text("bar") ?? "1m") != "1m") return (200, Error("51000", "Parameter bar error"));
        return Ok(path switch
        {
            Books => OkxAnswers.Book(_market, symbol, (int)Math.Clamp(query.Integer("sz") ?? 1, 1, 400), nowMs),
            Trades => OkxAnswers.Trades(symbol, Math.Clamp(query.Limit(100), 1, 500)),
            _ => OkxAnswers.Candles(symbol, query, Math.Clamp(query.Limit(100), 1, 300), nowMs, path == History),
        });
    }

    private (int Status, string Body) List(RestQuery query)
    {
        if (query.Text("instType") is not { } type) return (400, Error("50014", "Parameter instType can not be empty."));
        var rows = type == "SWAP" ? OkxInstruments.Rows(_listed.Value) : [];
        if (query.Text("instId") is { } name) rows = [.. rows.Where(row => row.Symbol == name)];
        return query.Has("instId") && rows.Count == 0
            ? (200, Error("51001", "Instrument ID, Instrument ID code, or Spread ID doesn't exist.")) : Ok(string.Join(',', rows.Select(row => row.Json)));
    }

    private static (int Status, string Body) Ok(JsonBuilder rows) => Ok(Encoding.UTF8.GetString(rows.Bytes));

    private static (int Status, string Body) Ok(string rows) => (200, $"{{\"code\":\"0\",\"msg\":\"\",\"data\":[{rows}]}}");

    private static string Error(string code, string message) => $"{{\"code\":\"{code}\",\"msg\":\"{message}\",\"data\":[]}}";
}
