using Tape.Core.Values;

namespace Tape.Core.Candles;

/// <summary>
/// Which of two candles of one key is shown when they differ; the other one is kept beside. It is an order: whichever came first, the same one is shown.
/// </summary>
/// <param name="PrefersRest">Whether a candle over REST is believed more than a live one, once it is <see cref="RestSettlesMs"/> old; else live ones
/// are.</param>
public sealed record CandlePreference(bool PrefersRest = true)
{
    /// <summary>A candle over REST that was asked for so soon after its close may still change at the venue.</summary>
    public const long RestSettlesMs = 2 * Timeframe.MinuteMs;

    /// <summary>Whether a new candle takes the place of the one that is stored.</summary>
    public bool Replaces(StoredCandle stored, StoredCandle with)
    {
        if (stored.IsClosed != with.IsClosed) return with.IsClosed;
        var (old, next) = (Rank(stored), Rank(with));
        if (old != next) return next > old;
        // Live: the first is what was acted on. Others were asked for, or made, again because more was known.
        return with.Source != CandleSource.WebSocket && with.IngestTimeMs >= stored.IngestTimeMs;
    }

    private int Rank(StoredCandle candle) => candle.Source switch
    {
        CandleSource.Aggregated => 0,
        CandleSource.WebSocket => 2,
        _ when PrefersRest && Saturating.Subtract(candle.IngestTimeMs, candle.CloseTimeMs) >= RestSettlesMs => 3,
        _ => 1,
    };
}
