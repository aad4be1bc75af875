using System.Text.Json;
using Tape.Core.Candles;
using Tape.Venues.Rest;

namespace Tape.Venues.Bybit;

/// <summary>
/// One-minute candles of <c>/v5/market/kline</c> (the venue's public documentation): newest first, times of opening, both ends included, the running minute
/// too.
/// A minute without a trade has a row with volume 0.
/// </summary>
internal sealed class BybitCandles(Func<JsonElement, JsonElement> list) : IVenueCandles
{
    private const int Items = 7;

    /// <inheritdoc/>
    public int RowsMax => 1000;

    /// <inheritdoc/>
    public TimeSpan? Reach => null;

    /// <inheritdoc/>
    public bool OmitsEmptyMinutes => false;

    /// <inheritdoc/>
    public RestRequest Page(string symbol, long fromMs, long toMs) => new("candles", string.Create(CultureInfo.InvariantCulture,
        $"/v5/market/kline?category=linear&symbol={Uri.EscapeDataString(symbol)}&interval=1&start={fromMs}&end={toMs - 1}&limit={RowsMax}"), 1);

    /// <inheritdoc/>
    public CandleAnswer Read(string symbol, ReadOnlyMemory<byte> body) => CandlePages.Read(body, list, row => new Candle
    {
        OpenTimeMs = CandlePages.OpenTime(CandlePages.Item(row, 0, Items)),
        Open = CandlePages.Number(row[1], "open"),
        High = CandlePages.Number(row[2], "high"),
        Low = CandlePages.Number(row[3], "low"),
        Close = CandlePages.Number(row[4], "close"),
        Volume = CandlePages.Number(row[5], "volume"),
        QuoteVolume = CandlePages.Number(row[6], "turnover"),
    });
}
