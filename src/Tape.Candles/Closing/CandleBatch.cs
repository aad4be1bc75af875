using Tape.Core.Candles;

namespace Tape.Candles.Closing;

/// <summary>A candle that derivation closed, and from what.</summary>
/// <param name="Candle">The candle.</param>
/// <param name="FromSeq">The first record of the tape that it was made of.</param>
/// <param name="ToSeq">The last one.</param>
/// <param name="AtSeq">The record that closed it.</param>
public sealed record ClosedCandle(StoredCandle Candle, long FromSeq, long ToSeq, long AtSeq)
{
    /// <summary>A final candle of a minute that was decided before: the store says whether it repeats, restates, or comes too late.</summary>
    public bool IsRepeat { get; init; }
}

/// <summary>A minute that is proven to have had no trade.</summary>
public sealed record EmptyMinute(string Venue, string Symbol, long OpenMs);

/// <summary>What is wrong with a minute.</summary>
public enum FindingKind
{
    /// <summary>A candle or trade that breaks a rule.</summary>
    Reject,

    /// <summary>A minute that was received in part.</summary>
    Partial,

    /// <summary>A candle that was stored, until it turned out that part of its minute was not received.</summary>
    Withdrawn,

    /// <summary>A coarser candle whose time is over and of which minutes are missing: it is in no file until they are there.</summary>
    Incomplete,

    /// <summary>A candle of a key that is stored with other values; both are kept.</summary>
    Restatement,
}

/// <summary>What goes to <c>quality/</c> about a minute.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Rule">Why, a name out of <see cref="CandleRules"/>.</param>
/// <param name="Candle">As far as it is known; prices that nobody gave are NaN.</param>
/// <param name="FromSeq">The first record of the tape behind it; <see cref="Absent.Integer"/> where it is not of the tape.</param>
/// <param name="ToSeq">The last one.</param>
/// <param name="AtSeq">The record at which it was established.</param>
public sealed record CandleFinding(FindingKind Kind, string Rule, StoredCandle Candle, long FromSeq, long ToSeq, long AtSeq)
{
    /// <summary>The candle that stays in the files; null where there is none.</summary>
    public StoredCandle? Shown { get; init; }

    /// <summary>Of an incomplete candle, the minutes that are there or proven empty; else null.</summary>
    public int? MinutesPresent { get; init; }
}

/// <summary>What a range of the tape derived to.</summary>
public sealed class CandleBatch
{
    public List<ClosedCandle> Closed { get; } = [];

    public List<EmptyMinute> Empty { get; } = [];

    /// <summary>Minutes that are no candles, or not proven empty, after all.</summary>
    public List<EmptyMinute> Withdrawn { get; } = [];

    public List<CandleFinding> Findings { get; } = [];
}
