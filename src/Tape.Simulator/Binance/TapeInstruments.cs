using System.Text;
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
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("timezone", "UTC");
            json.WriteNumber("serverTime", nowMs);
            json.WriteStartArray("rateLimits");
            json.WriteEndArray();
            json.WriteStartArray("symbols");
            foreach (var symbol in _symbols.Value) Write(json, symbol);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(body.ToArray());
    }

    private static string? Recorded(string vault)
    {
        var venue = new BinanceVenue();
        var last = AnswersLog.Read(DiskFiles.Instance, vault)
            .LastOrDefault(answer => answer.Head.Venue == venue.Name && answer.Head.Request == venue.Rest!.Instruments.Name
                && answer.Head is { Status: 200, SameAs: null });
        return last is null ? null : Encoding.UTF8.GetString(last.Body());
    }

    private static void Write(Utf8JsonWriter json, string symbol)
    {
        var quote = Array.Find(_quotes, quote => symbol.Length > quote.Length && symbol.EndsWith(quote, StringComparison.Ordinal)) ?? "USDT";
        json.WriteStartObject();
        json.WriteString("symbol", symbol);
        json.WriteString("pair", symbol);
        json.WriteString("contractType", "PERPETUAL");
        json.WriteNumber("deliveryDate", 4_133_404_800_000);
        json.WriteNumber("onboardDate", 1_569_398_400_000);
        json.WriteString("status", "TRADING");
        json.WriteString("baseAsset", symbol.EndsWith(quote, StringComparison.Ordinal) ? symbol[..^quote.Length] : symbol);
        json.WriteString("quoteAsset", quote);
        json.WriteString("marginAsset", quote);
        json.WriteNumber("pricePrecision", 8);
        json.WriteNumber("quantityPrecision", 8);
        json.WriteString("underlyingType", "COIN");
        json.WriteStartArray("filters");
        WriteGrid(json, "PRICE_FILTER", "tickSize");
        WriteGrid(json, "LOT_SIZE", "stepSize");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteGrid(Utf8JsonWriter json, string filter, string step)
    {
        json.WriteStartObject();
        json.WriteString("filterType", filter);
        json.WriteString(step, "0.00000001");
        json.WriteEndObject();
    }
}
