namespace Tape.Core.Candles;

/// <summary>Where a stored candle comes from.</summary>
public enum CandleSource
{
    /// <summary>From frames of a WebSocket: the venue's own candle, or trades.</summary>
    WebSocket,

    /// <summary>From an answer over REST, or imported.</summary>
    Rest,

    /// <summary>Made from minutes.</summary>
    Aggregated,
}

/// <summary>The names of sources in files.</summary>
public static class CandleSources
{
    private static readonly string[] Names = ["websocket", "rest", "aggregated"];

    /// <summary>As the column <c>source</c> has it.</summary>
    public static string Name(this CandleSource source) => Names[(int)source];

    /// <summary>A source by its name; null for any other text.</summary>
    public static CandleSource? Find(string name) => Array.IndexOf(Names, name) is >= 0 and var at ? (CandleSource)at : null;
}
