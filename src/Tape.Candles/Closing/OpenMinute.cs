namespace Tape.Candles.Closing;

/// <summary>What became of a minute.</summary>
internal enum MinuteFate
{
    /// <summary>It is not decided yet.</summary>
    Open,

    /// <summary>A candle was made of it.</summary>
    Candle,

    /// <summary>It is proven to have had no trade.</summary>
    Empty,

    /// <summary>It was not received throughout.</summary>
    Gap,
}

/// <summary>A minute of a symbol that may still change, or for which copies may still come. Part of the state of derivation.</summary>
internal sealed class OpenMinute
{
    public required long OpenMs { get; init; }

    public MinuteFate Fate { get; set; }

    /// <summary>The channel that decided it; -1 for none.</summary>
    public int From { get; set; } = -1;

    public List<TradeMinute> Trades { get; init; } = [];

    public VenueMinute? Venue { get; set; }

    public TradeMinute? TradesOf(int channel)
    {
        foreach (var trades in Trades)
            if (trades.Channel == channel) return trades;
        return null;
    }
}
