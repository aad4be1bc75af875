using Tape.Candles.Files;
using Tape.Core.Candles;
using Tape.Storage.Seals;

namespace Tape.Query.Snapshots;

/// <summary>A half-open range of receive times; an open end is null. It narrows the files before DuckDB sees them, and then the rows.</summary>
public readonly record struct QueryRange(UnixNanos? From, UnixNanos? ToExcl)
{
    /// <summary>Whether a part may hold rows of the range.</summary>
    public bool Touches(SealedFile file) => (From is not { } from || file.ReceivedMax >= from.Value) && (ToExcl is not { } to || file.ReceivedMin < to.Value);

    /// <summary>Whether a stream has frames in the range, as far as first and last frame tell.</summary>
    public bool Touches(StreamStatistics stream) =>
        (From is not { } from || stream.LastReceived is null || stream.LastReceived >= from.Value)
            && (ToExcl is not { } to || stream.FirstReceived is null || stream.FirstReceived < to.Value);

    /// <summary>Whether a span of time meets the range.</summary>
    /// <param name="to">Its end; <see cref="Absent.Integer"/> for none.</param>
    public bool Touches(long from, long to) =>
        (From is not { } rangeFrom || to == Absent.Integer || to >= rangeFrom.Value) && (ToExcl is not { } rangeTo || from < rangeTo.Value);

    /// <summary>Whether a UTC day meets the range.</summary>
    public bool TouchesDay(DateOnly day)
    {
        var from = new CandleDay("", "", Timeframe.Minute, day).StartMs * UnixNanos.PerMillisecond;
        return Touches(from, from + UnixNanos.PerDay - 1);
    }

    /// <summary>Whether a candle that opens then, in milliseconds since the epoch, counts.</summary>
    public bool TouchesMinute(long openMs) => (From is not { } from || (Int128)openMs * UnixNanos.PerMillisecond >= from.Value)
        && (ToExcl is not { } to || (Int128)openMs * UnixNanos.PerMillisecond < to.Value);

    /// <summary>The condition in SQL, without WHERE; empty for the whole time.</summary>
    internal string SqlCondition()
    {
        var conditions = new List<string>(2);
        if (From is { } from) conditions.Add($"ts_recv >= make_timestamp_ns({from.Value})");
        if (ToExcl is { } to) conditions.Add($"ts_recv < make_timestamp_ns({to.Value})");
        return string.Join(" AND ", conditions);
    }
}
