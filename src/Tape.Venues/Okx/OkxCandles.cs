using System.Text.Json;
using Tape.Core.Candles;
using Tape.Venues.Rest;

namespace Tape.Venues.Okx;

/// <summary>
/// One-minute candles of <c>/api/v5/market/history-candles</c> (the venue's public documentation): newest first, <c>after</c> and <c>before</c> exclude their
/// own time, the last item says whether the candle is over. Volumes of swaps are contracts; the coins stand behind them. A minute without a trade has a row
/// with
/// volume 0.
/// </summary>
internal sealed class OkxCandles(Func<JsonElement, JsonElement> list) : IVenueCandles
{
    private const int Items = 9;

    /// <inheritdoc/>
    /// <remarks>300 by today's documentation, 100 by earlier ones.</remarks>
    public int RowsMax => 100;

    /// <inheritdoc/>
    public TimeSpan? Reach => null;

    /// <inheritdoc/>
    public bool OmitsEmptyMinutes => false;

    /// <inheritdoc/>
    public RestRequest Page(string symbol, long fromMs, long toMs) => new("candles", string.Create(CultureInfo.InvariantCulture,
        $"/api/v5/market/history-candles?instId={Uri.EscapeDataString(symbol)}&bar=1m&after={toMs}&before={fromMs - 1}&limit={RowsMax}"), 1);

    /// <inheritdoc/>
    /// <remarks>Of swaps the sixth item counts contracts and the seventh coins; of spot the sixth counts coins and the seventh the quote currency.</remarks>
    public CandleAnswer Read(string symbol, ReadOnlyMemory<byte> body)
    {
        var volume = OkxSymbol.IsSwap(symbol) ? 6 : 5;
        return CandlePages.Read(body, list, row => new Candle
        {
            OpenTimeMs = CandlePages.OpenTime(CandlePages.Item(row, 0, Items)),
            Open = CandlePages.Number(row[1], "open"),
            High = CandlePages.Number(row[2], "high"),
            Low = CandlePages.Number(row[3], "low"),
            Close = CandlePages.Number(row[4], "close"),
            Volume = CandlePages.Number(row[volume], "volume"),
            QuoteVolume = CandlePages.Number(row[7], "the quote volume"),
        });
    }
}
