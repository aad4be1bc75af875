using Tape.Core.Candles;

namespace Tape.Candles.Closing;

/// <summary>The venue's own candle of a minute, as it was last sent. Part of the state of derivation.</summary>
internal sealed class VenueMinute
{
    /// <summary>Place of the channel among those of the symbol.</summary>
    public required int Channel { get; init; }

    public Candle Values { get; set; }

    /// <summary>Whether the venue says that it is final; null where it never says.</summary>
    public bool? IsClosed { get; set; }

    /// <summary>Our receive time of the last update, ns.</summary>
    public long UpdatedAt { get; set; }

    /// <summary>The first record that it came from, and the last.</summary>
    public long FromSeq { get; set; }

    public long ToSeq { get; set; }

    public static Candle Read(in CandleEvent sent) => new()
    {
        OpenTimeMs = sent.OpenTimeMs,
        Open = sent.Open,
        High = sent.High,
        Low = sent.Low,
        Close = sent.Close,
        Volume = sent.Volume,
        QuoteVolume = sent.QuoteVolume,
        Vwap = sent.Vwap,
        TradesCount = sent.TradesCount,
    };
}
