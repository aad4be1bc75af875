using System.Text.Json;
using Tape.Core.Candles;
using Tape.Venues.Rest;

namespace Tape.Venues.Binance;

/// <summary>
/// One-minute candles of <c>/fapi/v1/klines</c> (the venue's public documentation): oldest first, times of opening, both ends included. A minute without a
/// trade
/// has a row with volume 0.
/// </summary>
internal sealed class BinanceCandles : IVenueCandles
{
    private const int Items = 9;

    /// <inheritdoc/>
    /// <remarks>The venue gives 1500; up to 500 cost a weight of 2, the least for a candle.</remarks>
    public int RowsMax => 500;

    /// <inheritdoc/>
    public TimeSpan? Reach => null;

    /// <inheritdoc/>
    public bool OmitsEmptyMinutes => false;

    /// <inheritdoc/>
    public RestRequest Page(string symbol, long fromMs, long toMs) => new("candles", string.Create(CultureInfo.InvariantCulture,
        $"/fapi/v1/klines?symbol={Uri.EscapeDataString(symbol)}&interval=1m&startTime={fromMs}&endTime={toMs - 1}&limit={RowsMax}"), 2);

    /// <inheritdoc/>
    /// <remarks>The body is an array, not an object.</remarks>
    public CandleAnswer Read(string symbol, ReadOnlyMemory<byte> body) => CandlePages.Read(body, json => json, Row, JsonValueKind.Array);

    private static Candle Row(JsonElement row) => new()
    {
        OpenTimeMs = CandlePages.OpenTime(CandlePages.Item(row, 0, Items)),
        Open = CandlePages.Number(row[1], "open"),
        High = CandlePages.Number(row[2], "high"),
        Low = CandlePages.Number(row[3], "low"),
        Close = CandlePages.Number(row[4], "close"),
        Volume = CandlePages.Number(row[5], "volume"),
        QuoteVolume = CandlePages.Number(row[7], "the quote volume"),
        TradesCount = CandlePages.Integer(row[8], "the number of trades"),
    };
}
