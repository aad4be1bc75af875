namespace Tape.Core.Candles;

/// <summary>What a column of a day file holds.</summary>
public enum CandleColumnType
{
    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>64-bit integer.</summary>
    Integer,

    /// <summary>64-bit floating point.</summary>
    Number,

    Boolean,
}

/// <summary>A column of day files.</summary>
public sealed record CandleColumn(string Name, CandleColumnType Type);

/// <summary>The sixteen columns of day files, in their order. Users' own programs read them: they never change.</summary>
public static class CandleColumns
{
    public static readonly IReadOnlyList<CandleColumn> All =
    [
        new("venue", CandleColumnType.Text),
        new("symbol", CandleColumnType.Text),
        new("timeframe", CandleColumnType.Text),
        new("open_time_ms", CandleColumnType.Integer),
        new("close_time_ms", CandleColumnType.Integer),
        new("open", CandleColumnType.Number),
        new("high", CandleColumnType.Number),
        new("low", CandleColumnType.Number),
        new("close", CandleColumnType.Number),
        new("volume", CandleColumnType.Number),
        new("quote_volume", CandleColumnType.Number),
        new("vwap", CandleColumnType.Number),
        new("trades_count", CandleColumnType.Integer),
        new("is_closed", CandleColumnType.Boolean),
        new("source", CandleColumnType.Text),
        new("ingest_time_ms", CandleColumnType.Integer),
    ];
}
