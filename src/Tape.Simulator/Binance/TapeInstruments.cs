using System.Text.Json;
using Tape.Simulator.Replay;
using Tape.Storage.Answers;
using Tape.Storage.Files;
using Tape.Venues.Binance;

namespace Tape.Simulator.Binance;

/// <summary>
/// The instrument list of a replayed vault, which clients want before they subscribe: the last one on its answers log, byte for byte as the venue sent it.
/// Where there is none, the symbols that the connections of the tape asked for. A tape knows their names only, so each is listed as a perpetual in trading with
/// the finest grid (8 decimals), split into base and quote by its ending.
/// </summary>
internal sealed class TapeInstruments(string tapeFolder)
{
    private static readonly string[] _quotes = ["USDT", "USDC", "BTC"];

    private readonly Lazy<string?> _recorded = new(() => Recorded(Path.GetDirectoryName(Path.GetFullPath(tapeFolder))!));
    private readonly Lazy<IReadOnlyList<string>> _symbols = new(() => TapeSymbols.Read(tapeFolder, "binance"));

    /// <summary>The body of <c>exchangeInfo</c>. The first call reads the answers log, or the beginning of the tape.</summary>
    public string ExchangeInfo(long nowMs)
    {
        if (_recorded.Value is { } recorded) return recorded;
        return $$"""{"timezone":"UTC","serverTime":{{nowMs}},"rateLimits":[],"symbols":[{{string.Join(',', _symbols.Value.Select(Json))}}]}""";
    }

    private static string? Recorded(string vault)
    {
        var venue = new BinanceVenue();
        var last = AnswersLog.Read(DiskFiles.Instance, vault)
            .LastOrDefault(answer => answer.Head.Venue == venue.Name && answer.Head.Request == venue.Rest!.Instruments.Name
                && answer.Head is { Status: 200, SameAs: null });
        return last is null ? null : Encoding.UTF8.GetString(last.Body());
    }

    private static string Json(string symbol)
    {
        var quote = Array.Find(_quotes, quote => symbol.Length > quote.Length && symbol.EndsWith(quote, StringComparison.Ordinal)) ?? "USDT";
        var name = JsonEncodedText.Encode(symbol);
        var asset = JsonEncodedText.Encode(symbol.EndsWith(quote, StringComparison.Ordinal) ? symbol[..^quote.Length] : symbol);
        return $$"""
            {"symbol":"{{name}}","pair":"{{name}}","contractType":"PERPETUAL","deliveryDate":4133404800000,"onboardDate":1569398400000,
            "status":"TRADING","baseAsset":"{{asset}}","quoteAsset":"{{quote}}","marginAsset":"{{quote}}","pricePrecision":8,"quantityPrecision":8,
            "underlyingType":"COIN","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.00000001"},{"filterType":"LOT_SIZE","stepSize":"0.00000001"}]}
            """.ReplaceLineEndings("");
    }
}
